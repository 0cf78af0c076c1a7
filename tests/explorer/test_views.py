from __future__ import annotations

import string

import pytest

from tui_app.explorer import view as view_module
from tui_app.explorer.view import PAGE, View, fill_in, look_up
from tui_app.explorer.views import VIEWS, known_words, views_called

NEVER = {"GetSecretValue", "BatchGetSecretValue", "GetParameter", "GetParameters", "GetParametersByPath", "GetCostAndUsage"}


@pytest.fixture(scope="module")
def models():
    import botocore.session

    return botocore.session.get_session()


def test_names_are_unique_and_typeable():
    names = [view.name for view in VIEWS]
    assert len(set(names)) == len(names) >= 22
    assert all(set(name) <= set(string.ascii_lowercase + string.digits + "-") for name in names)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_each_view_fits_botocores_model_of_its_call(view: View, models):
    operation = models.get_service_model(view.service).operation_model(view.operation)
    members = operation.input_shape.members if operation.input_shape else {}
    assert set(view.parameters) <= set(members)
    for name, value in view.parameters.items():
        shape = members[name]
        if shape.type_name == "integer":
            assert shape.metadata.get("min", 0) <= value <= shape.metadata.get("max", PAGE)
    assert not view.more or view.more in operation.output_shape.members
    top = next(iter(word for word in _words(view.rows) if word in operation.output_shape.members), None)
    assert top, f"{view.rows} names no member of the answer"


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_each_column_is_a_member_of_the_row_that_aws_sends(view: View, models):
    sample = _sample(models.get_service_model(view.service).operation_model(view.operation).output_shape)
    if view.name == "account-summary":
        sample = {"SummaryMap": dict.fromkeys(("Users", "Groups", "Roles", "Policies", "MFADevicesInUse", "AccountMFAEnabled"), 1)}
    rows = look_up(view.rows, sample)
    assert rows
    places = {"partition": "aws", "region": "eu-west-1", "account": "111122223333"}
    found = {
        column.title: next((value for row in rows if (value := look_up(column.path, row)) is not None), None) for column in view.columns
    }
    tagged = {"Name"} if "Tags" in view.columns[0].path else set()
    assert [title for title, value in found.items() if value is None and title not in tagged] == []
    assert any(look_up(view.id, row) for row in rows)
    assert not view.arn or any(fill_in(view.arn, row, places) for row in rows)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_no_view_reads_a_secret_or_an_api_that_costs(view: View):
    assert view.operation not in NEVER
    assert view.action.partition(":")[2] not in NEVER
    assert not view.action.startswith("ce:")


def test_a_word_finds_a_view_by_name_service_prefix_or_plural():
    assert [view.name for view in views_called("s3")] == ["s3-buckets"]
    assert [view.name for view in views_called("S3-Buckets")] == ["s3-buckets"]
    assert {view.name for view in views_called("ec2")} == {"ec2-instances", "vpcs", "security-groups"}
    assert {view.name for view in views_called("clusters")} == {"ecs-clusters", "eks-clusters"}
    assert [view.name for view in views_called("elasticloadbalancing")] == ["load-balancers"]
    assert views_called("nothing-like-it") == ()
    assert all(views_called(word) for word in known_words())


def test_an_arn_with_a_missing_part_is_empty_not_wrong():
    template = "arn:{partition}:sqs:{region}:{account}:{tail(Url)}"
    places = {"partition": "aws-cn", "region": "cn-north-1", "account": "111122223333"}
    assert fill_in(template, {"Url": "https://q/111122223333/jobs"}, places) == "arn:aws-cn:sqs:cn-north-1:111122223333:jobs"
    assert fill_in(template, {}, places) == ""


def test_expressions_are_compiled_once():
    view_module._compiled.cache_clear()
    look_up("A.B", {"A": {"B": 1}})
    assert look_up("A.B", {"A": {"B": 2}}) == 2
    assert view_module._compiled.cache_info().misses == 1


def _words(expression: str) -> list[str]:
    return "".join(character if character.isalnum() else " " for character in expression).split()


def _sample(shape, depth: int = 0):
    """An answer of that shape with one of everything."""
    if shape.type_name == "structure":
        return {name: _sample(member, depth + 1) for name, member in shape.members.items()} if depth < 6 else {}
    if shape.type_name == "list":
        return [_sample(shape.member, depth + 1)]
    if shape.type_name == "map":
        return {}
    return {"integer": 1, "long": 1, "boolean": True, "double": 1.0, "float": 1.0}.get(shape.type_name, "text")


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
@pytest.mark.parametrize("wrong", [3, "<html>", [[]], {"a": {}}, [None], [3]], ids=repr)
def test_an_answer_of_the_wrong_shape_never_breaks_a_view(view: View, wrong, models):
    from tui_app.explorer.fetch import answered
    from tui_app.model import Identity

    identity = Identity("111122223333", "arn:aws:sts::111122223333:assumed-role/R/me", "AROA:me", 0.0)
    members = models.get_service_model(view.service).operation_model(view.operation).output_shape.members
    result = answered(view, "eu-west-1", identity, 0.0, dict.fromkeys(members, wrong))
    assert all(isinstance(cell, str) for row in result.rows for cell in row)
