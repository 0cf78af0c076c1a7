from __future__ import annotations

import pytest

from tui_app.errors import OutOfReach, Refused, RoledeckError, SessionExpired
from tui_app.explorer.refusals import STATES, denied_by, explain

WHO = "User: arn:aws:sts::111122223333:assumed-role/R/me is not authorized to perform: s3:ListAllMyBuckets"


@pytest.mark.parametrize(
    ("code", "region", "cause"),
    [
        ("AccessDenied", "eu-west-1", "denied"),
        ("AccessDeniedException", "eu-west-1", "denied"),
        ("UnauthorizedOperation", "eu-west-1", "denied"),
        ("ExpiredToken", "eu-west-1", "expired"),
        ("ExpiredTokenException", "eu-west-1", "expired"),
        ("InvalidClientTokenId", "eu-west-1", "expired"),
        ("InvalidClientTokenId", "", "expired"),
        ("UnrecognizedClientException", "af-south-1", "region_off"),
        ("AuthFailure", "me-south-1", "region_off"),
        ("AuthFailure", "us-east-2", "expired"),
        ("InvalidAccessKeyId", "", "expired"),
        ("InvalidToken", "af-south-1", "region_off"),
        ("NotSignedUp", "", "not_subscribed"),
        ("ThrottlingException", "eu-west-1", "throttled"),
        ("RequestLimitExceeded", "eu-west-1", "throttled"),
        ("OptInRequired", "eu-west-1", "not_subscribed"),
        ("AWSOrganizationsNotInUseException", "", "not_in_use"),
        ("ValidationException", "eu-west-1", "failed"),
    ],
)
def test_the_kinds_of_no_are_told_apart_by_code(code, region, cause):
    refusal = explain(Refused("AWS said no.", code=code, aws_message="words", request_id="r-1"), "s3:ListAllMyBuckets", region)
    assert (refusal.cause, refusal.aws_message, refusal.request_id) == (cause, "words", "r-1")
    assert refusal.sentence.endswith(".")


def test_an_expired_session_in_a_region_that_is_off_is_a_region_that_is_off():
    failure = SessionExpired("The session has ended.", code="UnrecognizedClientException")
    assert explain(failure, "sqs:ListQueues", "af-south-1").cause == "region_off"
    assert explain(failure, "sqs:ListQueues", "eu-west-1").cause == "expired"


def test_a_text_that_speaks_of_403_is_no_denial():
    assert explain(Refused("403 Forbidden AccessDenied", code="403"), "s3:ListAllMyBuckets", "").cause == "failed"


def test_no_network_and_other_failures_keep_their_sentence_and_next_step():
    out = explain(OutOfReach("AWS did not answer.", "Check the network."), "s3:ListAllMyBuckets", "eu-west-1")
    assert (out.cause, out.sentence) == ("out_of_reach", "AWS did not answer. Check the network.")
    slow = explain(OutOfReach("Too many requests.", cause="throttled"), "sqs:ListQueues", "eu-west-1")
    assert slow.cause == "throttled"
    assert explain(RoledeckError("No region."), "s3:ListAllMyBuckets", "").cause == "failed"


@pytest.mark.parametrize(
    ("ending", "who"),
    [
        ("with an explicit deny in a service control policy", "explicit deny in a service control policy of the organization"),
        ("with an explicit deny in an identity-based policy", "explicit deny in the role's own policies"),
        ("with an explicit deny", "explicit deny"),
        ("because no identity-based policy allows the s3:ListAllMyBuckets action", "not allowed by the role's own policies"),
        ("because no permissions boundary allows the s3:ListAllMyBuckets action", "not allowed by the role's permissions boundary"),
        ("", ""),
    ],
)
def test_who_denied_it_is_read_from_aws_sentence(ending, who):
    assert denied_by(f"{WHO} {ending}") == who


def test_a_view_is_never_in_a_state_that_the_json_answer_does_not_know():
    assert set(STATES.values()) == {"ok", "denied", "error", "off"}
