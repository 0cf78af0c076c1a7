"""ListAccounts of Organizations over real HTTP."""

from __future__ import annotations

import pytest

from tui_app.discovery.organization import list_organization
from tui_app.embedded_aws.world.accounts import ACCOUNTS, MANAGEMENT
from tui_app.errors import Cancelled, Refused
from tui_app.model import AccessKey, Identity
from tui_app.secret import Secret

REGION = "eu-west-1"


@pytest.fixture
def manager(aws):
    """Keys of a user of the management account."""
    iam = aws.seed(MANAGEMENT)("iam")
    name = f"manager-{len(aws.calls())}"
    iam.create_user(UserName=name)
    iam.attach_user_policy(UserName=name, PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")
    made = iam.create_access_key(UserName=name)["AccessKey"]
    return AccessKey(made["AccessKeyId"], Secret(made["SecretAccessKey"]))


class Said:
    """A door with answers of its own."""

    def __init__(self, *pages):
        self.pages = list(pages)

    def caller_identity(self, key, region=None):
        return Identity(MANAGEMENT, f"arn:aws:iam::{MANAGEMENT}:user/x", "AIDA", 0.0)

    def call(self, service, operation, **rest):
        if service == "iam":
            raise Refused("No.")
        return self.pages.pop(0)


KEY = AccessKey("AKIA", Secret("x"))


def test_the_management_account_lists_all_and_knows_its_own_alias(door, manager):
    heard = []
    found = list_organization(door, manager, REGION, lambda done, total: heard.append((done, total)))
    assert {member.id for member in found.members} == {account.id for account in ACCOUNTS}
    assert {member.state for member in found.members} == {"ACTIVE"}
    assert [member.alias for member in found.members if member.id == MANAGEMENT] == [ACCOUNTS[0].alias]
    assert heard[-1] == (12, 12)


def test_a_member_account_is_refused(aws, door):
    with pytest.raises(Refused) as caught:
        list_organization(door, AccessKey(aws.key()[0], Secret(aws.key()[1])), REGION)
    assert caught.value.message == "arn:aws:iam::444455556666:user/DevUser may not list the organization's accounts."
    assert "organizations:ListAccounts" in caught.value.next_step
    assert caught.value.aws_message


def test_an_account_of_no_organization_is_told_so():
    class Alone(Said):
        def call(self, service, operation, **rest):
            raise Refused("No.", code="AWSOrganizationsNotInUseException")

    with pytest.raises(Refused, match=f"Account {MANAGEMENT} is in no organization"):
        list_organization(Alone(), KEY, REGION)


def test_pages_and_old_and_new_words_for_the_state():
    old = {"Accounts": [{"Id": "1" * 12, "Name": "a", "Status": "SUSPENDED"}], "NextToken": "n"}
    new = {"Accounts": [{"Id": "2" * 12, "Name": "b", "State": "CLOSED", "Status": "ACTIVE"}, {"Id": "3" * 12}, "x"]}
    found = list_organization(Said(old, new), KEY, REGION)
    assert [(member.id[0], member.name, member.state) for member in found.members] == [
        ("1", "a", "SUSPENDED"),
        ("2", "b", "CLOSED"),
        ("3", "", "ACTIVE"),
    ]


def test_throttling_is_waited_for_and_may_be_cancelled(aws, door, manager):
    aws.fault("throttle", "organizations:ListAccounts", times=60)
    with pytest.raises(Cancelled):
        list_organization(door, manager, REGION, cancelled=lambda: len(aws.calls("organizations:ListAccounts")) > 0)
