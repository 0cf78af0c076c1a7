"""The rows round a table, drawn from the state of the screen: band, head, notes, stamp."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_app.explorer.labels import told_apart
from tui_app.text import clean, middle_cells
from tui_app.ui.bands import band
from tui_app.ui.draw import BLANK, cells, fit, line
from tui_app.ui.explorer import reloading
from tui_app.ui.explorer.describing import FORMATS
from tui_app.ui.explorer.following import is_gone
from tui_app.ui.explorer.grid_rows import head_row
from tui_app.ui.explorer.looking_round import tally_of
from tui_app.ui.explorer.reload_rows import gone_rows, reload_parts
from tui_app.ui.explorer.told import counts, named_keys, note_rows, said_of, stamp_rows, state_parts
from tui_app.ui.rows import said
from tui_app.ui.theme import Part, Row

if TYPE_CHECKING:
    from tui_app.ui.explorer.places import Table, Visitor
    from tui_app.ui.explorer.screen import Explorer

SHORTEST_NAME, LONG_NAME = 12, 20
"""Where the names side by side would have fewer columns than this, they get those of the words before them; and from which on account
and role are both told, if cut.
"""


def band_rows(screen: Explorer, width: int) -> list[Row]:
    """Whose session this is, or whose are side by side."""
    store = screen.deck.store
    if len(screen.visitors) == 1:
        entry = store.entry(screen.visitors[0].key)
        return [band(width, entry, said(store, entry.key, store.clock(), screen.deck.spin()))] if entry else [BLANK]
    return [_beside_band(screen, width)]


def _beside_band(screen: Explorer, width: int) -> Row:
    """The roles side by side, as whole as there is room for; those whose session is over say so."""
    store, named = screen.deck.store, tuple(visitor.named for visitor in screen.visitors)
    ends = [" ○ ended" if store.live(visitor.key) is None else "" for visitor in screen.visitors]
    lead, mark = f"  {len(named)} roles side by side", "   ▌ "
    room = width - 2 - sum(map(len, ends))
    if (room - len(lead)) // len(named) - len(mark) < SHORTEST_NAME:
        lead, mark = f"  {len(named)} roles", " ▌ "
    shared = room - len(lead) - len(mark) * len(named)
    wholes, each = [visitor.label for visitor in screen.visitors], max(1, shared // len(named))
    halves = [middle_cells(label, each) for label in wholes]
    if sum(cells([(label, "")]) for label in wholes) <= shared:
        labels = wholes
    else:
        labels = halves if each >= LONG_NAME and len(set(halves)) == len(halves) else list(told_apart(named, each))
    parts: list[Part] = [(lead, "bold text")]
    for visitor, label, end in zip(screen.visitors, labels, ends, strict=True):
        entry = store.entry(visitor.key)
        parts += [(mark, entry.ink if entry else "text"), (label, "text"), (end, "soon")]
    return line(width, parts, on="raised")


def head_rows(screen: Explorer, width: int) -> list[Row]:
    """Trail, count and filter, what is under way, the heads of the columns."""
    table = screen.table
    if table is None:
        return []
    if screen.detail is not None:
        return _head_of_details(screen, table, width)
    keys = named_keys(screen.deck.keys)
    filtered = (screen.typing and screen.part == "rows") or (table.grid.query and screen.part not in ("views", "refusals"))
    if filtered:
        behind = [("   / ", "bold accent"), *_field_parts(screen)]
        right: list[Part] = [(f"{counts(table)}  ", "muted")]
    else:
        behind = [("   What is missing", "text")] if screen.part == "refusals" else [(f"   {counts(table)}", "muted")]
        right = [(keys.filter, "bold accent"), (" filter  ", "faint")] if screen.part == "rows" and table.grid.cells else []
    title = [*_trail_parts(screen, width - cells((*behind, *right)) - 1), *behind]
    state = _state(screen, table)
    rows = [line(width, title, right)]
    rows += [line(width, [("  ", ""), *state])] if state else [BLANK] if screen.airy else []
    rows += [head_row(table.grid, screen.body.laid, width)] if table.grid.shown and screen.body.grid is table.grid else []
    return [BLANK, *rows] if screen.airy else rows


def _state(screen: Explorer, table: Table) -> list[Part]:
    """What is under way, what is old, what broke off, and how the table reloads itself."""
    itself, keys = _reload_parts(screen), named_keys(screen.deck.keys)
    described = screen.detail[0] if screen.detail is not None else None
    state = state_parts(table, screen.deck.store.clock(), screen.spinner(), keys, described)
    if itself and state:
        # what a person has to do comes first, as the end of the line may be cut
        return [*state, ("   ", ""), *itself] if table.ended else [*itself, ("   ", ""), *state]
    return state or itself


def _head_of_details(screen: Explorer, table: Table, width: int) -> list[Row]:
    """Trail and forms, and how the table stands that the row is of."""
    state = _state(screen, table)
    if is_gone(screen):
        state = [*state, *([(" · ", "faint")] if state else []), ("this row is gone", "bold text")]
    forms: list[Part] = []
    for number, name in enumerate(FORMATS):
        forms += [("  ", ""), (name, "bold underline text" if number == screen.form else "muted")]
    named = _trail_parts(screen, width - cells(forms) - 4)
    rows = [line(width, named, [*forms, ("  ", "")]), *([line(width, [("  ", ""), *state])] if state else [])]
    return [BLANK, *rows] if screen.airy else rows


def _reload_parts(screen: Explorer) -> list[Part]:
    """How the table reloads itself, and what that changed."""
    itself, table = reloading.of(screen), screen.table
    if itself is None or table is None:
        return []
    return reload_parts(itself, screen.deck.store.clock(), held=reloading.held(screen, table))


def _trail_parts(screen: Explorer, room: int) -> list[Part]:
    """Where one is: `S3 buckets > dev-assets > Objects`; of a long one the end."""
    parts: list[Part] = [("  ", ""), (clean(screen.trail[0].view.title), "bold text")]
    for number, table in enumerate(screen.trail[1:], 1):
        name = clean(table.opened.name) if table.opened else ""
        parts += [(" > ", "faint"), (name, "muted")]
        # folder in folder is one view, whose title stands once
        if screen.trail[number + 1 : number + 2] == [] or screen.trail[number + 1].view is not table.view:
            parts += [(" > ", "faint"), (clean(table.view.title), "bold text")]
    if screen.detail is not None:
        result, index = screen.detail
        parts += [(" > ", "faint"), (clean(result.ids[index] or (result.rows[index] or ("",))[0]), "text")]
    cut = 2
    while cells(parts) > room and len(parts) - cut > 2:  # noqa: PLR2004 - the last name and what stands before it
        parts, cut = [("  ", ""), ("…", "faint"), *parts[cut:]], 4
    return parts


def _field_parts(screen: Explorer) -> list[Part]:
    text = clean(screen.field.text if screen.typing else screen.table.grid.query if screen.table else "")
    if not screen.typing:
        return [(text, "bold text")]
    at = min(screen.field.at, len(text))
    return [(text[:at], "underline accent"), (text[at : at + 1] or " ", "reverse text"), (text[at + 1 :], "underline accent")]


def notes_below(screen: Explorer, width: int) -> list[Row]:
    """What is missing from the rows."""
    if screen.table is None or screen.detail is not None or screen.part == "refusals":
        return []
    itself, notes = reloading.of(screen), note_rows(screen.table, width, named_keys(screen.deck.keys))
    gone = gone_rows(itself, width) if itself is not None else []
    return [*notes, *(gone if notes else [BLANK, *gone])] if gone else notes


def stamp_below(screen: Explorer, width: int) -> list[Row]:
    """Who was answered."""
    if screen.table is None:
        return []
    visitor = _looked_at(screen, screen.table)
    entry = screen.deck.store.entry(visitor.key)
    name = entry.account if entry else visitor.account
    rows = stamp_rows(screen.table, tally_of(screen.deck), width, screen.deck.store.clock(), visitor, name)
    return [BLANK, *rows] if screen.airy else rows


def _looked_at(screen: Explorer, table: Table) -> Visitor:
    """Whose row is looked at; the first, where there is none."""
    here = screen.here() or table.under_cursor()
    return next((one for one in table.visitors if here is not None and one.is_whom(here[0])), table.visitors[0])


def views_stamp_below(screen: Explorer, width: int) -> list[Row]:
    """Who was answered, below the views where no table stands beside them."""
    if screen.split:
        return []
    said: Part = (f"   {said_of(tally_of(screen.deck))}  ", "faint")
    if len(screen.visitors) > 1:
        return [line(width, [("  Each column was answered to that role's own session", "faint")], [said])]
    who = screen.visitors[0]
    name = clean(who.arn.partition("assumed-role/")[2] or who.arn)
    right: list[Part] = [(who.account, "text"), said]
    room = max(8, width - 16 - cells(right))
    sight = screen.sight(who)
    verb = "  Answered to " if sight is not None and (sight.results or sight.before) else "  Asking as "
    return [line(width, [(verb, "faint"), (fit(name, room, cut="middle").rstrip(), "text")], right)]
