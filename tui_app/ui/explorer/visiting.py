"""Who looks at resources: roles with a session that lasts, each stamped with the identity that AWS knows it by."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from tui_app.explorer.labels import Named
from tui_app.text import clean
from tui_app.ui.explorer.places import Visitor

if TYPE_CHECKING:
    from tui_app.ui.store import Store


def visitors_of(store: Store, keys: tuple[str, ...]) -> tuple[Visitor, ...]:
    """The live ones among these roles; two profiles of one role are told apart by their names."""
    found = tuple(filter(None, (visitor(store, key) for key in keys)))
    labels = Counter(one.label for one in found)
    return tuple(_with_key(one) if labels[one.label] > 1 else one for one in found)


def _with_key(one: Visitor) -> Visitor:
    key = clean(one.key)
    return replace(one, label=f"{one.label} {key}", named=replace(one.named, role=f"{one.named.role} {key}"))


def visitor(store: Store, key: str) -> Visitor | None:
    """A role with a session that lasts, stamped with the session's identity."""
    session, entry = store.live(key), store.entry(key)
    if session is None or entry is None:
        return None
    named = Named(entry.account, entry.role)
    return Visitor(key, f"{entry.account} {entry.role}", session.identity.account, session.identity.arn, named)
