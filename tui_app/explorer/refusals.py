"""Which kind of no an answer is: denied, expired, throttled, not here, out of reach, or another failure.

Codes are compared, never texts: an expired token also comes with status 403. What counts as denied follows the lists that AWS explorers
have gathered (AccessDenied, AccessDeniedException, UnauthorizedOperation, AuthorizationError, NotAuthorized and their spellings).
"""

from __future__ import annotations

import re
from typing import Literal

from tui_app.aws.partitions import DEFAULT_PARTITION, partition_of, partition_of_region
from tui_app.errors import OutOfReach, Refused, RoledeckError, SessionExpired
from tui_app.values import frozen

ViewState = Literal["ok", "denied", "error", "off"]
Cause = Literal[
    "",
    "denied",
    "expired",
    "throttled",
    "region_off",
    "not_offered",
    "not_subscribed",
    "not_in_use",
    "no_region",
    "out_of_reach",
    "broken",
    "not_aws",
    "failed",
]
DeniedBy = Literal["", "control policy", "resource control policy", "boundary", "session policy", "endpoint policy", "identity", "resource"]
"""Which policy denied it; empty where AWS does not say."""

STATES: dict[Cause, ViewState] = {
    "": "ok",
    "denied": "denied",
    "expired": "error",
    "throttled": "error",
    "region_off": "off",
    "not_offered": "off",
    "not_subscribed": "off",
    "not_in_use": "off",
    "no_region": "error",
    "out_of_reach": "error",
    "broken": "error",
    "not_aws": "error",
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
_UNKNOWN_KEY = {"AuthFailure", "InvalidAccessKeyId", "InvalidClientTokenId", "InvalidToken", "UnrecognizedClientException"}
"""What a region that an account has not enabled answers, as it has never heard of the key; elsewhere the key has been revoked."""
_NOT_SUBSCRIBED = {"NotSignedUp", "OptInRequired", "SubscriptionRequiredException"}
_NOT_IN_USE = {"AWSOrganizationsNotInUseException"}
_BY_CODE: tuple[tuple[set[str], Cause], ...] = (
    (_EXPIRED, "expired"),
    (_THROTTLED, "throttled"),
    (_NOT_SUBSCRIBED, "not_subscribed"),
    (_NOT_IN_USE, "not_in_use"),
    (_DENIED, "denied"),
)

_BY_REACH: dict[str, Cause] = {"throttled": "throttled", "broken": "broken", "not_aws": "not_aws"}
"""Where something did answer, by `OutOfReach.cause`."""

_ALWAYS_ON = re.compile(
    r"(us-(east|west)-\d|ca-central-1|sa-east-1|eu-(west-\d|central-1|north-1)|ap-(northeast-\d|southeast-[12]|south-1))$"
)
"""The regions that every account of the `aws` partition has without asking."""

_WHO: tuple[tuple[str, DeniedBy, str], ...] = (
    ("service control policy", "control policy", "a service control policy of the organization"),
    ("resource control policy", "resource control policy", "a resource control policy of the organization"),
    ("permissions boundary", "boundary", "the role's permissions boundary"),
    ("session policy", "session policy", "the session's policy"),
    ("vpc endpoint policy", "endpoint policy", "the policy of the VPC endpoint"),
    ("identity-based policy", "identity", "the role's own policies"),
    ("resource-based policy", "resource", "the policy of the resource"),
)
_FACTS = re.compile(r'User: (?P<principal>\S+) is not authorized to perform: (?P<action>[\w:-]+)(?: on resource: "?(?P<resource>[^\s"]+))?')
_ENCODED = re.compile(r"Encoded authorization failure message: [\w-]+")
"""What EC2 adds to a denial: hundreds of characters that only sts:DecodeAuthorizationMessage can read."""


@frozen
class Refusal:
    """Why a view has no rows: the kind, one sentence, AWS's own words where there are any, and who denied what to whom.

    `explicit` tells a Deny from a missing Allow. `principal` and `resource` are those that AWS names, empty where it names none.
    """

    cause: Cause
    sentence: str
    aws_message: str = ""
    denied_by: str = ""
    request_id: str = ""
    action: str = ""
    code: str = ""
    policy: DeniedBy = ""
    explicit: bool = False
    principal: str = ""
    resource: str = ""


def explain(failure: RoledeckError, action: str, region: str) -> Refusal:
    """The failure of one call of `action` in `region`, told apart."""
    cause = _cause(failure, region)
    sentence = _sentence(cause, failure, action, region)
    if not isinstance(failure, Refused):
        return Refusal(cause, sentence, action=action)
    said = failure.aws_message
    if cause != "denied":
        return Refusal(cause, sentence, said, request_id=failure.request_id, action=action, code=failure.code)
    facts = found.groupdict("") if (found := _FACTS.search(said)) else {}
    return Refusal(
        cause,
        sentence,
        said,
        denied_by(said),
        failure.request_id,
        action,
        failure.code,
        _who(said)[0],
        "explicit deny" in said.casefold(),
        facts.get("principal", ""),
        facts.get("resource", "").rstrip(".,"),
    )


def in_another_partition(region: str, arn: str) -> Refusal | None:
    """Why nothing is asked in a region where the identity cannot exist; None where it can."""
    theirs, own = partition_of_region(region), partition_of(arn)
    if theirs is None or theirs.id == own.id:
        return None
    return Refusal("region_off", f"{region} lies in {theirs.id}, and this session belongs to {own.id}.")


def not_offered(action: str, region: str) -> Refusal:
    """Nothing answers, and botocore does not know the service in that region."""
    sentence = f"{action.partition(':')[0]} is not offered in {region}, as far as botocore knows."
    return Refusal("not_offered", sentence, action=action)


def denied_by(aws_message: str) -> str:
    """Who said no, from AWS's sentence: `no … policy allows`, or an explicit deny; empty where AWS does not say."""
    who = _who(aws_message)[1]
    if "explicit deny" in aws_message.casefold():
        return f"explicit deny in {who}" if who else "explicit deny"
    return f"not allowed by {who}" if who else ""


def without_encoded(aws_message: str) -> str:
    """AWS's sentence without the encoded part, which nobody can read."""
    return _ENCODED.sub("", aws_message).strip()


def _who(aws_message: str) -> tuple[DeniedBy, str]:
    words = aws_message.casefold()
    return next(((policy, name) for phrase, policy, name in _WHO if phrase in words), ("", ""))


def _cause(failure: RoledeckError, region: str) -> Cause:
    if isinstance(failure, OutOfReach):
        return _BY_REACH.get(failure.cause, "out_of_reach")
    code = failure.code if isinstance(failure, Refused) else ""
    if code in _UNKNOWN_KEY:
        return "region_off" if _may_be_off(region) else "expired"
    cause = next((cause for codes, cause in _BY_CODE if code in codes), None)
    return cause or ("expired" if isinstance(failure, SessionExpired) else "failed")


def _may_be_off(region: str) -> bool:
    """Whether it is a region that an account has to enable; the other partitions have none of those."""
    partition = partition_of_region(region) if region else None
    return bool(region) and not _ALWAYS_ON.match(region) and (partition is None or partition.id == DEFAULT_PARTITION)


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
