"""Whether the keys that came back are who was asked for."""

from __future__ import annotations

from tui_app.arns import account_of, parse_arn
from tui_app.errors import WrongIdentity
from tui_app.model import Identity
from tui_app.text import clean

RESERVED = "AWSReservedSSO_"
_SUFFIX = 16
_HEX = frozenset("0123456789abcdef")


def role_of(arn: str) -> tuple[str, str]:
    """Account and role name, without its path, of a role's ARN or of an assumed-role session's; empty texts for anything else."""
    parts = parse_arn(arn)
    if parts is None:
        return "", ""
    kind, _, rest = parts.resource.partition("/")
    if kind == "role" and rest:
        return parts.account, rest.rpartition("/")[2]
    if kind == "assumed-role" and rest:
        return parts.account, rest.partition("/")[0]
    return parts.account, ""


def name_of(arn: str) -> str:
    """The name of a role, of an assumed-role session's role, or of a user, without its path; `root` of an account's root."""
    return role_of(arn)[1] or arn.rpartition(":")[2].rpartition("/")[2]


def same_role(role_arn: str, session_arn: str) -> bool:
    """Whether an assumed-role session is of that role: same partition, account and name (STS drops the path)."""
    wanted, got = role_of(role_arn), role_of(session_arn)
    return bool(wanted[1]) and wanted == got and role_arn.split(":", 2)[1] == session_arn.split(":", 2)[1]


def same_permission_set(role_arn: str, session_arn: str) -> bool:
    """Whether an assumed-role session is of the permission set that `role/NAME` stands for.

    Its real role is `AWSReservedSSO_NAME_` and 16 hex digits, which are known only once AWS has said them (IAM Identity Center user
    guide, "Reference permission sets in resource policies").
    """
    (account, name), (got_account, got) = role_of(role_arn), role_of(session_arn)
    beginning, _, suffix = got.rpartition("_")
    is_suffix = len(suffix) == _SUFFIX and not set(suffix) - _HEX
    same = bool(name) and account == got_account and role_arn.split(":", 2)[1] == session_arn.split(":", 2)[1]
    return same and is_suffix and beginning == RESERVED + name


def same_user(arn: str, caller_arn: str) -> bool:
    """Whether a caller is the IAM user, the federated user or the account's root that an ARN names."""
    return bool(account_of(arn)) and not role_of(arn)[1] and arn == caller_arn


def is_role(role_arn: str, session_arn: str) -> bool:
    """Whether a session is of the role, of the permission set, or of the user who signed in, that an ARN of the files names."""
    return same_role(role_arn, session_arn) or same_permission_set(role_arn, session_arn) or same_user(role_arn, session_arn)


def check_identity(role_arn: str, identity: Identity, *, permission_set: bool = False) -> None:
    """Compare GetCallerIdentity's answer with the role asked for; `permission_set`: the role is one of Identity Center.

    Raises:
        WrongIdentity: another account or role answered.
    """
    fits = same_role(role_arn, identity.arn) or same_user(role_arn, identity.arn)
    fits = fits or (permission_set and same_permission_set(role_arn, identity.arn))
    if identity.account == role_of(role_arn)[0] and fits:
        return
    raise WrongIdentity(
        f"AWS says these credentials are {clean(identity.arn, 512)}, but {clean(role_arn, 512)} was asked for.",
        "They were thrown away and nothing was handed over; check the role's ARN and the endpoint.",
    )
