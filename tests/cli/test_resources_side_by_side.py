"""Several roles side by side on the command line: on a narrow terminal too each figure and row says whose it is."""

from __future__ import annotations

import csv
import io
import json

import pytest

from tui_app.cli.main import dispatch

READERS = ("staging-readonly", "contractor-staging")
MANY = (*READERS, "sandbox/ReadOnly", "payments-live/BillingReadOnly", "production/CrossAccountDeveloperRole", "audit/ReadOnly")


@pytest.fixture
def roledeck(environ, capsys):
    def run(*words: str) -> tuple[int, str, str]:
        code = dispatch(["resources", *words], dict(environ))
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


@pytest.fixture
def narrow(monkeypatch):
    monkeypatch.setattr("tui_app.cli.resources_printed.terminal_width", lambda: 80)


def test_no_two_columns_of_a_row_csv_have_one_name(roledeck):
    _, out, _ = roledeck("sandbox/ReadOnly", "--view", "s3-buckets", "--csv")
    head = next(csv.reader(io.StringIO(out)))
    assert len(set(head)) == len(head)
    row = next(csv.DictReader(io.StringIO(out)))
    assert (row["Region"], row["Own region"]) == ("global", "eu-west-1")


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ((), ("staging/ReadOnly", "ContractorRole", "sandbox", "payments-live", "production", "audit")),
        (("--view", "log-groups"), ("sand", "paym", "prod", "audit")),
    ],
)
def test_on_a_narrow_terminal_no_line_is_broken_and_everybody_is_named(narrow, roledeck, words, names):
    _, out, _ = roledeck(*MANY, *words)
    table = out.split("Answered to")[0]
    assert max(map(len, table.splitlines())) <= 80
    for name in names:
        assert name in table


def test_roles_side_by_side_are_looked_at_in_the_same_regions(roledeck):
    """Else a row of a region where only one was asked would read as a difference."""
    _, out, _ = roledeck("staging-readonly", "production/CrossAccountDeveloperRole", "--view", "vpcs", "--json")
    regions = [[view["region"] for view in one["views"]] for one in json.loads(out)]
    assert regions[0] == regions[1]
    assert set(regions[0]) == {"eu-west-1", "us-east-1"}


def test_the_sheet_says_of_which_regions_its_figures_are(roledeck):
    _, out, _ = roledeck("staging-readonly", "production/CrossAccountDeveloperRole")
    assert "Regional figures are of eu-west-1 / us-east-1." in out


def test_a_denial_in_every_region_is_said_once(roledeck):
    _, out, _ = roledeck("development/S3Developer", "production/CrossAccountDeveloperRole")
    line = next(line for line in out.splitlines() if line.startswith("Secrets"))
    assert line.count("denied") == 2


def test_a_denial_in_one_region_says_which(roledeck):
    _, out, _ = roledeck("staging-readonly", "sandbox/ReadOnly", "--view", "sqs-queues", "--region", "eu-west-1", "--region", "eu-west-2")
    line = next(line for line in out.splitlines() if "denied" in line)
    assert line.startswith("staging/ReadOnly  eu-west-2  ⊘ denied  sqs:ListQueues  explicit deny in a service control policy")


def test_two_profiles_of_one_role_are_told_apart_by_their_names(roledeck, environ):
    with open(environ["AWS_CONFIG_FILE"], "a", encoding="utf-8") as file:
        file.write(
            "\n[profile staging-again]\nrole_arn = arn:aws:iam::555566667777:role/ReadOnly\nsource_profile = dev\n"
            "role_session_name = second\nregion = eu-west-1\n"
        )
    _, out, _ = roledeck("staging-readonly", "staging-again", "--view", "sqs-queues")
    assert "all" in out
    _, out, _ = roledeck("staging-readonly", "staging-again")
    assert "staging-readonly" in out.splitlines()[0]
    assert "staging-again" in out.splitlines()[0]


def test_a_service_given_as_a_view_is_told_how_to_ask(roledeck):
    code, _, err = roledeck("sandbox/ReadOnly", "--view", "s3")
    assert code == 2
    assert "--service s3" in err
