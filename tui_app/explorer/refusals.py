"""Which kind of no an answer is: denied, expired, throttled, not here, out of reach, or another failure.

Codes are compared, never texts: an expired token also comes with status 403. What counts as denied follows the lists that AWS explorers
have gathered (AccessDenied, AccessDeniedException, UnauthorizedOperation, AuthorizationError, NotAuthorized and their spellings).
"""

from __future__ import annotations

import re
from typing import Literal

from tui_app.errors import OutOfReach, Refused, RoledeckError, SessionExpired
from tui_app.values import frozen

ViewState = Literal["ok", "denied", "error", "off"]
Cause = Literal["", "denied", "expired", "throttled", "region_off", "not_subscribed", "not_in_use", "out_of_reach", "failed"]

STATES: dict[Cause, ViewState] = {
    "": "ok",
    "denied": "denied",
    "expired": "error",
    "throttled": "error",
    "region_off": "off",
    "not_subscribed": "off",
    "not_in_use": "off",
    "out_of_reach": "error",
    "failed": "error",
}

_DENIED = {
    "AccessDenied",
    "AccessDeniedException",
    "AuthorizationError",
    "AuthorizationErrorException",
    "Client.UnauthorizedOperation",
    "ForbiddenException",
    "KMSAccessDeniedException",
    "NotAuthorized",
    "NotAuthorizedException",
    "UnauthorizedAccess",
    "UnauthorizedException",
    "UnauthorizedOperation",
}
_EXPIRED = {"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"}
_THROTTLED = {
    "LimitExceededException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "SlowDown",
    "ThrottledException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
}
_UNKNOWN_KEY = {"AuthFailure", "InvalidClientTokenId", "UnrecognizedClientException"}
"""What a region that an account has not enabled answers, as it has never heard of the key; elsewhere the key has been revoked."""
_NOT_SUBSCRIBED = {"OptInRequired", "SubscriptionRequiredException"}
_NOT_IN_USE = {"AWSOrganizationsNotInUseException"}
_BY_CODE: tuple[tuple[set[str], Cause], ...] = (
    (_EXPIRED, "expired"),
    (_THROTTLED, "throttled"),
    (_NOT_SUBSCRIBED, "not_subscribed"),
    (_NOT_IN_USE, "not_in_use"),
    (_DENIED, "denied"),
)

_ALWAYS_ON = re.compile(
    r"(us-(east|west)-\d|ca-central-1|sa-east-1|eu-(west-\d|central-1|north-1)|ap-(northeast-\d|southeast-[12]|south-1))$"
)
"""The regions that every account of the `aws` partition has without asking."""

_WHO = (
    ("service control policy", "a service control policy of the organization"),
    ("resource control policy", "a resource control policy of the organization"),
    ("permissions boundary", "the role's permissions boundary"),
    ("session policy", "the session's policy"),
    ("vpc endpoint policy", "the policy of the VPC endpoint"),
    ("identity-based policy", "the role's own policies"),
    ("resource-based policy", "the policy of the resource"),
)


@frozen
class Refusal:
    """Why a view has no rows: the kind, one sentence, AWS's own words where there are any, and who denied it."""

    cause: Cause
    sentence: str
    aws_message: str = ""
    denied_by: str = ""
    request_id: str = ""


def explain(failure: RoledeckError, action: str, region: str) -> Refusal:
    """The failure of one call of `action` in `region`, told apart."""
    cause = _cause(failure, region)
    sentence = _sentence(cause, failure, action, region)
    if not isinstance(failure, Refused):
        return Refusal(cause, sentence)
    by = denied_by(failure.aws_message) if cause == "denied" else ""
    return Refusal(cause, sentence, failure.aws_message, by, failure.request_id)


def denied_by(aws_message: str) -> str:
    """Who said no, from AWS's sentence: `no … policy allows`, or an explicit deny; empty where AWS does not say."""
    words = aws_message.casefold()
    who = next((name for phrase, name in _WHO if phrase in words), "")
    if "explicit deny" in words:
        return f"explicit deny in {who}" if who else "explicit deny"
    return f"not allowed by {who}" if who else ""


def _cause(failure: RoledeckError, region: str) -> Cause:
    if isinstance(failure, OutOfReach):
        return "throttled" if failure.cause == "throttled" else "out_of_reach"
    code = failure.code if isinstance(failure, Refused) else ""
    if code in _UNKNOWN_KEY:
        return "region_off" if region and not _ALWAYS_ON.match(region) else "expired"
    cause = next((cause for codes, cause in _BY_CODE if code in codes), None)
    return cause or ("expired" if isinstance(failure, SessionExpired) else "failed")


def _sentence(cause: Cause, failure: RoledeckError, action: str, region: str) -> str:
    sentences: dict[Cause, str] = {
        "denied": f"{action} is denied.",
        "expired": "The session has ended. Renew it and load this again.",
        "throttled": f"AWS is answering too many requests of this account. Load {action} again in a moment.",
        "region_off": f"{region} is not enabled for this account.",
        "not_subscribed": "This account has not signed up for the service.",
        "not_in_use": "This account is in no organization.",
    }
    return sentences.get(cause) or failure.sentence()
