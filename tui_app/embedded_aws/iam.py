"""What moto's IAM lacks or gets wrong: requests without a user name, codes of MFA devices, AWS managed policies, boundaries of users."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Any

from tui_app.embedded_aws import iam_usage, simulation
from tui_app.embedded_aws import sts_limits as limits
from tui_app.embedded_aws.callers import Caller, iam_of
from tui_app.embedded_aws.documents import bring_in
from tui_app.embedded_aws.iam_words import check_deletable, check_name, in_iam_words
from tui_app.embedded_aws.ledger import Ledger, Operation
from tui_app.embedded_aws.permission import USER_BOUNDARIES
from tui_app.embedded_aws.principals import check_trust, forget, leaving
from tui_app.embedded_aws.sts_limits import Limit
from tui_app.embedded_aws.wire import IAM_NAMESPACE, Answer, AwsError, AwsRequest, elements, query_answer

# operations that mean the caller's own user when they name none
_OWN_USER = frozenset(
    [
        "GetUser",
        "ListAccessKeys",
        "CreateAccessKey",
        "DeleteAccessKey",
        "UpdateAccessKey",
        "ListMFADevices",
        "DeactivateMFADevice",
        "EnableMFADevice",
        "ListSigningCertificates",
        "UploadSigningCertificate",
        "UpdateSigningCertificate",
        "DeleteSigningCertificate",
        "ListSSHPublicKeys",
        "ListServiceSpecificCredentials",
        "GetLoginProfile",
    ]
)
_TRUST = {"CreateRole": "AssumeRolePolicyDocument", "UpdateAssumeRolePolicy": "PolicyDocument"}
"""Where a trust policy comes in. The seeding door may put in any and delete at once: a world can hold what AWS left behind."""
_ROLE_DURATION = Limit("MaxSessionDuration", 3600, 43200, number=True)
_LIMITS = {
    "CreateRole": (_ROLE_DURATION,),
    "UpdateRole": (_ROLE_DURATION,),
    "CreateAccountAlias": (Limit("AccountAlias", 3, 63, r"^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$", required=True),),
}
_POLICY_PARAMETERS = ("PolicyArn", "PermissionsBoundary")


def through_moto(request: AwsRequest, caller: Caller, ask: Callable[[AwsRequest], Answer]) -> Answer:
    """Moto's answer to an IAM request, with what has to be done before and after it."""
    check_name(request)
    limits.check(request, _LIMITS.get(request.action, ()))
    ready = prepared(request, caller)
    if caller.kind != "root":
        document = request.params.get(_TRUST.get(request.action, ""))
        if document is not None:
            check_trust(document)
        check_deletable(ready, caller)
    gone = leaving(ready.action, ready.params.get("UserName") or ready.params.get("RoleName", ""), caller)
    answer = finished(ready, caller, ask(ready))
    if answer.code:
        return in_iam_words(ready, answer)
    if gone is not None:
        forget(gone)
    return answer


def prepared(request: AwsRequest, caller: Caller) -> AwsRequest:
    """The request as moto needs it: with the caller's user name where it means the caller, and with AWS's policies in place.

    Raises:
        AwsError: ValidationError, when it means the caller and that is no user.
    """
    for name in _POLICY_PARAMETERS:
        arn = request.params.get(name, "")
        if ":iam::aws:policy/" in arn:
            bring_in(caller.account, arn, caller.partition)
    if request.action not in _OWN_USER or "UserName" in request.params:
        return request
    if caller.kind in ("user", "mfa"):
        return request.replaced_form(UserName=caller.name)
    if caller.kind == "root":
        return request
    raise AwsError("ValidationError", "Must specify userName when calling with non-User credentials", 400)


def finished(request: AwsRequest, caller: Caller, answer: Answer) -> Answer:
    """Moto's answer with what it leaves out: a user's unique id begins with AIDA, and a user may have a boundary."""
    if answer.code or request.action not in ("CreateUser", "GetUser"):
        return answer
    user = iam_of(caller.account, caller.partition).users.get(request.params.get("UserName", ""))
    if user is None:
        return answer
    if request.action == "CreateUser":
        if boundary := request.params.get("PermissionsBoundary"):
            USER_BOUNDARIES[caller.account, user.name] = boundary
        else:
            USER_BOUNDARIES.pop((caller.account, user.name), None)
        answer = _with_proper_id(user, answer)
    boundary = USER_BOUNDARIES.get((caller.account, user.name))
    if boundary is None:
        return answer
    kind = "<PermissionsBoundaryType>PermissionsBoundaryPolicy</PermissionsBoundaryType>"
    shown = f"<PermissionsBoundary>{kind}<PermissionsBoundaryArn>{boundary}</PermissionsBoundaryArn></PermissionsBoundary></User>"
    return _replaced(answer, b"</User>", shown.encode())


def _with_proper_id(user: Any, answer: Answer) -> Answer:
    given = str(user.id)
    if re.fullmatch(r"AIDA[A-Z0-9]{16,17}", given):
        return answer
    digest = hashlib.sha256(given.encode()).digest()
    user.id = "AIDA" + "".join("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[byte % 32] for byte in digest[:17])
    return _replaced(answer, given.encode(), str(user.id).encode())


def _replaced(answer: Answer, old: bytes, new: bytes) -> Answer:
    kept = tuple(pair for pair in answer.headers if pair[0].lower() != "content-length")
    return Answer(answer.status, kept, answer.body.replace(old, new, 1))


def enable_mfa_device(request: AwsRequest, caller: Caller, ledger: Ledger) -> Answer | None:
    """EnableMFADevice by someone who signed: two codes in a row, which are used up. The seeding door does not come here."""
    _use_pair(request, caller, ledger)
    return None


def resync_mfa_device(request: AwsRequest, caller: Caller, ledger: Ledger) -> Answer:
    """ResyncMFADevice: the same two codes."""
    if caller.kind != "root":
        _use_pair(request, caller, ledger)
    return query_answer(request, "", IAM_NAMESPACE)


def _use_pair(request: AwsRequest, caller: Caller, ledger: Ledger) -> None:
    serial = request.params.get("SerialNumber", "")
    device = iam_of(caller.account, caller.partition).virtual_mfa_devices.get(serial)
    if device is None:
        raise AwsError("NoSuchEntity", f"VirtualMFADevice with serial number {serial} doesn't exist.", 404)
    first, second = request.params.get("AuthenticationCode1", ""), request.params.get("AuthenticationCode2", "")
    for place, code in enumerate((first, second), 1):
        if not re.fullmatch(r"\d{6}", code, re.ASCII):
            said = f"Value '{code}' at 'authenticationCode{place}' failed to satisfy constraint"
            raise AwsError(
                "ValidationError", f"1 validation error detected: {said}: Member must satisfy regular expression pattern: [\\d]*", 400
            )
    if not ledger.authenticators.use_pair(serial, device.base32_string_seed, first, second, ledger.now()):
        raise AwsError("InvalidAuthenticationCode", "Authentication code for device is not valid.", 403)


def put_user_boundary(request: AwsRequest, caller: Caller, _ledger: Ledger) -> Answer:
    """PutUserPermissionsBoundary."""
    name, arn = request.params.get("UserName", ""), request.params.get("PermissionsBoundary", "")
    backend = iam_of(caller.account, caller.partition)
    _existing_user(caller, name)
    if arn not in backend.managed_policies and not bring_in(caller.account, arn, caller.partition):
        raise AwsError("NoSuchEntity", f"Policy {arn} does not exist or is not attachable.", 404)
    USER_BOUNDARIES[caller.account, name] = arn
    return query_answer(request, "", IAM_NAMESPACE)


def delete_user_boundary(request: AwsRequest, caller: Caller, _ledger: Ledger) -> Answer:
    """DeleteUserPermissionsBoundary."""
    name = request.params.get("UserName", "")
    _existing_user(caller, name)
    USER_BOUNDARIES.pop((caller.account, name), None)
    return query_answer(request, "", IAM_NAMESPACE)


def _existing_user(caller: Caller, name: str) -> None:
    if name not in iam_of(caller.account, caller.partition).users:
        raise AwsError("NoSuchEntity", f"The user with name {name} cannot be found.", 404)


def context_keys(request: AwsRequest, caller: Caller, _ledger: Ledger) -> Answer:
    """GetContextKeysForPrincipalPolicy: every condition key in the policies of a principal."""
    named = simulation.policies_of(request.params.get("PolicySourceArn", ""), caller)
    keys = sorted({one.key for item in named for statement in item.policy.statements for one in statement.conditions})
    return query_answer(request, elements({"ContextKeyNames": keys}), IAM_NAMESPACE)


OPERATIONS: dict[str, Operation] = {
    "EnableMFADevice": enable_mfa_device,
    "ResyncMFADevice": resync_mfa_device,
    "PutUserPermissionsBoundary": put_user_boundary,
    "DeleteUserPermissionsBoundary": delete_user_boundary,
    "GetContextKeysForPrincipalPolicy": context_keys,
    "SimulatePrincipalPolicy": simulation.simulate_principal,
    "SimulateCustomPolicy": simulation.simulate_custom,
    "GenerateServiceLastAccessedDetails": iam_usage.generate,
    "GetServiceLastAccessedDetails": iam_usage.get,
}
