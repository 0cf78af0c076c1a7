"""What several files say about the same thing: the first one goes, and a remark names both places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tui_app.catalog.checked import Checked
from tui_app.catalog.discovered import sso_session_of
from tui_app.model import Origin, Problem
from tui_app.text import clean

_ADDED_UP = ("role", "tags", "id")
"""Settings of an account that files add to each other instead of replacing."""
_TABLES = ("defaults", "storage", "aws", "keys", "theme", "explorer", "shell", "console")


def overridden(found: Sequence[Checked]) -> tuple[Problem, ...]:
    """A remark for each setting, environment and role that an earlier file says otherwise; `found` is in the order of priority."""
    first: dict[tuple[str, ...], tuple[Any, Origin]] = {}
    remarks = []
    for file in found:
        for name, value, origin in _said(file):
            before = first.setdefault(name, (value, origin))
            if before[1].path != origin.path and before[0] != value:
                sentence = f"{_named(name)} is said at {before[1]} too, and that goes first."
                remarks.append(Problem("overridden", sentence, origin, "Nothing is lost; take one of them out if it confuses."))
    return tuple(remarks)


def _said(file: Checked) -> Iterator[tuple[tuple[str, ...], Any, Origin]]:
    for name in _TABLES:
        table = file.values.get(name)
        if isinstance(table, Checked):
            for setting, value in table.values.items():
                yield (name, setting), value, table.origins[setting]
    named = file.values.get("environment", {})
    for name, table in named.items() if isinstance(named, Mapping) else ():
        yield ("environment", name), dict(table.values), table.here
    for account in file.values.get("account", ()):
        yield from _of_account(account)


def _of_account(account: Checked) -> Iterator[tuple[tuple[str, ...], Any, Origin]]:
    number = account.values.get("id", "")
    if not number:
        return
    for setting, value in account.values.items():
        if setting not in _ADDED_UP:
            yield ("account", number, setting), value, account.origins[setting]
    for role in account.values.get("role", ()):
        if "name" in role.values:
            # a role is taken whole, so it is another one even where both say the same
            # and a permission set is no role of the account, though it may have the name of one
            yield ("role", number, role.values["name"].strip("/"), sso_session_of(role.values.get("via", ""))), role.here, role.here


def _named(name: tuple[str, ...]) -> str:
    kind, *rest = map(clean, name)
    if kind == "account":
        return f'"{rest[1]}" of account {rest[0]}'
    if kind == "role":
        return f"The role {rest[1]} of account {rest[0]}"
    return f"[environment.{rest[0]}]" if kind == "environment" else f'"{rest[0]}" of [{kind}]'
