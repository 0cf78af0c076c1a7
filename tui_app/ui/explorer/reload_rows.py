"""What is said of a table that reloads itself: how often, when next, what the last reload changed. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_app.explorer.again import MOST_PAGES, said
from tui_app.text import plural
from tui_app.ui.draw import line
from tui_app.ui.explorer.told import clock_time_seconds
from tui_app.ui.glyphs import GONE
from tui_app.ui.theme import Part, Row

if TYPE_CHECKING:
    from tui_app.ui.explorer.reloading import Reloading

NAMED = 3
"""How many of the rows that are gone are named; the others are counted."""
MEANING = (
    "* stands beside a cell that changed and + before a row that is new; rows that are gone are named below the table. "
    "Marks stay until a reload changes something else. esc ends it."
)


def reload_parts(reloading: Reloading, now: float, *, held: bool) -> list[Part]:
    """`every 10 s · next in 4 s · 3 changed, 1 new, 1 gone at 12:41:07`."""
    said_so: list[Part] = [(f"every {said(reloading.pace.every)}", "text")]
    figures = len(str(reloading.pace.pause))
    if held:
        said_so.append(("waits for the session", "muted"))
    elif reloading.round is not None:
        said_so.append(("asking".ljust(len("next in  s") + figures), "muted"))
    else:
        trouble = f"{reloading.trouble}, " if reloading.trouble else ""
        said_so.append((f"{trouble}next in {reloading.seconds_left(now):>{figures}} s", "soon" if trouble else "muted"))
    if reloading.partly:
        said_so.append((f"the first {MOST_PAGES} pages only", "muted"))
    changes = reloading.counted()
    if changes:
        said_so.append((f"{changes} at {clock_time_seconds(reloading.changed_at, now)}", "bold text"))
    elif not reloading.trouble:
        said_so.append(("nothing has changed yet", "muted"))
    parts = [part for one in said_so for part in ((" · ", "faint"), one)]
    return parts[1:]


def gone_rows(reloading: Reloading, width: int) -> list[Row]:
    """Below the table: the rows that are no more."""
    names = reloading.gone()
    if not names:
        return []
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    said_so = f"{plural(len(names), 'row')} gone: "
    return [line(width, [(f"{GONE} ", "bold text"), (said_so, "muted"), (", ".join(names[:NAMED]), "text"), (more, "muted")])]
