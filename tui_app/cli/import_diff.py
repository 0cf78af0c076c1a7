"""What an import would change, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from tui_app import paths
from tui_app.cli.context import Context
from tui_app.cli.inks import Inks
from tui_app.discovery.difference import Change, Difference
from tui_app.text import clean, plural

_SIGNS = {"new": "+", "changed": "~", "gone": "-"}
_INKS = {"new": "live", "changed": "expiring", "gone": "failed"}
_SETTINGS_SHOWN = 6


def lines(found: Difference, context: Context) -> Iterator[str]:
    """The diff by account, then what was left out, and the counts last, where the eye is."""
    inks = Inks(context.environ)
    for (number, name), changes in groupby(found.changes, key=lambda change: (change.account_id, change.account_name)):
        listed = list(changes)
        own = next((change for change in listed if not change.role), None)
        yield _account(number, name, own, inks)
        for change in listed:
            if change.role:
                yield "    " + inks.paint(f"{_SIGNS[change.what]} {clean(change.role)}", _INKS[change.what]) + _settings(change, inks)
    if found.changes:
        yield ""
    for one in found.proposal.left_out:
        yield clean(f"left out  {one.what}: {one.why}", 400)
    for note in found.proposal.notes:
        yield clean(f"note  {note}", 400)
    yield summary(found, context)


def summary(found: Difference, context: Context) -> str:
    """`sso start-page: 40 roles and 12 accounts new, 2 as before → ~/…/sso-start-page.toml`."""
    name = f"{found.proposal.kind} {clean(found.proposal.name)}".rstrip()
    same = [f"{plural(found.same, 'role')} as before"] if found.same and found.changes else []
    already = [f"{plural(found.already, 'role')} in other files already"] if found.already else []
    told = ", ".join([found.counts(), *same, *already])
    where = f" → {clean(paths.shown(found.path, context.environ))}" if found.changes else ""
    return f"{name}: {told}{where}"


def document(found: Difference, *, written: bool) -> dict[str, Any]:
    """The `--json` answer."""
    return {
        "source": {"kind": found.proposal.kind, "name": found.proposal.name},
        "file": found.path,
        "written": written,
        "accounts": found.accounts,
        "roles": found.roles,
        "new": [_change(change) for change in found.of("new")],
        "changed": [_change(change) for change in found.of("changed")],
        "gone": [_change(change) for change in found.of("gone")],
        "same": found.same,
        "already": found.already,
        "left_out": [{"what": one.what, "why": one.why} for one in found.proposal.left_out],
        "notes": list(found.proposal.notes),
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "kind": "role" if change.role else "account",
        "account": {"id": change.account_id, "name": change.account_name},
        "role": change.role or None,
        "settings": {name: {"old": old or None, "new": new or None} for name, old, new in change.settings},
    }


def _account(number: str, name: str, own: Change | None, inks: Inks) -> str:
    sign = _SIGNS[own.what] if own else " "
    label = inks.paint(clean(name), "strong") + "  " if name else ""
    told = _settings(own, inks) if own and own.what == "changed" else _environment(own, inks)
    return f"  {inks.paint(sign, _INKS[own.what] if own else 'muted')} {label}{number}{told}"


def _environment(own: Change | None, inks: Inks) -> str:
    said = next((new for name, _, new in own.settings if name == "environment"), "") if own else ""
    return "  " + inks.paint(said, "prod" if said == "prod" else "muted") if said else ""


def _settings(change: Change, inks: Inks) -> str:
    """What differs; of something new, what it starts with beyond the way there, which its source has already said."""
    if change.what == "gone":
        return ""
    if change.what == "new":
        parts = [f"{name} {new}" for name, _, new in change.settings if name != "via"]
    else:
        parts = [f"{name} {old or 'nothing'} → {new or 'nothing'}" for name, old, new in change.settings]
    shown, more = parts[:_SETTINGS_SHOWN], len(parts) - _SETTINGS_SHOWN
    return "  " + inks.paint(", ".join(shown) + (f" and {more} more" if more > 0 else ""), "muted") if shown else ""
