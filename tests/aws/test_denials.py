"""AWS's answers as people report them, and what each is taken for."""

from __future__ import annotations

import string

import pytest

from tui_app.denial_words import UNTOLD, WORDS
from tui_app.denials import FAMILIES, MATCHES, explain

ROLE = "arn:aws:iam::111122223333:role/cross-account/Dev"
WHO = "User: arn:aws:iam::444455556666:user/DevUser is not authorized to perform: sts:AssumeRole on resource: " + ROLE

ANSWERS = [
    ("AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code. ", "wrong_code"),
    (
        "AccessDenied",
        "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid.",
        "wrong_device",
    ),
    ("AccessDenied", "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.", "half_code"),
    ("AccessDenied", WHO, "assume_role"),
    ("AccessDenied", WHO + " because no identity-based policy allows the sts:AssumeRole action", "no_identity_policy"),
    ("AccessDenied", WHO + " because no role trust policy allows the sts:AssumeRole action", "no_trust"),
    ("AccessDenied", WHO + " because no resource-based policy allows the sts:AssumeRole action", "no_resource_policy"),
    ("AccessDenied", WHO + " because no permissions boundary allows the sts:AssumeRole action", "no_boundary"),
    ("AccessDenied", WHO + " because no session policy allows the sts:AssumeRole action", "no_session_policy"),
    ("AccessDenied", WHO + " because no VPC endpoint policy allows the sts:AssumeRole action", "no_vpce"),
    ("AccessDenied", WHO + " because no service control policy allows the sts:AssumeRole action", "no_scp"),
    ("AccessDenied", WHO + " with an explicit deny in an identity-based policy: arn:aws:iam::1:policy/x", "deny_identity"),
    ("AccessDenied", WHO + " with an explicit deny in a service control policy", "deny_scp"),
    ("AccessDenied", WHO + " with an explicit deny in a resource control policy", "deny_rcp"),
    ("AccessDenied", WHO + " with an explicit deny in a permissions boundary", "deny_boundary"),
    ("AccessDenied", WHO + " with an explicit deny in a session policy", "deny_session_policy"),
    ("AccessDenied", WHO + " with an explicit deny in a VPC endpoint policy", "deny_vpce"),
    ("AccessDenied", WHO + " with an explicit deny in the role trust policy", "deny_trust"),
    ("AccessDenied", WHO + " with an explicit deny in a resource-based policy", "deny_resource"),
    ("AccessDenied", WHO + " with an explicit deny", "deny"),
    ("AccessDenied", WHO.replace("AssumeRole", "TagSession"), "tag_session"),
    ("AccessDenied", WHO.replace("AssumeRole", "SetSourceIdentity"), "source_identity"),
    ("AccessDenied", "Roles may not be assumed by root accounts.", "root_caller"),
    ("AccessDenied", "Cannot call GetSessionToken with session credentials", "session_credentials"),
    ("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity", "web_identity"),
    ("AccessDenied", "Access denied", "denied"),
    ("AccessDeniedException", "User: arn:a is not authorized to perform: dynamodb:ListTables on resource: *", "not_authorized"),
    ("UnauthorizedOperation", "You are not authorized to perform this operation.", "denied"),
    ("ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.", "over_maximum"),
    ("ValidationError", "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.", "over_chain"),
    ("ValidationError", "1 validation error detected: Value 'x' at 'roleSessionName' failed to satisfy constraint", "bad_value"),
    ("PackedPolicyTooLarge", "Packed size of session tags consumes 112% of allotted space.", "packed"),
    ("MalformedPolicyDocument", "Unexpected character", "bad_policy"),
    ("RegionDisabledException", "STS is not activated in this region for account:123456789012.", "region_disabled"),
    ("InvalidClientTokenId", "The security token included in the request is invalid", "unknown_key"),
    ("UnrecognizedClientException", "The security token included in the request is invalid.", "unknown_key"),
    ("InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.", "unknown_key"),
    ("AuthFailure", "AWS was not able to validate the provided access credentials", "unknown_key"),
    ("InvalidToken", "The provided token is malformed or otherwise invalid.", "bad_token"),
    ("ExpiredToken", "The security token included in the request is expired", "expired"),
    (
        "SignatureDoesNotMatch",
        "Signature expired: 20220127T001427Z is now earlier than 20220127T014428Z (20220127T015928Z - 15 min.)",
        "clock_behind",
    ),
    (
        "SignatureDoesNotMatch",
        "Signature not yet current: 20220127T020000Z is still later than 20220127T014428Z (20220127T012928Z + 15 min.)",
        "clock_ahead",
    ),
    ("SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided.", "wrong_secret"),
    ("SignatureDoesNotMatch", "Credential should be scoped to a valid Region, not 'eu-west-1'.", "wrong_scope"),
    ("RequestTimeTooSkewed", "The difference between the request time and the current time is too large.", "clock"),
    ("MissingAuthenticationToken", "Request is missing Authentication Token", "unsigned"),
    ("OptInRequired", "You are not subscribed to this service.", "opt_in"),
    ("Throttling", "Rate exceeded", "throttled"),
    ("ForbiddenException", "No access", "sso_forbidden", "sso:GetRoleCredentials"),
    ("UnauthorizedException", "Session token not found or invalid", "sso_signed_out", "sso:ListAccounts"),
    ("ForbiddenException", "Forbidden", "denied", "apigateway:GetRestApis"),
    ("IDPCommunicationError", "", "provider_unreachable"),
    ("InvalidAuthorizationMessageException", "", "bad_message"),
    ("NoSuchEntity", "The role with name x cannot be found.", "not_found"),
    ("SomethingNew", "whatever", "unknown"),
]


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: f"{answer[2]}: {answer[1][:40]}")
def test_what_an_answer_means(answer):
    code, message, kind, *asked = answer
    denial = explain(code, message, action=asked[0] if asked else "sts:AssumeRole", resource=ROLE)

    assert denial.kind == kind
    assert denial.sentence.endswith(".")
    assert denial.next_step.endswith(".")
    assert "{" not in denial.sentence + denial.next_step


def test_every_row_is_reached_by_an_answer_or_is_a_variant_of_one():
    reached = {kind for _, _, kind, *_ in ANSWERS}

    assert {match.kind for match in MATCHES} - reached <= {"web_token_expired", "suspended", "broken", "bad_web_token", "proxy"}
    assert {match.kind for match in MATCHES} | {"unknown"} == set(WORDS)
    assert set(FAMILIES) <= set(WORDS)
    assert len(MATCHES) >= 40


def test_the_clock_is_told_in_minutes():
    behind = explain(
        "SignatureDoesNotMatch", "Signature expired: 20220127T001427Z is now earlier than 20220127T014428Z (20220127T015928Z - 15 min.)"
    )

    assert behind.sentence == "This machine's clock is 105 min behind AWS."


def test_who_and_what_are_read_from_the_text_and_cleaned():
    denial = explain("AccessDenied", WHO.replace("DevUser", "Dev\x1bUser"))

    assert denial.who == "arn:aws:iam::444455556666:user/Dev␛User"
    assert denial.action == "sts:AssumeRole"
    assert denial.resource == ROLE
    assert "\x1b" not in denial.sentence + denial.aws_message


def test_sentences_follow_the_style_of_words():
    for kind, words in WORDS.items():
        text = " ".join(words)
        assert "!" not in text, kind
        assert not {"please", "oops", "error:"} & set(text.lower().split()), kind
        assert {field for _, field, _, _ in string.Formatter().parse(text) if field} <= set(UNTOLD), kind
