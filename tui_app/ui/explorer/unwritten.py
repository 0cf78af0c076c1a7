"""What a file would lack: why there is nothing to write, or which rows are missing from those there are. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_app.text import clean
from tui_app.ui.explorer.told import gathered

if TYPE_CHECKING:
    from tui_app.explorer.results import ViewResult
    from tui_app.ui.explorer.places import Table
    from tui_app.ui.explorer.searching import Search

NAMED = 3
"""How many of the missing are named; the others are counted."""
NOT_YET = "AWS has not answered yet"


def no_rows(table: Table) -> str:
    """One sentence on why a table that shows no row has none."""
    return f"There are no rows to write: {_why_none(table)}."


def _why_none(table: Table) -> str:
    refused = gathered(table)
    if table.grid.cells:
        return _no_match(table.grid.query)
    if table.asked or table.unfinished:
        return NOT_YET
    if refused:
        others = f", and {len(refused) - 1} more" if len(refused) > 1 else ""
        return f"{_why(refused[0][2])}{others}"
    if table.unasked:
        return "AWS has not been asked yet"
    return "all were shown the same" if table.beside and table.differences else "AWS shows none"


def no_resources(search: Search, query: str) -> str:
    """One sentence on why a search shows no resource, through a filter of these words."""
    why = _no_match(query) if search.found else NOT_YET if search.running else "nothing was found"
    return f"There are no resources to write: {why}."


def no_counts() -> str:
    """One sentence on why a sheet has no count."""
    return f"There are no counts to write: {NOT_YET}."


def _no_match(query: str) -> str:
    return f'none matches "{clean(query, 40)}"'


def missing_rows(table: Table) -> str:
    """One sentence on whose rows, or those of which regions, are not among those there are; nothing where none is missing."""
    refused = gathered(table)
    if not refused:
        return ""
    named = [f"{_whose(table, number, where)}, as {_why(result)}" for number, where, result in refused[:NAMED]]
    others = [f"{len(refused) - NAMED} more"] if len(refused) > NAMED else []
    return f"Not among them: {'; '.join((*named, *others))}."


def _whose(table: Table, number: int, where: str) -> str:
    whose = " in ".join(filter(None, (table.visitors[number].label if table.beside else "", where)))
    further = any(place[0] == number and result.rows for place, result in table.refusals)
    return f"further rows of {whose}" if further and whose else whose or "further rows"


def _why(result: ViewResult) -> str:
    """The reason within a sentence; of what to do next there is nothing in it."""
    if result.cause == "denied":
        return f"{clean(result.action)} is denied"
    return clean(result.message or result.cause).partition(". ")[0].rstrip(".")
