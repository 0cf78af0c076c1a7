"""How a person has laid out the tables of a view."""

from __future__ import annotations

from tui_app.values import frozen


@frozen
class Layout:
    """The columns that are hidden, by their titles, the tags that are columns, and the title of the column sorted by; "" for none."""

    hidden: frozenset[str] = frozenset()
    tags: tuple[str, ...] = ()
    sort: str = ""
    down: bool = False
