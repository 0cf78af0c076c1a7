"""What AWS's refusals mean: a table of answers, matched on the code and a part of the text, never on the whole text.

Sources: the IAM user guide (troubleshoot_roles, troubleshoot_access-denied, signature-v4-troubleshooting), botocore's STS
model, and the texts that people report for them. The policy kind that a message names can mislead across accounts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from tui_app.denial_words import UNTOLD, WORDS
from tui_app.text import clean
from tui_app.values import frozen

Family = Literal["refused", "expired", "reach"]
"""What an answer means for the caller: a refusal, credentials that have run out, or AWS not able to answer."""

DENIED = ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError", "AuthorizationErrorException")
UNKNOWN_KEY = ("InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId", "AuthFailure")
EXPIRED = ("ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired")
SKEWED = ("SignatureDoesNotMatch", "InvalidSignatureException", "AuthFailure")
TOO_OLD = ("RequestExpired", "RequestTimeTooSkewed")
THROTTLED = ("Throttling", "ThrottlingException", "ThrottledException", "RequestLimitExceeded", "TooManyRequestsException", "SlowDown")
BROKEN = (
    "InternalFailure",
    "InternalError",
    "InternalServerError",
    "ServiceUnavailable",
    "ServiceUnavailableException",
    "500",
    "502",
    "503",
    "504",
)
PACKED = ("PackedPolicyTooLarge", "PackedPolicyTooLargeException")
MALFORMED = ("MalformedPolicyDocument", "MalformedPolicyDocumentException")


@frozen
class Match:
    """One answer of AWS: any of `codes` (none: any code) with all of `contains` in the text, to an action that begins with `asked`."""

    kind: str
    codes: tuple[str, ...]
    contains: tuple[str, ...] = ()
    asked: str = ""

    def fits(self, code: str, message: str, action: str) -> bool:
        """Whether an answer is this one."""
        return (not self.codes or code in self.codes) and all(part in message for part in self.contains) and action.startswith(self.asked)


@frozen
class Denial:
    """What a refusal means: its kind, one sentence, what to do, and AWS's own words, cleaned."""

    kind: str
    sentence: str
    next_step: str
    family: Family
    aws_message: str
    who: str = ""
    action: str = ""
    resource: str = ""


MATCHES: tuple[Match, ...] = (
    Match("wrong_code", DENIED, ("invalid MFA one time pass code",)),
    Match("wrong_device", DENIED, ("unable to validate MFA code",)),
    Match("half_code", DENIED, ("must provide both MFA serial number and one time pass code",)),
    Match("tag_session", DENIED, ("sts:TagSession",)),
    Match("source_identity", DENIED, ("sts:SetSourceIdentity",)),
    Match("root_caller", DENIED, ("Roles may not be assumed by root accounts",)),
    Match("session_credentials", DENIED, ("with session credentials",)),
    Match("web_identity", DENIED, ("sts:AssumeRoleWithWebIdentity",)),
    Match("deny_scp", DENIED, ("explicit deny", "service control policy")),
    Match("deny_rcp", DENIED, ("explicit deny", "resource control policy")),
    Match("deny_boundary", DENIED, ("explicit deny", "permissions boundary")),
    Match("deny_session_policy", DENIED, ("explicit deny", "session policy")),
    Match("deny_vpce", DENIED, ("explicit deny", "VPC endpoint policy")),
    Match("deny_trust", DENIED, ("explicit deny", "trust policy")),
    Match("deny_resource", DENIED, ("explicit deny", "resource-based policy")),
    Match("deny_identity", DENIED, ("explicit deny", "identity-based policy")),
    Match("deny", DENIED, ("explicit deny",)),
    Match("no_identity_policy", DENIED, ("because no identity-based policy",)),
    Match("no_trust", DENIED, ("because no role trust policy",)),
    Match("no_resource_policy", DENIED, ("because no resource-based policy",)),
    Match("no_boundary", DENIED, ("because no permissions boundary",)),
    Match("no_session_policy", DENIED, ("because no session policy",)),
    Match("no_vpce", DENIED, ("because no VPC endpoint policy",)),
    Match("no_scp", DENIED, ("because no service control policy",)),
    Match("assume_role", DENIED, ("is not authorized to perform: sts:AssumeRole",)),
    Match("not_authorized", DENIED, ("is not authorized to perform",)),
    Match("denied", (*DENIED, "Forbidden", "403")),
    Match("over_maximum", (), ("DurationSeconds exceeds the MaxSessionDuration",)),
    Match("over_chain", (), ("exceeds the 1 hour session limit",)),
    Match("bad_value", ("ValidationError", "ValidationException", "InvalidParameterValue")),
    Match("packed", PACKED),
    Match("bad_policy", MALFORMED),
    Match("region_disabled", ("RegionDisabledException",)),
    Match("clock_behind", SKEWED, ("Signature expired",)),
    Match("clock_ahead", SKEWED, ("Signature not yet current",)),
    Match("clock", TOO_OLD),
    Match("wrong_scope", SKEWED, ("Credential should be scoped",)),
    Match("wrong_secret", SKEWED, ("does not match the signature you provided",)),
    Match("wrong_secret", ("SignatureDoesNotMatch", "InvalidSignatureException")),
    Match("unknown_key", UNKNOWN_KEY),
    Match("bad_token", ("InvalidToken", "InvalidTokenException")),
    Match("web_token_expired", ("ExpiredTokenException",), ("Token expired",)),
    Match("expired", EXPIRED),
    Match("web_token_expired", ("ExpiredIdentityToken",)),
    Match("unsigned", ("MissingAuthenticationToken", "MissingAuthenticationTokenException", "IncompleteSignature")),
    Match("opt_in", ("OptInRequired", "SubscriptionRequiredException")),
    Match("suspended", ("AccountSuspended", "AccountProblem")),
    Match("throttled", THROTTLED),
    Match("throttled", (), ("Rate exceeded",)),
    Match("broken", BROKEN),
    Match("sso_forbidden", ("ForbiddenException",), asked="sso:"),
    Match("sso_signed_out", ("UnauthorizedException",), asked="sso:"),
    Match("denied", ("ForbiddenException", "UnauthorizedException", "NotAuthorizedException")),
    Match("bad_web_token", ("InvalidIdentityToken", "IDPRejectedClaim")),
    Match("provider_unreachable", ("IDPCommunicationError",)),
    Match("bad_message", ("InvalidAuthorizationMessageException",)),
    Match("not_found", ("NoSuchEntity", "ResourceNotFoundException", "NoSuchBucket", "404")),
    Match("proxy", ("407",)),
)
"""The first that fits counts."""

FAMILIES: Mapping[str, Family] = {
    **dict.fromkeys(("expired", "web_token_expired", "sso_signed_out"), "expired"),
    **dict.fromkeys(("throttled", "broken", "provider_unreachable", "proxy"), "reach"),
}

_FACTS = re.compile(
    r"(?:User: (?P<who>\S+) is not authorized to perform: |not authorized to perform: )(?P<action>[\w-]+:\w+)"
    r"(?: on resource: (?P<resource>\S+))?"
)
_MOMENTS = re.compile(r"\b(\d{8}T\d{6}Z)\b")
_OF_AWS = 2
"""Which of the moments in a refusal for a wrong clock is AWS's own, counted from 0."""


def explain(code: str, message: str, *, action: str = "", resource: str = "") -> Denial:
    """The meaning of an AWS error code with its text; `action` and `resource` fill in what the text does not name."""
    kind = next((match.kind for match in MATCHES if match.fits(code, message, action)), "unknown")
    sentence, next_step = WORDS[kind]
    facts = {"action": action, "resource": resource, **_facts(message)}
    told = {name: clean(facts.get(name) or untold, 256) for name, untold in UNTOLD.items()}
    return Denial(
        kind,
        _sentence(sentence.format_map(told)),
        next_step.format_map(told),
        FAMILIES.get(kind, "refused"),
        clean(message),
        clean(facts.get("who", ""), 256),
        clean(facts["action"], 256),
        clean(facts["resource"], 256),
    )


def _facts(message: str) -> Mapping[str, str]:
    found = _FACTS.search(message)
    facts = {name: value.rstrip(".,") for name, value in found.groupdict().items() if value} if found else {}
    moments = [datetime.strptime(moment, "%Y%m%dT%H%M%SZ") for moment in _MOMENTS.findall(message)[:3]]  # noqa: DTZ007 - only differences count
    if len(moments) > _OF_AWS:
        # as in "Signature expired: SIGNED is now earlier than LIMIT (SERVER - 15 min.)"
        facts["off"] = _span(abs((moments[_OF_AWS] - moments[0]).total_seconds()))
    return facts


def _span(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 120 else f"{round(minutes / 60)} h"  # noqa: PLR2004 - up to two hours minutes tell more


def _sentence(text: str) -> str:
    return text if text.startswith("arn:") else text[:1].upper() + text[1:]
