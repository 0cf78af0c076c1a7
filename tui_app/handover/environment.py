"""The environment of a child that is to be one role and nobody else: what is removed, what is told, what is set.

Every variable that botocore and the SDKs for JavaScript and Go read is classed here; a test fails when one of the first two
learns a new one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from tui_app import paths
from tui_app.clock import rfc3339
from tui_app.errors import RoledeckError
from tui_app.handover import formats
from tui_app.model import Session
from tui_app.values import frozen

IDENTITY = frozenset({
    "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN", "AWS_CREDENTIAL_EXPIRATION",
    "AWS_CREDENTIAL_SCOPE", "AWS_SESSION_EXPIRATION", "AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME",
    "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "AWS_CREDENTIAL_FILE", "AWS_ACCOUNT_ID",
    "AWS_LOGIN_CACHE_DIRECTORY", "AWS_SIGV4A_SIGNING_REGION_SET", "BOTO_CONFIG", "AWS_ACCESS_KEY", "AWS_SECRET_KEY",
    "AMAZON_ACCESS_KEY_ID", "AMAZON_SECRET_ACCESS_KEY", "AWS_SDK_LOAD_CONFIG", "AWS_VAULT",
})  # fmt: skip
"""Who the child would be, or believe to be: removed without a word."""
IDENTITY_PREFIXES = ("AWS_BEARER_TOKEN_", "AWSUME_", "GRANTED_", "AWS_SSO", "AWS_OKTA_", "SAML2AWS_", "LEAPP_")
REGION = frozenset({"AWS_REGION", "AWS_DEFAULT_REGION"})
"""Replaced by the role's region, where one is known."""
OURS = frozenset({"ROLEDECK_MFA_CODE", "LINES", "COLUMNS", *paths.OWN.values()})
OURS_PREFIXES = ("TEXTUAL",)
"""Of this program or its screen; no business of a child's."""
REDIRECT = frozenset({
    "AWS_ENDPOINT_URL", "AWS_EC2_METADATA_SERVICE_ENDPOINT", "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "AWS_DATA_PATH",
    "BOTOCORE_EXPERIMENTAL__PLUGINS", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
})  # fmt: skip
REDIRECT_PREFIXES = ("AWS_ENDPOINT_URL_", "AWS_CSM_")
"""Would send the child's requests elsewhere, or load code into it: removed, and told."""
KEPT = frozenset({
    "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_CA_BUNDLE", "AWS_MAX_ATTEMPTS", "AWS_RETRY_MODE", "AWS_DEFAULTS_MODE",
    "AWS_USE_FIPS", "AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK", "AWS_USE_DUALSTACK_ENDPOINT", "AWS_STS_REGIONAL_ENDPOINTS",
    "AWS_STS_USE_GLOBAL_ENDPOINT", "AWS_ACCOUNT_ID_ENDPOINT_MODE", "AWS_AUTH_SCHEME_PREFERENCE", "AWS_DISABLE_HOST_PREFIX_INJECTION",
    "AWS_DISABLE_REQUEST_COMPRESSION", "AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES", "AWS_REQUEST_CHECKSUM_CALCULATION",
    "AWS_RESPONSE_CHECKSUM_VALIDATION", "AWS_ENDPOINT_DISCOVERY_ENABLED", "AWS_ENABLE_ENDPOINT_DISCOVERY",
    "AWS_DISABLE_CLOCK_SKEW_CORRECTION", "AWS_ENABLE_DEFAULT_SOCKET_TIMEOUT_2026", "AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED",
    "AWS_EXECUTION_ENV", "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_SDK_UA_APP_ID", "AWS_IMDS_USE_IPV6", "AWS_EC2_METADATA_V1_DISABLED", "AWS_METADATA_SERVICE_NUM_ATTEMPTS",
    "AWS_METADATA_SERVICE_TIMEOUT", "AWS_S3CONTROL_USE_ARN_REGION", "AWS_S3_ACCELERATE", "AWS_S3_DISABLE_EXPRESS_SESSION_AUTH",
    "AWS_S3_DISABLE_MRAP", "AWS_S3_DISABLE_MULTIREGION_ACCESS_POINTS", "AWS_S3_FORCE_PATH_STYLE", "AWS_S3_USE_ARN_REGION",
    "AWS_S3_USE_GLOBAL_ENDPOINT", "AWS_S3_US_EAST_1_REGIONAL_ENDPOINT", "AWS_PAGER", "AWS_DEFAULT_OUTPUT", "BOTOCORE_TCP_KEEPALIVE",
    "BOTO_DISABLE_CRT", "BOTO_EXPERIMENTAL__ADD_PROXY_HOST_HEADER", "BOTO_EXPERIMENTAL__NO_EMPTY_CONTINUE",
})  # fmt: skip
"""How requests are made, not whose they are: the user's own choice."""
SET = frozenset({"AWS_EC2_METADATA_DISABLED"})
"""Set by us whatever it was: without it, a child whose credentials have run out would become the machine's own role."""

MARK = "ROLEDECK_ROLE"
_PROXIES = ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")
_KEY_ID = re.compile(r"[A-Z0-9]{16,128}")
_REGION = re.compile(r"[a-z0-9-]{1,32}")


@frozen
class ChildEnvironment:
    """All variables of the child; `removed` names what was taken out, `reported` the part of it that a person should hear of."""

    variables: Mapping[str, str]
    removed: tuple[str, ...]
    reported: tuple[str, ...]

    def __repr__(self) -> str:
        return f"ChildEnvironment({len(self.variables)} variables, removed={self.removed}, reported={self.reported})"

    def sentence(self) -> str:
        """What a person should hear, or an empty text."""
        if not self.reported:
            return ""
        verb = "is" if len(self.reported) == 1 else "are"
        return f"{', '.join(self.reported)} {verb} not handed on: the credentials would go elsewhere."


def child_environment(
    parent: Mapping[str, str], session: Session, *, region: str | None = None, endpoint_url: str | None = None, mark: str = ""
) -> ChildEnvironment:
    """The parent's environment, cleaned, with the session's credentials in it; `mark` becomes ROLEDECK_ROLE, the session's key without one.

    Raises:
        RoledeckError: a value has characters that no credential has.
    """
    given = session_variables(session, region=region, endpoint_url=endpoint_url)
    return _environment(parent, given, region, endpoint_url, mark or session.role_key)


def renewing_environment(
    parent: Mapping[str, str], served: Mapping[str, str], *, region: str | None = None, endpoint_url: str | None = None, mark: str = ""
) -> ChildEnvironment:
    """The same with `served`, the variables that lead to a credential endpoint of the child's own, in place of credentials."""
    where = {"AWS_REGION": region, "AWS_DEFAULT_REGION": region} if region else {}
    given = {**served, **where, **({"AWS_ENDPOINT_URL": endpoint_url} if endpoint_url else {})}
    made = _environment(parent, given, region, endpoint_url, mark)
    return replace(made, variables={**made.variables, **_spared(made.variables, "127.0.0.1")})


def _environment(
    parent: Mapping[str, str], given: Mapping[str, str], region: str | None, endpoint_url: str | None, mark: str
) -> ChildEnvironment:
    parent = paths.with_own_files(parent)
    removed = tuple(sorted(name for name in parent if is_identity(name) or is_redirect(name) or _is_ours(name) or name in SET))
    reported = tuple(name for name in removed if is_redirect(name) and parent[name] != endpoint_url)
    variables = {name: value for name, value in parent.items() if name not in removed}
    if region:
        variables = {name: value for name, value in variables.items() if name not in REGION}
    variables |= {**given, "AWS_EC2_METADATA_DISABLED": "true", MARK: mark}
    return ChildEnvironment(variables | _past_the_proxy(variables, endpoint_url), removed, reported)


def session_variables(session: Session, *, region: str | None = None, endpoint_url: str | None = None) -> dict[str, str]:
    """The variables that make a program the session's role.

    Raises:
        RoledeckError: a value has characters that no credential has.
    """
    key = session.credentials.key
    variables = {"AWS_ACCESS_KEY_ID": key.id, "AWS_SECRET_ACCESS_KEY": key.secret.reveal()}
    if key.token:
        variables["AWS_SESSION_TOKEN"] = key.token.reveal()
    variables["AWS_CREDENTIAL_EXPIRATION"] = rfc3339(session.credentials.expires)
    if region:
        variables |= {"AWS_REGION": region, "AWS_DEFAULT_REGION": region}
    if endpoint_url:
        variables["AWS_ENDPOINT_URL"] = endpoint_url
    _check(variables)
    return variables


def render(
    session: Session, form: str, *, region: str | None = None, endpoint_url: str | None = None, parent: Mapping[str, str] | None = None
) -> str:
    """The session's variables in one of `formats.FORMATS`; what `parent` has that would win over them is removed first.

    Raises:
        RoledeckError: a value cannot be carried.
    """
    variables = session_variables(session, region=region, endpoint_url=endpoint_url)
    conflicting = [name for name in sorted(parent or ()) if name not in variables and conflicts(name)]
    unset = conflicting if form in formats.UNSETTING else []
    return formats.write(form, variables, unset=unset, section=session.role_key)


def conflicts(name: str) -> bool:
    """Whether an inherited variable would change who a program is or where its requests go."""
    return is_identity(name) or is_redirect(name)


def is_identity(name: str) -> bool:
    """Whether a variable says who a program is."""
    return name in IDENTITY or name.startswith(IDENTITY_PREFIXES)


def is_redirect(name: str) -> bool:
    """Whether a variable sends requests elsewhere or loads code."""
    return name in REDIRECT or name.startswith(REDIRECT_PREFIXES)


def _is_ours(name: str) -> bool:
    return name in OURS or name.startswith(OURS_PREFIXES)


def _check(variables: Mapping[str, str]) -> None:
    for name, value in variables.items():
        if name == "AWS_ACCESS_KEY_ID":
            fits = bool(_KEY_ID.fullmatch(value))
        elif name in REGION:
            fits = bool(_REGION.fullmatch(value))
        else:
            fits = bool(value) and value.isascii() and value.isprintable()
        if not fits:
            raise RoledeckError(f"{name} has characters that AWS does not use.", "Nothing was handed over.")


def _past_the_proxy(variables: Mapping[str, str], endpoint_url: str | None) -> dict[str, str]:
    """A loopback endpoint is reached directly, also where a proxy is set."""
    host = urlsplit(endpoint_url).hostname if endpoint_url else None
    return _spared(variables, host) if host in {"127.0.0.1", "localhost", "::1"} else {}


def _spared(variables: Mapping[str, str], host: str) -> dict[str, str]:
    if not any(variables.get(name) for name in _PROXIES):
        return {}
    spared = [entry for entry in (variables.get("no_proxy") or variables.get("NO_PROXY") or "").split(",") if entry]
    both = ",".join(dict.fromkeys([*spared, host]))
    return {"NO_PROXY": both, "no_proxy": both}
