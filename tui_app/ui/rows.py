"""The rows of the role list: column widths, heads, groups and roles. Pure."""

from __future__ import annotations

from typing import NamedTuple

from tui_app.clock import time_left
from tui_app.model import Session
from tui_app.ui.draw import bar, fit, line
from tui_app.ui.glyphs import STATES
from tui_app.ui.grouping import OTHER, Group
from tui_app.ui.listing import Entry
from tui_app.ui.store import Store
from tui_app.ui.theme import Part, Row, environment_ink, is_production


class Columns(NamedTuple):
    """Widths of a row's parts; 0 where there is no room for one."""

    account: int
    role: int
    via: int
    bar: int
    margin: int


_ACCOUNT, _ROLE_COMFORT = 16, 34
"""The account's column, and from which width on the role's gives it more."""


def column_widths(width: int, widest: int = _ACCOUNT) -> Columns:
    """The bar gives way first, then via, then the role is cut in its middle; account and time are never given up.

    `widest` is the longest account's name: it gets more room where the role has plenty.
    """
    if width >= 84:  # noqa: PLR2004 - the list's own break points
        via, gauge, margin = 11, 8, 2
    elif width >= 76:  # noqa: PLR2004 - same
        via, gauge, margin = 11, 6, 1
    elif width >= 64:  # noqa: PLR2004 - same
        via, gauge, margin = 11, 0, 1
    else:
        via, gauge, margin = 0, 0, 1
    account = _ACCOUNT if width >= 52 else 10  # noqa: PLR2004 - below it the role needs the room
    fixed = 6 + account + 2 + 2 + (via + 2 if via else 0) + (gauge + 1 if gauge else 0) + 8 + margin
    role = max(4, width - fixed)
    more = max(0, min(widest - account, (role - _ROLE_COMFORT) * 2 // 3))
    return Columns(account + more, role - more, via, gauge, margin)


def column_heads(width: int, widest: int = _ACCOUNT) -> Row:
    """The heads of the columns, over their values."""
    columns = column_widths(width, widest)
    head = " " * 6 + fit("Account", columns.account + 2) + fit("Role", columns.role + 2) + ("Via" if columns.via else "")
    return line(width, [(head, "faint")], [("Left" + " " * columns.margin, "faint")])


def stripe(environment: str, ink: str = "") -> Part:
    """The environment at the left edge: production fills the cell. `ink` is the colour that the files give."""
    ink = ink or environment_ink(environment)
    return ("█", "fill on ground") if is_production(environment) else ("▎", f"{ink} on ground")


def heading_row(width: int, group: Group, live: int, more: str = "", ink: str = "") -> Row:
    """The head of a group: its name, what more there is to say of it, how many roles, how many of them live."""
    count = len(group.indices)
    words = f"   {count:,} {'role' if count == 1 else 'roles'}" + (f", {live} live" if live else "")
    known = group.environment
    edge = stripe(known, ink) if known else (" ", "text on ground")
    name_ink = "text" if group.heading != known and not known else ink or environment_ink(known)
    if group.heading == OTHER:
        name_ink = environment_ink(OTHER)
    parts = [
        edge,
        (" " * 5, ""),
        (group.heading, f"bold {name_ink}"),
        (f"   {group.note}" if group.note else "", "muted"),
        (words, "faint"),
    ]
    return line(width, parts, [(more, "faint")] if more else [])


class Said(NamedTuple):
    """What a row says of its session: glyph, ink, the words of its last column, the share of time left."""

    glyph: str
    ink: str
    words: str
    share: float = 0.0
    bold: bool = False


def said(store: Store, key: str, now: float, spinner: str, *, row: bool = False) -> Said:
    """The state of a role in glyph and word; in a row of the list a stopped shell goes before the time."""
    work, session = store.work.get(key), store.live(key, now)
    if work:
        asking = work.word in ("code?", "allow?")
        return Said(spinner if not asking else STATES["working"][0], "accent", work.word)
    child = store.children.get(key)
    stopped = row and bool(child and child.stopped)
    if session:
        glyph, ink = STATES[store.state(key, now)]
        words = "stopped" if stopped else time_left(session.left(now))
        return Said(glyph, ink, words, share_left(session, now), bold=True)
    state = store.state(key, now)
    glyph, ink = STATES[state]
    words = store.failures[key].word if state == "failed" else "expired" if state == "expired" else "—"
    return Said(glyph, ink, "stopped" if stopped else words)


def share_left(session: Session, now: float) -> float:
    """How much of the session's life is left, from 0 to 1."""
    whole = session.credentials.expires - session.issued
    return min(1.0, max(0.0, session.left(now) / whole)) if whole > 0 else 0.0


def role_row(width: int, entry: Entry, here: str, mark: str, words: Said, widest: int = _ACCOUNT) -> Row:
    """A role. `here` is `focused` or `unfocused` on the cursor's row; `mark` is the favourite's number and `+` where marked."""
    columns = column_widths(width, widest)
    quiet = words.words in ("—", "expired")
    name = "bold text" if here else "muted" if quiet else "text"
    marks: list[Part] = [(f"{mark} ", "muted")]
    if here == "unfocused":
        marks = [("▸", "bold accent"), (f"{mark[1]} ", "muted")]
    # few parts make a quick row: what has the same ink is one of them
    parts: list[Part] = [stripe(entry.environment, entry.own_ink), *marks, (f"{words.glyph} ", f"bold {words.ink}")]
    parts.append((f"{fit(entry.account, columns.account, cut='middle')}  {fit(entry.role, columns.role, cut='middle')}  ", name))
    if columns.via:
        parts.append((fit(entry.via, columns.via, cut="middle") + "  ", "muted"))
    last, ink = words.words.rjust(8), f"bold {words.ink}" if words.bold else words.ink
    if columns.bar and words.share:
        parts += [*bar(columns.bar, words.share, words.ink), (f" {last}", ink)]
    else:
        parts.append((" " * (columns.bar + 1 if columns.bar else 0) + last, ink))
    return line(width, parts, on="cursor" if here == "focused" else "")
