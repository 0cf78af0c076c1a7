"""Whom a `login_session` names: `aws login` writes the ARN of whoever signed in, a role's session, an IAM user or an account's root.

Source: AWS CLI v2 awscli/customizations/login; botocore 1.44 `generate_login_cache_key` and `get_login_token_cache_directory`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from tui_app import paths
from tui_app.values import frozen

SETTING = "login_session"
VIA = "aws login"
"""What stands under *via* for a profile of `aws login`."""
_ARN = re.compile(
    r"(?a)arn:(?P<partition>aws[a-z-]*):(?:sts::(?P<session>\d{12}):assumed-role/(?P<role>[\w+=,.@-]{1,64})/[^/\s]+"
    r"|iam::(?P<user>\d{12}):user/(?:[\x21-\x7e]*/)?(?P<name>[\w+=,.@-]{1,64})"
    r"|iam::(?P<owner>\d{12}):root"
    r"|sts::(?P<federated>\d{12}):federated-user/(?P<guest>[\w+=,.@-]{2,32}))"
)


@frozen
class SignedIn:
    """Who signed in. `arn` is what the identity is held against: a role's without its path, else the user's or the account's own."""

    arn: str
    account: str
    partition: str
    name: str


def signed_in(login_session: str) -> SignedIn | None:
    """Whom a `login_session` names; None for a text that `aws login` does not write."""
    match = _ARN.fullmatch(login_session)
    if match is None:
        return None
    partition = match["partition"]
    if match["role"]:
        return SignedIn(f"arn:{partition}:iam::{match['session']}:role/{match['role']}", match["session"], partition, match["role"])
    account = match["user"] or match["owner"] or match["federated"]
    return SignedIn(login_session, account, partition, match["name"] or match["guest"] or "root")


def token_file(login_session: str, environ: Mapping[str, str]) -> str:
    """The file that the AWS CLI keeps the sign-in in."""
    return f"{paths.login_folder(environ)}/{token_name(login_session)}.json"


def token_name(login_session: str) -> str:
    """The stem of that file."""
    import hashlib

    return hashlib.sha256(login_session.encode("utf-8", "surrogatepass")).hexdigest()
