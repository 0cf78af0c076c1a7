"""What a table shows as the text of a file, row by row on a thread: it says how far it is, and can be stopped."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tui_app.ui.explorer.saving import refusal_document

if TYPE_CHECKING:
    from tui_app.explorer.results import ViewResult
    from tui_app.ui.explorer.places import Table
    from tui_app.ui.jobs import Job

SAID_EVERY = 500
"""Rows after which it is said how far it is; a few milliseconds."""
Said = Callable[[int], None]
"""Called with the number of rows that are done; raises to stop."""


class Writing:
    """A file under way: how many rows it will have, and how many are done. `job` is what `esc` cancels."""

    def __init__(self, rows: int) -> None:
        self.rows, self.done = rows, 0
        self.job: Job | None = None


class Taken:
    """All rows that the filter lets through as they stand in the table now, with the columns that are shown.

    The screen's thread takes them, another one reads them: whatever comes into the table later is not among them.
    """

    def __init__(self, table: Table) -> None:
        table.grid.find_all()
        self.columns = table.visible()
        self.heads = [table.grid.heads[number].title for number in self.columns]
        self.about: Mapping[str, Any] = {
            "view": table.view.name,
            "identities": [{"account": visitor.account, "arn": visitor.arn} for visitor in table.visitors],
            "complete": not table.next_pages and not table.refusals and not table.pending,
            "refused": [refusal_document(result) for _, result in table.refusals],
        }
        self.count = len(table.grid.shown)
        self._numbers, self._values, self._places = table.grid.shown, table.grid.values, table.shown_rows()

    def rows(self, said: Said) -> Iterator[list[Any]]:
        """Whose each row is, where, its values, and its ARN."""
        for done, (number, (result, index)) in enumerate(zip(self._numbers, self._places, strict=True)):
            if done % SAID_EVERY == 0:
                said(done)
            yield self._row(self._values[number], result, index)

    def _row(self, values: Sequence[Any], result: ViewResult, index: int) -> list[Any]:
        who = result.identity
        return [who.account, who.arn, result.region, *(values[column] for column in self.columns), result.arns[index]]


def rows_text(taken: Taken, form: str, said: Said = lambda _: None) -> str:
    """The rows as `csv` or `json`."""
    from tui_app.explorer.export import as_csv, heads_apart

    names = heads_apart(("Account", "Identity", "Region"), taken.heads, ("ARN",))
    if form == "csv":
        return as_csv(names, taken.rows(said))
    rows = ",".join(f"\n{_indented(dict(zip(names, row, strict=True)))}" for row in taken.rows(said))
    about = json.dumps({**taken.about, "rows": []}, indent=2)
    return about.removesuffix("[]\n}") + (f"[{rows}\n  ]" if rows else "[]") + "\n}\n"


def _indented(row: Mapping[str, Any]) -> str:
    """A row where it stands in the document; a text has no line breaks of its own in JSON."""
    return "    " + json.dumps(row, indent=2).replace("\n", "\n    ")
