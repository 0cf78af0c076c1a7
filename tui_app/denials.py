"""AWS's refusals in plain words: a table of answers, matched on the code and a part of the text, never on the whole text.

Sources: the IAM user guide (troubleshoot_roles, troubleshoot_access-denied, signature-v4-troubleshooting), botocore's STS
model, and the texts that people report for them. The policy kind that a message names can mislead across accounts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Literal

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

WORDS: Mapping[str, tuple[str, str]] = {
    "wrong_code": (
        "AWS did not accept the code: it is wrong, too old, or was used before.",
        "Type the next code that the device shows; each counts once.",
    ),
    "wrong_device": (
        "The MFA device is not one of this user's.",
        "mfa_serial should be the user's own device, arn:aws:iam::ACCOUNT:mfa/NAME; `aws iam list-mfa-devices` lists it.",
    ),
    "half_code": ("AWS got a code without a device, or a device without a code.", "Set mfa_serial on the role or its source profile."),
    "tag_session": (
        "Session tags are not allowed for {resource}.",
        "Its trust policy, and the caller's policy, should allow sts:TagSession; or take tags out of the config.",
    ),
    "source_identity": (
        "A source identity is not allowed for {resource}.",
        "Both policies should allow sts:SetSourceIdentity; a source identity stays with every later hop of a chain.",
    ),
    "root_caller": (
        "The source keys belong to an account's root user, and root cannot assume roles.",
        "Use the keys of an IAM user or a role as the source.",
    ),
    "session_credentials": (
        "The source keys are temporary already, so they cannot start an MFA session.",
        'Set mfa = "direct" for the role, or point its source at long-term keys.',
    ),
    "web_identity": (
        "The role's trust policy does not accept this web identity token.",
        "Compare the provider, audience and subject in the trust policy with the token.",
    ),
    "deny_scp": (
        "An explicit deny in a service control policy of the organization forbids {action}.",
        "Only the organization's administrators can change it.",
    ),
    "deny_rcp": (
        "An explicit deny in a resource control policy of the organization forbids {action}.",
        "Only the organization's administrators can change it.",
    ),
    "deny_boundary": (
        "An explicit deny in the caller's permissions boundary forbids {action}.",
        "Whoever set the boundary would have to change it.",
    ),
    "deny_session_policy": (
        "An explicit deny in the session policy forbids {action}.",
        "Leave policy and policy_arns out of the config, or widen them.",
    ),
    "deny_vpce": (
        "An explicit deny in the policy of the VPC endpoint forbids {action}.",
        "Use another network, or have the endpoint's policy changed.",
    ),
    "deny_trust": (
        "An explicit deny in the role's trust policy forbids {action}.",
        "Compare the conditions of its Deny statements with this session; its sessions may also have been revoked.",
    ),
    "deny_resource": (
        "An explicit deny in the policy of {resource} forbids {action}.",
        "Compare the conditions of its Deny statements with this session.",
    ),
    "deny_identity": (
        "An explicit deny in a policy of {who} forbids {action}.",
        "Find the Deny statement; a session that was revoked has to be assumed again.",
    ),
    "deny": ("An explicit deny forbids {action}.", "Find the Deny statement; a revoked session has to be assumed again."),
    "no_identity_policy": ("No policy of {who} allows {action}.", "Give the caller an Allow for {action} on {resource}."),
    "no_trust": (
        "The role's trust policy does not let {who} in.",
        "Compare its principals and conditions (external id, MFA, network, session name) with this session.",
    ),
    "no_resource_policy": ("No policy of {resource} lets {who} in.", "Compare its principals and conditions with this session."),
    "no_boundary": ("The caller's permissions boundary does not allow {action}.", "Whoever set the boundary would have to widen it."),
    "no_session_policy": ("The session policy does not allow {action}.", "Leave policy and policy_arns out of the config, or widen them."),
    "no_vpce": ("The policy of the VPC endpoint does not allow {action}.", "Use another network, or have the endpoint's policy changed."),
    "no_scp": ("No service control policy allows {action}.", "Only the organization's administrators can change it."),
    "assume_role": (
        "{who} may not become {resource}: its trust policy or the caller's own policy does not allow it, or there is no such role.",
        "Check the ARN letter by letter, the external id and MFA in the trust policy, and sts:AssumeRole for the caller.",
    ),
    "not_authorized": ("{who} may not do {action}.", "The role needs an Allow for {action}, if it should have it."),
    "denied": ("AWS denied the request.", "Compare the role's policies with what was asked."),
    "over_maximum": ("The duration is longer than the role's maximum.", "Set a shorter duration; 1h always fits."),
    "over_chain": (
        "AWS caps a session at 1h where a role assumes a role or an MFA session was used.",
        'Set duration = "1h"; for an IAM user with MFA, mfa = "direct" allows more.',
    ),
    "bad_value": ("AWS did not accept a value of the request.", "Compare the config with the text of AWS."),
    "packed": ("The session policies and tags together are too large.", "Use fewer or shorter tags and policies."),
    "bad_policy": ("The session policy is not one that AWS can read.", "Check the policy's JSON in the config."),
    "region_disabled": (
        "STS is switched off in this region for the role's account.",
        "Set another region for the role, or have an administrator activate it.",
    ),
    "clock_behind": ("This machine's clock is {off} behind AWS.", "Set the clock; AWS allows about 5 to 15 minutes."),
    "clock_ahead": ("This machine's clock is {off} ahead of AWS.", "Set the clock; AWS allows about 5 to 15 minutes."),
    "clock": ("This machine's clock and AWS's differ too much.", "Set the clock; AWS allows about 5 to 15 minutes."),
    "wrong_scope": ("The request was signed for another region or service.", "Set the region of the role's own partition."),
    "wrong_secret": (
        "The secret key does not belong to the access key, or something on the way changed the request.",
        "Enter both keys again, without spaces; look at proxies.",
    ),
    "unknown_key": (
        "AWS does not know the access key: it was deleted, switched off or mistyped, or it belongs to another partition.",
        "Check the source's access key; a region that must be enabled first gives the same answer.",
    ),
    "bad_token": ("The session token does not belong to these keys, or is cut off.", "Take all three values from the same session."),
    "expired": ("The credentials that made the request have expired.", "Renew the session they came from."),
    "web_token_expired": ("The web identity token has expired.", "Get a new token."),
    "unsigned": ("The request arrived without a signature.", "Look at proxies that change headers."),
    "opt_in": ("The account is not signed up for this service or region.", "An administrator of the account can enable it."),
    "suspended": ("The account is suspended or closed.", "Ask the account's owner."),
    "throttled": ("AWS is answering too many requests of this account and asks to wait.", "Try again in a moment."),
    "broken": ("AWS had a fault of its own and could not answer.", "Try again in a moment."),
    "sso_forbidden": (
        "This permission set is not assigned to you in that account.",
        "Check sso_account_id and sso_role_name, letter by letter.",
    ),
    "sso_signed_out": ("The Identity Center sign-in has ended.", "Sign in again with `roledeck login`."),
    "bad_web_token": ("AWS did not accept the web identity token.", "Get a new token and compare its issuer and audience."),
    "provider_unreachable": ("AWS could not reach the identity provider.", "Try again in a moment."),
    "bad_message": ("AWS cannot decode this authorization message.", "Copy the whole encoded text of the denial."),
    "not_found": ("AWS knows no such thing.", "Check the name and the region."),
    "proxy": ("A proxy wants a sign-in before it lets requests to AWS through.", "Set HTTPS_PROXY with the proxy's user and password."),
    "unknown": ("AWS refused the request.", "The text of AWS has the reason."),
}
"""Sentence and next step of each kind; they may name {who}, {action}, {resource}, {off}, which read as `UNTOLD` where AWS is silent."""

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
UNTOLD = {"who": "this identity", "action": "this", "resource": "the role", "off": "more than 5 minutes"}


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
