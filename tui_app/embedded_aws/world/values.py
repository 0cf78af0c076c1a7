"""The shapes the world is written in, and the few functions that keep its policies readable."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from tui_app.values import frozen

Json = Mapping[str, Any]
Tags = tuple[tuple[str, str], ...]


@frozen
class AccountSeed:
    """An account of the world: which organizational unit it is in, since when, and the regions where it has something."""

    id: str
    name: str
    unit: str
    joined: str
    regions: tuple[str, ...] = ("eu-west-1", "us-east-1")

    @property
    def alias(self) -> str:
        """The account alias, unique in all of AWS."""
        return f"example-{self.name}"

    @property
    def email(self) -> str:
        """The address of the root user."""
        return f"aws+{self.name}@example.com"


@frozen
class UserSeed:
    """An IAM user; `key` and `mfa` say whether it has an access key and a virtual MFA device of the same name."""

    account: str
    name: str
    policies: Mapping[str, Json]
    key: str = ""
    mfa: bool = False
    groups: tuple[str, ...] = ()
    path: str = "/"
    tags: Tags = ()

    @property
    def arn(self) -> str:
        """The user's ARN."""
        return f"arn:aws:iam::{self.account}:user{self.path}{self.name}"

    @property
    def serial(self) -> str:
        """The ARN of its virtual MFA device."""
        return f"arn:aws:iam::{self.account}:mfa/{self.name}"

    @property
    def key_id(self) -> str:
        """Its access key id, which carries the account as AWS's own do."""
        return access_key_id(self.account, self.name)

    @property
    def key_secret(self) -> str:
        """The secret of that key: derived, so that a demo is the same every time, and worth nothing anywhere else."""
        return base64.b64encode(_digest("secret", self.arn)).decode()[:40]

    @property
    def mfa_seed(self) -> str:
        """The base32 seed of its virtual MFA device."""
        return base64.b32encode(_digest("seed", self.arn)).decode().rstrip("=")


@frozen
class RoleSeed:
    """An IAM role: whom it trusts, what it may do (managed policies by name, the account's own by `policies`)."""

    account: str
    name: str
    trust: Json
    managed: tuple[str, ...] = ()
    policies: Mapping[str, Json] | None = None
    path: str = "/"
    max_session: int = 3600
    description: str = ""
    tags: Tags = ()
    boundary: Json | None = None

    @property
    def arn(self) -> str:
        """The role's ARN."""
        return f"arn:aws:iam::{self.account}:role{self.path}{self.name}"


def access_key_id(account: str, name: str) -> str:
    """An `AKIA…` key id: AWS encodes the account in the eight characters after the prefix, and so does moto."""
    number = int(account)
    encoded = base64.b32encode((number // 2 + 0x80_0000_0000).to_bytes(5, "big")).decode()
    alphabet = "QRSTUVWXYZ234567" if number % 2 else "ABCDEFGHIJKLMNOP"
    drawn = base64.b32encode(_digest("key", account, name)).decode()
    return "AKIA" + encoded + alphabet[ord(drawn[0]) % 16] + drawn[1:8]


def unique_id(prefix: str, arn: str) -> str:
    """A stable unique id such as `AIDA…` or `AROA…` for the principal with this ARN (21 characters)."""
    return prefix + base64.b32encode(_digest("id", arn)).decode()[:17]


def root_of(account: str) -> str:
    """The principal that stands for a whole account in a trust policy."""
    return f"arn:aws:iam::{account}:root"


def policy(*statements: Json) -> Json:
    """A policy document."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(*actions: str, on: str | tuple[str, ...] = "*", when: Json | None = None, sid: str = "") -> Json:
    """A statement that allows `actions` on the resources `on`."""
    return _statement("Allow", actions, on, when, sid)


def deny(*actions: str, on: str | tuple[str, ...] = "*", when: Json | None = None, sid: str = "") -> Json:
    """A statement that denies `actions` on the resources `on`."""
    return _statement("Deny", actions, on, when, sid)


def trust(
    principal: str | tuple[str, ...], when: Json | None = None, *, service: bool = False, actions: tuple[str, ...] = ("sts:AssumeRole",)
) -> Json:
    """A trust policy with one statement; `principal` is an ARN or account, or a service's name with `service`."""
    who = principal if isinstance(principal, str) else list(principal)
    statement: dict[str, Any] = {"Effect": "Allow", "Principal": {"Service" if service else "AWS": who}, "Action": _one_or_more(actions)}
    return policy(statement | ({"Condition": when} if when else {}))


def document(value: Json) -> str:
    """A policy as the text AWS keeps."""
    return json.dumps(value)


def _statement(effect: str, actions: tuple[str, ...], on: str | tuple[str, ...], when: Json | None, sid: str) -> Json:
    resources = on if isinstance(on, str) else list(on)
    statement: dict[str, Any] = {"Sid": sid} if sid else {}
    statement |= {"Effect": effect, "Action": _one_or_more(actions), "Resource": resources}
    return statement | ({"Condition": when} if when else {})


def _one_or_more(actions: tuple[str, ...]) -> Any:
    return actions[0] if len(actions) == 1 else list(actions)


def _digest(*parts: str) -> bytes:
    return hashlib.sha256("\0".join(("roledeck demo", *parts)).encode()).digest()
