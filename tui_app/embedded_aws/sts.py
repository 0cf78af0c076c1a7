"""The Security Token Service: who may become whom, for how long, and what they get.

AWS's order: limits of the request, the MFA code, the trust policy with the caller's own policies, and the role's maximum last.
"""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from typing import Any

from tui_app.arns import account_of
from tui_app.clock import rfc3339
from tui_app.embedded_aws import sts_limits as limits
from tui_app.embedded_aws.actions import UNSIGNED_STS
from tui_app.embedded_aws.authorization_messages import opened
from tui_app.embedded_aws.callers import Caller, iam_of, long_term_key, role_by_arn
from tui_app.embedded_aws.documents import managed_document
from tui_app.embedded_aws.ledger import Ledger, Operation
from tui_app.embedded_aws.sts_trust import Asked, authorize, not_authorized
from tui_app.embedded_aws.wire import Answer, AwsError, AwsRequest, elements, query_answer
from tui_app.policy.document import Policy, PolicyError, parse_policy

_ROLE_ARN = re.compile(r"arn:(aws[\w-]*):iam::(\d{12}):role(/(?:[\x21-\x7e]+/)?)([\w+=,.@-]{1,64})")
_TEMPORARY_ONLY = {"mfa": frozenset({"AssumeRole", "GetCallerIdentity"}), "federated": frozenset({"GetCallerIdentity"})}


def assume_role(request: AwsRequest, caller: Caller, ledger: Ledger) -> Answer:
    """AssumeRole. See `sts_trust` for who may."""
    params = request.params
    limits.check(request, limits.ASSUME_ROLE)
    tags, transitive = request.structures("Tags"), request.members("TransitiveTagKeys")
    limits.check_tags(tags, transitive)
    given = {tag["Key"]: tag.get("Value", "") for tag in tags}
    if caller.kind == "root":
        raise AwsError("AccessDenied", "Roles may not be assumed by root accounts.", 403)
    if (match := _ROLE_ARN.fullmatch(params["RoleArn"])) is None:
        raise AwsError("ValidationError", f"{params['RoleArn']} is invalid", 400)
    policies = session_policies(request, match[2])
    kept = _inherited(caller, given)
    size = limits.packed_size([params.get("Policy", ""), *_policy_arns(request)], given)
    if caller.kind == "federated":
        raise AwsError("AccessDenied", not_authorized(caller, "sts:AssumeRole", params["RoleArn"]), 403)
    with_code = use_code(request, caller, ledger)
    role = role_by_arn(params["RoleArn"]) if match[1] == caller.partition else None
    source_identity = params.get("SourceIdentity") or caller.source_identity
    authorize(Asked(request, caller, ledger, role, with_code=with_code, tags=tags, transitive=transitive, source_identity=source_identity))
    lasts = _granted_duration(request, caller, role)
    session = replace(
        session_of(role, params["RoleSessionName"]),
        chained=caller.temporary,
        session_policies=policies,
        source_identity=source_identity,
        session_tags=tuple({**kept, **given}.items()),
        transitive=(*kept, *transitive),
    )
    return _assumed(request, ledger.sessions.issue(session, ledger.now(), ledger.lifetime or lasts), size)


def _assumed(request: AwsRequest, session: Caller, size: int) -> Answer:
    """The answer of AssumeRole; `size` is the percentage of the room for policies and tags that is taken."""
    user = {"AssumedRoleUser": {"AssumedRoleId": session.user_id, "Arn": session.arn}, "PackedPolicySize": size}
    identity = {"SourceIdentity": session.source_identity} if session.source_identity else {}
    return query_answer(request, elements(credentials_of(session) | user | identity))


def session_of(role: Any, name: str) -> Caller:
    """A session of moto's role, without credentials yet."""
    partition, account = role.arn.split(":")[1], role.arn.split(":")[4]
    return Caller(
        kind="role",
        account=account,
        arn=f"arn:{partition}:sts::{account}:assumed-role/{role.name}/{name}",
        user_id=f"{role.id}:{name}",
        name=role.name,
        key_id="",
        secret="",
        partition=partition,
        role_arn=role.arn,
        session_name=name,
    )


def credentials_of(session: Caller) -> dict[str, Any]:
    """The Credentials element of an STS answer."""
    return {
        "Credentials": {
            "AccessKeyId": session.key_id,
            "SecretAccessKey": session.secret,
            "SessionToken": session.token,
            "Expiration": rfc3339(session.expires or 0),
        }
    }


def _granted_duration(request: AwsRequest, caller: Caller, role: Any) -> int:
    lasts = int(request.params.get("DurationSeconds", "3600"))
    if caller.temporary and lasts > limits.CHAINED_LIMIT:
        raise AwsError(
            "ValidationError", "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.", 400
        )
    if lasts > int(getattr(role, "max_session_duration", None) or 3600):
        raise AwsError("ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.", 400)
    return lasts


def _inherited(caller: Caller, given: dict[str, str]) -> dict[str, str]:
    """The transitive tags of the calling session, which cannot be set anew."""
    sticky = {key.lower() for key in caller.transitive}
    if any(key.lower() in sticky for key in given):
        said = "One of the specified transitive tag keys can't be set because it conflicts with"
        said += " a transitive tag key from the calling session."
        raise AwsError("InvalidParameterValue", said, 400)
    return {key: value for key, value in caller.session_tags if key.lower() in sticky}


def session_policies(request: AwsRequest, account: str) -> tuple[Policy, ...] | None:
    """The session policies of the request; None when it names none.

    Raises:
        AwsError: MalformedPolicyDocument, or ValidationError for a managed policy that is not there.
    """
    text, arns = request.params.get("Policy"), _policy_arns(request)
    if len(arns) > limits.MOST_POLICIES:
        raise AwsError("ValidationError", "The number of session policies exceeds the limit of 10", 400)
    found: list[Policy] = []
    for arn in arns:
        policy = managed_document(account, arn) if account_of(arn) in ("aws", account) else None
        if policy is None:
            raise AwsError("ValidationError", f"Policy {arn} does not exist or is not attachable.", 400)
        found.append(policy)
    if text is not None:
        found.append(_inline(text))
    return tuple(found) if found else None


def _policy_arns(request: AwsRequest) -> list[str]:
    return [item.get("arn", "") for item in request.structures("PolicyArns")]


def _inline(text: str) -> Policy:
    try:
        policy = parse_policy(text)
    except PolicyError as problem:
        raise AwsError("MalformedPolicyDocument", f"{problem}.", 400) from None
    if not policy.statements:
        raise AwsError("MalformedPolicyDocument", "Syntax errors in policy.", 400)
    for statement in policy.statements:
        if statement.principals is not None or statement.not_principals is not None:
            raise AwsError("MalformedPolicyDocument", "Policy document should not specify a principal.", 400)
        if statement.resources is None and statement.not_resources is None:
            raise AwsError("MalformedPolicyDocument", "Policy statement must contain resources.", 400)
    return policy


def use_code(request: AwsRequest, caller: Caller, ledger: Ledger) -> bool:
    """Use the request's MFA code up. False: it has none.

    Raises:
        AwsError: AccessDenied, in AWS's three ways.
    """
    serial, code = request.params.get("SerialNumber"), request.params.get("TokenCode")
    if serial is None and code is None:
        return False
    if serial is None or code is None:
        raise AwsError(
            "AccessDenied", "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code. ", 403
        )
    backend = iam_of(caller.account, caller.partition)
    user = backend.users.get(caller.name) if caller.kind == "user" else None
    device = backend.virtual_mfa_devices.get(serial)
    if user is None or device is None or serial not in user.mfa_devices:
        said = "unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user."
        raise AwsError("AccessDenied", f"MultiFactorAuthentication failed, {said}", 403)
    if not ledger.authenticators.use(serial, device.base32_string_seed, code, ledger.now()):
        raise AwsError("AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code. ", 403)
    return True


def get_session_token(request: AwsRequest, caller: Caller, ledger: Ledger) -> Answer:
    """GetSessionToken: the user itself, for a while, with or without a code."""
    _long_term_only(request, caller)
    limits.check(request, limits.SESSION_TOKEN)
    with_code = use_code(request, caller, ledger)
    lasts = int(request.params.get("DurationSeconds", "43200"))
    session = replace(caller, kind="root" if caller.kind == "root" else "mfa", mfa_at=ledger.now() if with_code else None)
    return query_answer(request, elements(credentials_of(ledger.sessions.issue(session, ledger.now(), ledger.lifetime or lasts))))


def get_federation_token(request: AwsRequest, caller: Caller, ledger: Ledger) -> Answer:
    """GetFederationToken: a federated user with what its creator may do and the policy allows; without a policy, nothing."""
    _long_term_only(request, caller)
    limits.check(request, limits.FEDERATION_TOKEN)
    tags = request.structures("Tags")
    limits.check_tags(tags, [])
    name, account = request.params["Name"], caller.account
    policies = session_policies(request, account) or ()
    pairs = {tag["Key"]: tag.get("Value", "") for tag in tags}
    size = limits.packed_size([request.params.get("Policy", ""), *_policy_arns(request)], pairs)
    lasts = int(request.params.get("DurationSeconds", "43200"))
    session = replace(
        caller, kind="federated", arn=f"arn:{caller.partition}:sts::{account}:federated-user/{name}", user_id=f"{account}:{name}",
        session_name=name, session_policies=policies, session_tags=tuple(pairs.items()),
    )  # fmt: skip
    session = ledger.sessions.issue(session, ledger.now(), ledger.lifetime or lasts)
    user = {"FederatedUser": {"FederatedUserId": session.user_id, "Arn": session.arn}, "PackedPolicySize": size}
    return query_answer(request, elements(credentials_of(session) | user))


def _long_term_only(request: AwsRequest, caller: Caller) -> None:
    if caller.temporary:
        raise AwsError("AccessDenied", f"Cannot call {request.action} with session credentials", 403)


def get_caller_identity(request: AwsRequest, caller: Caller, _ledger: Ledger) -> Answer:
    """GetCallerIdentity: nobody can be refused it."""
    return query_answer(request, elements({"UserId": caller.user_id, "Account": caller.account, "Arn": caller.arn}))


def get_access_key_info(request: AwsRequest, _caller: Caller, ledger: Ledger) -> Answer:
    """GetAccessKeyInfo: the account that a key belongs to, which its id carries in itself, so that unknown keys have one too."""
    limits.check(request, limits.KEY_INFO)
    key_id = request.params["AccessKeyId"]
    session, found = ledger.sessions.find(key_id), long_term_key(key_id)
    account = session.account if session else found[0] if found else account_in_key(key_id)
    if account is None:
        raise AwsError("ValidationError", f"Invalid AccessKeyId: {key_id}", 400)
    return query_answer(request, elements({"Account": account}))


def account_in_key(key_id: str) -> str | None:
    """The account in the first bits of a key id made since 2019 (`AKIA` or `ASIA` and 16 Base32 digits); None for another shape."""
    if not re.fullmatch(r"A[KS]IA[A-Z2-7]{16}", key_id):
        return None
    number = int.from_bytes(base64.b32decode(key_id[4:])[:6], "big")
    account = (number & 0x7FFFFFFFFF80) >> 7
    return f"{account:012d}" if account < 10**12 else None


def decode_authorization_message(request: AwsRequest, _caller: Caller, _ledger: Ledger) -> Answer:
    """DecodeAuthorizationMessage: what is in a message of ours."""
    limits.check(request, limits.DECODE)
    said = opened(request.params["EncodedMessage"])
    if said is None:
        raise AwsError("InvalidAuthorizationMessageException", "Message is not valid", 400)
    return query_answer(request, elements({"DecodedMessage": said}))


def refuse_unsigned(request: AwsRequest) -> AwsError:
    """AssumeRoleWithSAML: there is no such identity provider here that anyone trusts."""
    required = tuple(limits.Limit(name, 4, 200000, required=True) for name in ("RoleArn", "PrincipalArn", "SAMLAssertion"))
    try:
        limits.check(request, required)
    except AwsError as error:
        return error
    return AwsError("AccessDenied", f"Not authorized to perform sts:{request.action}", 403)


def no_such_operation(request: AwsRequest) -> AwsError:
    """What STS says to an operation that it has not; to one that wants no signature, what it would say without."""
    if request.action in UNSIGNED_STS:
        return refuse_unsigned(request)
    return AwsError("InvalidAction", f"Could not find operation {request.action} for version 2011-06-15", 400)


def allowed_for_kind(request: AwsRequest, caller: Caller) -> bool:
    """Whether STS lets this kind of session ask for the action at all (IAM user guide, comparison of STS credentials).

    GetSessionToken and GetFederationToken give their own refusal.
    """
    allowed = _TEMPORARY_ONLY.get(caller.kind)
    return allowed is None or request.action in allowed or request.action in ("GetSessionToken", "GetFederationToken", "AssumeRole")


OPERATIONS: dict[str, Operation] = {
    "AssumeRole": assume_role,
    "GetSessionToken": get_session_token,
    "GetFederationToken": get_federation_token,
    "GetCallerIdentity": get_caller_identity,
    "GetAccessKeyInfo": get_access_key_info,
    "DecodeAuthorizationMessage": decode_authorization_message,
}

NEEDS_NO_ALLOW = frozenset({"GetCallerIdentity", "GetSessionToken", "GetAccessKeyInfo"})
"""Only an explicit Deny keeps anyone from these, and nothing from the first. AssumeRole is judged together with the trust policy."""
JUDGED_ELSEWHERE = frozenset({"AssumeRole", "GetCallerIdentity"})
