"""The text of the files that the explorer writes: the rows of a table, or the sheet of what roles can see."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tui_app.explorer.results import ViewResult
    from tui_app.ui.explorer.places import Table, Visitor
    from tui_app.ui.sight import Sight

SAID_EVERY = 500
"""Rows after which it is said how far it is; a few milliseconds."""
Said = Callable[[int], None]
"""Called with the number of rows that are done; raises to stop."""


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
        self.view, self.count = table.view, len(table.grid.shown)
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
    """The rows as `csv` or `json`, one by one: `said` hears how far it is."""
    from tui_app.explorer.export import as_csv, heads_apart, truths_of

    names = heads_apart(("Account", "Identity", "Region"), taken.heads, ("ARN",))
    if form == "csv":
        return as_csv(names, taken.rows(said), truths_of(taken.view))
    rows = ",".join(f"\n{_indented(dict(zip(names, row, strict=True)))}" for row in taken.rows(said))
    about = json.dumps({**taken.about, "rows": []}, indent=2)
    return about.removesuffix("[]\n}") + (f"[{rows}\n  ]" if rows else "[]") + "\n}\n"


def _indented(row: Mapping[str, Any]) -> str:
    """A row where it stands in the document; a text has no line breaks of its own in JSON."""
    return "    " + json.dumps(row, indent=2).replace("\n", "\n    ")


def refusal_document(result: ViewResult) -> Mapping[str, Any]:
    """What was refused, and by whom."""
    return {
        "region": result.region,
        "identity": result.identity.arn,
        "state": result.state,
        "cause": result.cause,
        "action": result.action,
        "denied_by": result.denied_by,
        "request_id": result.request_id,
        "message": result.aws_message or result.message,
    }


def sheet_text(sights: Sequence[tuple[Visitor, Sight]], form: str) -> str:
    """What each role can see: every view with its counts, or why there are none."""
    from tui_app.explorer import sheet
    from tui_app.explorer.export import sheet_as_csv

    if form == "csv":
        return sheet_as_csv([result for _, sight in sights for result in sight.ordered])
    if form == "json":
        return json.dumps([_seen_by(visitor, sight) for visitor, sight in sights], indent=2) + "\n"
    parts = []
    for visitor, sight in sights:
        if results := sight.ordered:
            parts.append("\n".join([visitor.label, "", *sheet.overview(results), "", sheet.stamp(results)]))
    return "\n\n\n".join(parts) + "\n"


def _seen_by(visitor: Visitor, sight: Sight) -> Mapping[str, Any]:
    views = [
        {
            "view": result.view.name,
            "count": result.count if result.state == "ok" else None,
            "more": result.more,
            **refusal_document(result),
        }
        for result in sight.ordered
    ]
    return {"account": visitor.account, "arn": visitor.arn, "complete": len(views) == sight.expected, "views": views}
