"""AssumeRoleWithWebIdentity: a role by the token of an OpenID Connect provider, without a signature.

Facts (STS API reference; IAM user guide, "Create a role for OpenID Connect federation"): the provider is one of the role's account, the
token's audience one of its client ids; the trust policy names the provider as `Federated` and looks at `HOST:aud` and `HOST:sub`.
The token's own signature is not looked at: whoever can reach this AWS may make tokens for it.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any

from tui_app.arns import parse_arn
from tui_app.embedded_aws import sts_limits as limits
from tui_app.embedded_aws.callers import iam_of, role_by_arn
from tui_app.embedded_aws.documents import parsed
from tui_app.embedded_aws.ledger import Ledger
from tui_app.embedded_aws.sts import credentials_of, session_of
from tui_app.embedded_aws.sts_limits import DURATION, SESSION_NAME, Limit
from tui_app.embedded_aws.wire import Answer, AwsError, AwsRequest, elements, query_answer
from tui_app.policy.evaluate import Who, evaluate
from tui_app.policy.patterns import Value

ACTION = "AssumeRoleWithWebIdentity"
_LIMITS = (Limit("RoleArn", 20, 2048, required=True), SESSION_NAME, DURATION, Limit("WebIdentityToken", 4, 20000, required=True))
_PARTS = 3


def assume_role_with_web_identity(request: AwsRequest, ledger: Ledger) -> Answer:
    """The answer, or a refusal in AWS's words.

    Raises:
        AwsError: ValidationError, InvalidIdentityToken, ExpiredTokenException or AccessDenied.
    """
    params = request.params
    limits.check(request, _LIMITS)
    arn = params["RoleArn"]
    claims = _claims(params["WebIdentityToken"])
    provider = _provider(arn, claims)
    expires, now = claims.get("exp"), ledger.now()
    if isinstance(expires, int | float) and expires <= now:
        said = f"Token expired: current date/time {int(now)} must be before the expiration date/time {int(expires)}"
        raise AwsError("ExpiredTokenException", said, 400)
    role = role_by_arn(arn)
    if role is None or not _trusted(role, provider, claims, request):
        raise AwsError("AccessDenied", f"Not authorized to perform sts:{ACTION}", 403)
    lasts = int(params.get("DurationSeconds", "3600"))
    if lasts > int(getattr(role, "max_session_duration", None) or 3600):
        raise AwsError("ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.", 400)
    session = ledger.sessions.issue(session_of(role, params["RoleSessionName"]), now, ledger.lifetime or lasts)
    user = {"AssumedRoleUser": {"AssumedRoleId": session.user_id, "Arn": session.arn}}
    about = {"SubjectFromWebIdentityToken": str(claims.get("sub", "")), "Audience": _audience(claims), "Provider": provider}
    return query_answer(request, elements(credentials_of(session) | user | about))


def _claims(token: str) -> Mapping[str, Any]:
    parts = token.split(".")
    try:
        text = parts[1] if len(parts) == _PARTS else ""
        claims = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        claims = None
    if not isinstance(claims, dict) or not isinstance(claims.get("iss"), str):
        said = "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)"
        raise AwsError("InvalidIdentityToken", said, 400)
    return claims


def _provider(arn: str, claims: Mapping[str, Any]) -> str:
    """The ARN of the provider in the role's account that the token is of."""
    role = parse_arn(arn)
    account, partition = (role.account, role.partition) if role else ("", "aws")
    known = iam_of(account, partition).open_id_providers if len(account) == 12 and account.isdigit() else {}  # noqa: PLR2004 - an account
    issuer = _host(claims["iss"])
    provider = next((one for one in known.values() if _host(str(one.url)) == issuer), None)
    if provider is None:
        raise AwsError("InvalidIdentityToken", f"No OpenIDConnect provider found in your account for {claims['iss']}", 400)
    if _audience(claims) not in provider.client_id_list:
        raise AwsError("InvalidIdentityToken", "Incorrect token audience", 400)
    return str(provider.arn)


def _host(url: str) -> str:
    return url.removeprefix("https://").rstrip("/")


def _audience(claims: Mapping[str, Any]) -> str:
    found = claims.get("aud")
    return str(found[0] if isinstance(found, list) and found else found or "")


def _trusted(role: Any, provider: str, claims: Mapping[str, Any], request: AwsRequest) -> bool:
    host = _host(claims["iss"]).lower()
    context: dict[str, Value] = {
        f"{host}:aud": _audience(claims),
        f"{host}:sub": str(claims.get("sub", "")),
        "sts:rolesessionname": request.params["RoleSessionName"],
        "aws:federatedprovider": provider,
        "aws:sourceip": request.ip,
    }
    who = Who(frozenset(), "", federated=frozenset({provider}))
    return evaluate((parsed(role.assume_role_policy_document),), f"sts:{ACTION}", None, context, who).allowed
