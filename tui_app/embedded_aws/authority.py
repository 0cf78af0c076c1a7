"""What every signed request must pass before it is answered: the age of its signature, what its kind of session may ask, its policies."""

from __future__ import annotations

from tui_app.embedded_aws import sts
from tui_app.embedded_aws.actions import iam_action
from tui_app.embedded_aws.authorization_messages import sealed
from tui_app.embedded_aws.callers import Caller
from tui_app.embedded_aws.context import context_of
from tui_app.embedded_aws.ledger import Ledger
from tui_app.embedded_aws.permission import Denial, denial
from tui_app.embedded_aws.resources import resource_of
from tui_app.embedded_aws.signature import Credential, signed_at, stamp
from tui_app.embedded_aws.wire import AwsError, AwsRequest

SKEW = 900.0
ANOTHER_SIGNATURE = (
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method."
    " Consult the service documentation for details."
)


def check_age(claim: Credential, now: float) -> None:
    """Refuse a signature that is more than 15 minutes off, or a presigned URL that has run out.

    Raises:
        AwsError: SignatureExpired, spelled by each protocol in its own way.
    """
    if claim.version == 2:  # noqa: PLR2004 - S3's old query signature carries its end
        if not claim.stamp.isdigit() or float(claim.stamp) < now:
            raise AwsError("AccessDenied", "Request has expired", 403, spelled=True)
        return
    made = signed_at(claim)
    if made is None:
        raise AwsError("IncompleteSignature", f"Date must be in ISO-8601 'basic format'. Got '{claim.stamp}'.", 400)
    if claim.date != claim.stamp[:8]:
        said = f"'{claim.date}' != '{claim.stamp[:8]}', from '{claim.stamp}'."
        said = f"Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: {said}"
        raise AwsError("SignatureDoesNotMatch", said, 403)
    if made > now + SKEW:
        said = f"Signature not yet current: {claim.stamp} is still later than {stamp(now + SKEW)} ({stamp(now)} + 15 min.)"
        raise AwsError("SignatureExpired", said, 403)
    if claim.presigned_for is not None:
        _check_presigned(claim, made + claim.presigned_for, now)
        return
    if made < now - SKEW:
        said = f"Signature expired: {claim.stamp} is now earlier than {stamp(now - SKEW)} ({stamp(now)} - 15 min.)"
        raise AwsError("SignatureExpired", said, 403)


def _check_presigned(claim: Credential, end: float, now: float) -> None:
    if end < now:
        s3 = claim.service == "s3"
        raise AwsError("AccessDenied" if s3 else "SignatureExpired", "Request has expired", 403, spelled=s3)


def restrict_session(request: AwsRequest, caller: Caller) -> None:
    """Refuse what GetSessionToken and GetFederationToken credentials can never call.

    Raises:
        AwsError: InvalidClientTokenId from IAM, AccessDenied from STS.
    """
    if request.service == "iam" and (caller.kind == "federated" or (caller.kind == "mfa" and caller.mfa_at is None)):
        raise AwsError("InvalidClientTokenId", "The security token included in the request is invalid", 403)
    if request.service == "sts" and not sts.allowed_for_kind(request, caller):
        action = f"sts:{request.action}"
        raise AwsError("AccessDenied", f"User: {caller.arn} is not authorized to perform: {action}", 403)


def authorize(ledger: Ledger, request: AwsRequest, caller: Caller) -> None:
    """Refuse what the caller's own policies do not allow.

    Raises:
        AwsError: AccessDenied, in the words of the service.
    """
    action = iam_action(request.service, request.action, request.method)
    resource = resource_of(request, caller)
    context = context_of(request, caller, ledger.now(), ledger.organizations)
    refused = denial(caller, action, resource.arn, context)
    if refused is None or (request.service == "sts" and request.action in sts.NEEDS_NO_ALLOW and not refused.explicit):
        return
    raise AwsError("AccessDenied", _sentence(request, caller, action, refused, resource.shown), 403)


def _sentence(request: AwsRequest, caller: Caller, action: str, refused: Denial, shown: str) -> str:
    on = f" on resource: {shown}" if shown else ""
    said = f"User: {caller.arn} is not authorized to perform: {action}{on}{refused.words(action)}"
    if request.service != "ec2":
        return said
    if request.action.startswith(("Describe", "Get", "Search")):
        return f"You are not authorized to perform this operation. {said}"
    details = {"allowed": False, "explicitDeny": refused.explicit, "matchedStatements": {"items": []}, "failures": {"items": []}}
    details["context"] = {"principal": {"id": caller.user_id, "arn": caller.arn}, "action": action, "resource": shown or "*"}
    return f"You are not authorized to perform this operation. {said} Encoded authorization failure message: {sealed(details)}"
