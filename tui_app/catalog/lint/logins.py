"""Rules about a `login_session`: whether it is one, whether anybody has signed in, and who can renew it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

from tui_app.aws.own_login import can_renew
from tui_app.catalog.lint.findings import Found, Rule
from tui_app.catalog.lint.values import Value
from tui_app.catalog.login_sessions import SETTING, signed_in, token_file


def _no_sign_in(value: Value) -> Iterator[Found]:
    if value.text and signed_in(value.text) is None:
        message = f"{value.called} is not the ARN of a user, of a role's session or of an account's root."
        yield Found(value.here, message, "Run `aws login` for the profile: it writes it.")


def _renewal(value: Value) -> Iterator[Found]:
    if signed_in(value.text) is not None and not can_renew():
        message = f"{value.called} gives credentials of 15 minutes, and the library that renews them is not installed."
        yield Found(value.here, message, "pip install 'roledeck[login]' brings it; AWS CLI 2 renews them too.")


def _signed_out(value: Value) -> Iterator[Found]:
    if signed_in(value.text) is not None and not os.path.exists(token_file(value.text, value.environ)):
        message = f"{value.called} is of a sign-in that is not on this machine."
        yield Found(value.here, message, "Run `aws login` for the profile before you use it.")


def _in_python(value: Value) -> Iterator[Found]:
    if signed_in(value.text) is not None:
        message = f"{value.called} is read by boto3 and AWS CLI 1 only where botocore[crt] is installed."
        yield Found(value.here, message, "Nothing, if it is.")


LOGIN_RULES: Mapping[str, tuple[tuple[str, ...], Rule[Value]]] = {
    "bad_login_session": ((SETTING,), Rule("error", "A login_session that is not the ARN of a sign-in.", _no_sign_in)),
    "login_not_renewed": ((SETTING,), Rule("warning", "A login_session whose renewal takes the extra `login`.", _renewal)),
    "login_signed_out": ((SETTING,), Rule("hint", "A login_session that nobody has signed in for on this machine.", _signed_out)),
    "login_in_python": ((SETTING,), Rule("hint", "A login_session, which boto3 and AWS CLI 1 read only with awscrt.", _in_python)),
}
