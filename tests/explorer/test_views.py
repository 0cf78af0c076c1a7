from __future__ import annotations

import string

import pytest

from tui_app.aws.door import AwsDoor
from tui_app.catalog.view_limits import operation as complaint
from tui_app.explorer import expressions
from tui_app.explorer.expressions import fill_in, look_up
from tui_app.explorer.view import PAGE, View
from tui_app.explorer.views import FIRST_SIGHT, SUB_VIEWS, VIEWS, known_words, sub_views, views_called
from tui_app.handover.deep_link_pages import SERVICES

EVERY = (*VIEWS, *SUB_VIEWS)
WITHOUT_MEMBERS = {
    "account-summary": {"SummaryMap": dict.fromkeys(("Users", "Groups", "Roles", "Policies", "MFADevicesInUse", "AccountMFAEnabled"), 1)},
    "queue-attributes": {
        "Attributes": {
            "QueueArn": "arn:aws:sqs:eu-west-1:111122223333:q",
            **dict.fromkeys(("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"), "1"),
            **dict.fromkeys(("ApproximateNumberOfMessagesDelayed", "MessageRetentionPeriod"), "1"),
            "FifoQueue": "true",
        }
    },
}
"""Answers whose members the model does not name."""


@pytest.fixture(scope="module")
def models():
    import botocore.session

    return botocore.session.get_session()


def test_names_are_unique_and_typeable():
    names = [view.name for view in EVERY]
    assert len(set(names)) == len(names) >= 60
    assert 20 <= len(FIRST_SIGHT) <= 30
    assert len(VIEWS) >= 35
    assert all(set(name) <= set(string.ascii_lowercase + string.digits + "-") for name in names)


@pytest.mark.parametrize("view", EVERY, ids=lambda view: view.name)
def test_each_view_fits_botocores_model_of_its_call(view: View, models):
    operation = models.get_service_model(view.service).operation_model(view.operation)
    members = operation.input_shape.members if operation.input_shape else {}
    assert set(view.parameters) <= set(members)
    for name, value in view.parameters.items():
        shape = members[name]
        if shape.type_name == "integer":
            assert shape.metadata.get("min", 0) <= value <= shape.metadata.get("max", 10 * PAGE)
    assert not view.more or view.more.partition(".")[0] in operation.output_shape.members
    top = next(iter(word for word in _words(view.rows) if word in operation.output_shape.members), None)
    assert top, f"{view.rows} names no member of the answer"


@pytest.mark.parametrize("view", EVERY, ids=lambda view: view.name)
def test_each_column_is_a_member_of_the_row_that_aws_sends(view: View, models):
    sample = _sample(models.get_service_model(view.service).operation_model(view.operation).output_shape)
    sample = WITHOUT_MEMBERS.get(view.name, sample)
    rows = look_up(view.rows, sample)
    assert rows
    if view.describe:
        described = models.get_service_model(view.service).operation_model(view.describe.operation).output_shape
        rows = [{**row, **more} for row in rows for more in look_up(view.describe.rows, _sample(described))]
    rows = [{**row, "asked": dict.fromkeys(("Bucket", "cluster", "logGroupName"), "text")} for row in rows]
    places = {"partition": "aws", "region": "eu-west-1", "account": "111122223333"}
    found = {
        column.title: next((value for row in rows if (value := look_up(column.path, row)) is not None), None) for column in view.columns
    }
    tagged = {"Name"} if "Tags" in view.columns[0].path else set()
    assert [title for title, value in found.items() if value is None and title not in tagged] == []
    assert any(look_up(view.id, row) for row in rows)
    assert not view.arn or any(fill_in(view.arn, row, places) for row in rows)


@pytest.mark.parametrize("view", EVERY, ids=lambda view: view.name)
def test_no_view_reads_a_secret_or_an_api_that_costs(view: View):
    assert complaint(view.operation) == ""
    assert not view.action.startswith("ce:")
    assert not (view.charged and view in VIEWS), "what is charged is never asked unasked"


def test_a_word_finds_a_view_by_name_service_prefix_or_plural():
    assert [view.name for view in views_called("s3")] == ["s3-buckets"]
    assert [view.name for view in views_called("S3-Buckets")] == ["s3-buckets"]
    assert {view.name for view in views_called("ec2")} >= {"ec2-instances", "vpcs", "security-groups", "volumes"}
    assert {view.name for view in views_called("clusters")} >= {"ecs-clusters", "eks-clusters"}
    assert [view.name for view in views_called("elasticloadbalancing")] == ["load-balancers", "target-groups", "classic-load-balancers"]
    assert views_called("nothing-like-it") == ()
    assert all(views_called(word) for word in known_words())


def test_an_arn_with_a_missing_part_is_empty_not_wrong():
    template = "arn:{partition}:sqs:{region}:{account}:{tail(Url)}"
    places = {"partition": "aws-cn", "region": "cn-north-1", "account": "111122223333"}
    assert fill_in(template, {"Url": "https://q/111122223333/jobs"}, places) == "arn:aws-cn:sqs:cn-north-1:111122223333:jobs"
    assert fill_in(template, {}, places) == ""


def test_an_arn_may_be_an_expression_with_colons_and_braces():
    assert fill_in("{join(':', ['arn', Name])}", {"Name": "x{y}"}, {}) == "arn:x{y}"
    assert fill_in("{{a: Name}.a}", {"Name": "x"}, {}) == "x"
    (subscriptions,) = views_called("subscriptions")
    assert fill_in(subscriptions.arn, {"SubscriptionArn": "PendingConfirmation"}, {}) == ""


@pytest.mark.parametrize("name", ["/golden/ami", "plain"])
def test_a_parameters_arn_has_one_slash(name):
    (parameters,) = views_called("ssm-parameters")
    places = {"partition": "aws", "region": "eu-west-1", "account": "111122223333"}
    assert fill_in(parameters.arn, {"Name": name}, places) == f"arn:aws:ssm:eu-west-1:111122223333:parameter/{name.strip('/')}"


def test_every_service_is_offered_where_it_is_so_that_no_network_is_not_taken_for_no_service():
    door = AwsDoor()
    assert [view.name for view in EVERY if not door.offers(view.service, "eu-west-1")] == []
    assert not door.offers("apprunner", "mx-central-1")


def test_expressions_are_compiled_once():
    expressions._compiled.cache_clear()
    look_up("A.B", {"A": {"B": 1}})
    assert look_up("A.B", {"A": {"B": 2}}) == 2
    assert expressions._compiled.cache_info().misses == 1


@pytest.mark.parametrize("view", EVERY, ids=lambda view: view.name)
def test_each_view_knows_the_page_of_the_console_that_lists_it(view: View):
    assert view.console in SERVICES


@pytest.mark.parametrize("view", [view for view in EVERY if view.more], ids=lambda view: view.name)
def test_where_there_is_more_the_next_page_can_be_asked_for(view: View, models):
    paging = view.paging or AwsDoor().paging(view.service, view.operation)
    assert paging is not None
    operation = models.get_service_model(view.service).operation_model(view.operation)
    assert set(paging.asked) <= set(operation.input_shape.members)
    sample = _sample(operation.output_shape)
    assert any(look_up(path, sample) is not None for path in paging.answered)


@pytest.mark.parametrize("view", SUB_VIEWS, ids=lambda view: view.name)
def test_a_sub_view_is_opened_at_what_its_parents_show(view: View, models):
    named = {known.name: known for known in EVERY}
    members = models.get_service_model(view.service).operation_model(view.operation).input_shape.members
    for parent in view.parents:
        assert set(parent.parameters) <= set(members)
        assert view in sub_views(named[parent.view])
        above = models.get_service_model(named[parent.view].service).operation_model(named[parent.view].operation)
        row = {
            **look_up(named[parent.view].rows, _sample(above.output_shape))[0],
            "asked": {"Bucket": "b", "cluster": "c", "logGroupName": "l"},
        }
        assert all(look_up(path, row) for path in parent.parameters.values())


def test_a_page_tells_what_it_costs():
    (services,) = (view for view in SUB_VIEWS if view.name == "ecs-services")
    assert (services.page, services.calls, services.cost) == (100, 11, "up to 11 calls")
    assert {view.cost for view in FIRST_SIGHT} == {"1 call"}


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
    text = "arn:aws:x" if shape.name.casefold().endswith("arn") else "text"
    return {"integer": 1, "long": 1, "boolean": True, "double": 1.0, "float": 1.0}.get(shape.type_name, text)


@pytest.mark.parametrize("view", EVERY, ids=lambda view: view.name)
@pytest.mark.parametrize("wrong", [3, "<html>", [[]], {"a": {}}, [None], [3]], ids=repr)
def test_an_answer_of_the_wrong_shape_never_breaks_a_view(view: View, wrong, models):
    from tui_app.explorer.results import ViewResult, of_rows, rows_in
    from tui_app.model import Identity

    identity = Identity("111122223333", "arn:aws:sts::111122223333:assumed-role/R/me", "AROA:me", 0.0)
    members = models.get_service_model(view.service).operation_model(view.operation).output_shape.members
    result = of_rows(ViewResult(view, "eu-west-1", identity, 0.0), rows_in(view, dict.fromkeys(members, wrong)), more=False)
    assert all(isinstance(cell, str) for row in result.rows for cell in row)
