"""Writing what a table shows into a file of its own: a fixed name, never over another file, for the person's own eyes only."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tui_app.errors import RoledeckError
from tui_app.text import clean

if TYPE_CHECKING:
    from tui_app.explorer.results import ViewResult
    from tui_app.ui.explorer.places import Table, Visitor
    from tui_app.ui.sight import Sight

PRIVATE = 0o600


def rows_text(table: Table, form: str) -> str:
    """The rows that the filter lets through, in the order shown, with the columns that are shown; and whose they are, where, and ARNs."""
    heads = [head.title for number, head in enumerate(table.grid.heads) if number in table.visible()]
    columns = table.visible()
    rows = [_row(table, row, result, index, columns) for row, (result, index) in zip(table.grid.shown, table.shown_rows(), strict=True)]
    names = ["Account", "Identity", "Region", *heads, "ARN"]
    if form == "csv":
        from tui_app.explorer.export import as_csv

        return as_csv(names, rows)
    document = {
        "view": table.view.name,
        "identities": [{"account": visitor.account, "arn": visitor.arn} for visitor in table.visitors],
        "complete": not table.next_pages and not table.refusals and not table.pending,
        "refused": [_refusal(result) for _, result in table.refusals],
        "rows": [_named(names, row) for row in rows],
    }
    return json.dumps(document, indent=2) + "\n"


def _row(table: Table, row: int, result: ViewResult, index: int, columns: list[int]) -> list[Any]:
    values = table.grid.values[row]
    return [result.identity.account, result.identity.arn, result.region, *(values[column] for column in columns), result.arns[index]]


def _named(names: list[str], row: list[Any]) -> Mapping[str, Any]:
    """A row as an object; a head that stands there twice is told apart."""
    named: dict[str, Any] = {}
    for name, value in zip(names, row, strict=True):
        named[f"{name} 2" if name in named else name] = value
    return named


def _refusal(result: ViewResult) -> Mapping[str, Any]:
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


def write_file(what: str, account: str, form: str, text: str, now: float, folder: str = "") -> str:
    """Write a file that was not there before, 0600, and return its name: `roledeck-ACCOUNT-WHAT-DATE-TIME.csv` in the working folder.

    Raises:
        RoledeckError: it cannot be written.
    """
    stamp = f"{datetime.fromtimestamp(now):%Y%m%d-%H%M%S}"  # noqa: DTZ006 - local time, as file managers show it
    stem = "-".join(("roledeck", *filter(None, (_plain(account), _plain(what))), stamp))
    for number in range(1, 100):
        name = f"{stem}.{form}" if number == 1 else f"{stem}-{number}.{form}"
        try:
            handle = os.open(os.path.join(folder, name), os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), PRIVATE)
        except FileExistsError:
            continue
        except OSError as error:
            raise _unwritable(error) from None
        return _filled(handle, os.path.join(folder, name), name, text)
    raise RoledeckError("There are a hundred files of this second already.", "Try again in a moment.")


def _filled(handle: int, path: str, name: str, text: str) -> str:
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        with suppress(OSError):
            os.unlink(path)
        raise _unwritable(error) from None
    return name


def _unwritable(error: OSError) -> RoledeckError:
    try:
        folder = clean(os.path.basename(os.getcwd()) or "/")
    except OSError:
        folder = "the working folder, which is no more"
    return RoledeckError(f"Nothing can be written into {folder}: {error.strerror or 'unknown'}.", "Start roledeck in a folder of your own.")


def _plain(text: str) -> str:
    return "".join(character for character in text if character.isascii() and (character.isalnum() or character in "-_"))[:64]


def sheet_text(sights: Sequence[tuple[Visitor, Sight]], form: str) -> str:
    """What each role can see: every view with its counts, or why there are none."""
    from tui_app.explorer import sheet
    from tui_app.explorer.export import sheet_as_csv

    if form == "csv":
        return sheet_as_csv([result for _, sight in sights for result in sight.results.values()])
    if form == "json":
        return json.dumps([_seen_by(visitor, sight) for visitor, sight in sights], indent=2) + "\n"
    parts = []
    for visitor, sight in sights:
        results = [result for view in sight.views for (name, _), result in sight.results.items() if name == view.name]
        if results:
            parts.append("\n".join([visitor.label, "", *sheet.overview(results), "", sheet.stamp(results)]))
    return "\n\n\n".join(parts) + "\n"


def _seen_by(visitor: Visitor, sight: Sight) -> Mapping[str, Any]:
    views = [
        {
            "view": result.view.name,
            "count": result.count if result.state == "ok" else None,
            "more": result.more,
            **_refusal(result),
        }
        for result in sight.results.values()
    ]
    return {"account": visitor.account, "arn": visitor.arn, "complete": len(views) == sight.expected, "views": views}
