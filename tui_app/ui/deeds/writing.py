"""Writing what is shown among the resources into a file: a table, a sheet of what roles can see, what a search has found."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from tui_app.errors import Cancelled, RoledeckError
from tui_app.text import plural
from tui_app.ui.deeds.exploring import with_explorer
from tui_app.ui.jobs import Job, Outcome

if TYPE_CHECKING:
    from tui_app.explorer.estate.answers import Found
    from tui_app.ui.deck import Deck
    from tui_app.ui.explorer.estate import EstateSearch
    from tui_app.ui.explorer.places import Table, Visitor
    from tui_app.ui.explorer.screen import Explorer
    from tui_app.ui.explorer.searching import Search
    from tui_app.ui.sight import Sight

FORMS: Mapping[str, str] = {"csv": "CSV", "json": "JSON"}
SHEET_FORMS: Mapping[str, str] = {"txt": "Text, as a sheet", **FORMS}


@with_explorer
def write(deck: Deck, screen: Explorer) -> None:
    """Write the table, or the sheet of what the role can see, into a file of its own."""
    table = screen.table
    if screen.part == "views" or table is None:
        write_sheet(deck, [(one, sight) for one in screen.visitors if (sight := screen.sight(one))])
    elif table.writing is not None:
        deck.toast("A file of this table is being written already.")
    else:
        _write_table(deck, screen, table)


def _write_table(deck: Deck, screen: Explorer, table: Table) -> None:
    from tui_app.ui.explorer.slices import when_settled
    from tui_app.ui.explorer.unwritten import missing_rows, no_rows

    table.grid.find_all()
    count = len(table.grid.shown)
    if not count:
        deck.toast(no_rows(table))
        return
    so_far = " so far" if table.next_pages or table.pending or table.refusals or table.unfinished else ""
    title = f"Write {count:,} {'row' if count == 1 else 'rows'}{so_far} as"

    def chosen(form: str) -> None:
        when_settled(screen, table, lambda: _write_rows(deck, screen, table, form))

    _offer(deck, title, FORMS, chosen, missing_rows(table))


def _write_rows(deck: Deck, screen: Explorer, table: Table, form: str) -> None:
    from tui_app.ui.explorer.file_texts import Taken, rows_text
    from tui_app.ui.explorer.saving import Writing, write_file

    now, account, taken = deck.store.clock(), "" if table.beside else table.visitors[0].account, Taken(table)
    writing = table.writing = Writing(taken.count)

    def work(job: Job) -> str:
        def said(done: int) -> None:
            if job.cancelled():
                raise Cancelled("Nothing is written.")
            writing.done = done

        return write_file(table.view.name, account, form, rows_text(taken, form, said), now)

    def ended() -> None:
        if table.writing is writing:
            table.writing = None
        screen.update_soon()

    writing.job = _saved(deck, work, ended)


def write_sheet(deck: Deck, sights: list[tuple[Visitor, Sight]]) -> None:
    """Write what each of these roles can see into a file."""
    from tui_app.ui.explorer.file_texts import sheet_text
    from tui_app.ui.explorer.saving import write_file
    from tui_app.ui.explorer.unwritten import no_counts

    if not any(sight.results for _, sight in sights):
        deck.toast(no_counts())
        return
    now, account = deck.store.clock(), sights[0][0].account if len(sights) == 1 else ""
    whose = "this role" if len(sights) == 1 else f"{len(sights)} roles"

    def chosen(form: str) -> None:
        _saved(deck, lambda _: write_file("sheet", account, form, sheet_text(sights, form), now))

    _offer(deck, f"Write what {whose} can see", SHEET_FORMS, chosen)


def write_found(deck: Deck, screen: EstateSearch) -> None:
    """Write what a search has found, as far as the filter lets it through, into a file of its own."""
    from tui_app.ui.explorer.saving import write_file
    from tui_app.ui.explorer.unwritten import no_resources

    search = screen.search
    if search is None:
        return
    found, now = [search.found[row] for row in screen.grid.shown], deck.store.clock()
    if not found:
        deck.toast(no_resources(search, screen.grid.query))
        return

    def chosen(form: str) -> None:
        _saved(deck, lambda _: write_file("search", "", form, _found_text(search, found, form), now))

    _offer(deck, f"Write {plural(len(found), 'resource')} as", FORMS, chosen)


def _found_text(search: Search, found: list[Found], form: str) -> str:
    from tui_app.explorer.estate.reports import document, rows_as_csv

    if form == "csv":
        return rows_as_csv(found, search.names)
    whole = not search.stopped and not search.running
    return json.dumps(document(search.query, search.parts, found, search.names, whole=whole), indent=2) + "\n"


def _offer(deck: Deck, title: str, forms: Mapping[str, str], chosen: Callable[[str], None], note: str = "") -> None:
    """Let the person choose one of the forms, or none."""
    from tui_app.ui.explorer.choices import Choice

    names = tuple(forms)
    deck.push_screen(Choice(title, tuple(forms.values()), note=note), lambda at: None if at is None else chosen(names[at]))


def _saved(deck: Deck, work: Callable[[Job], str], ended: Callable[[], None] = lambda: None) -> Job:
    """Have a file written, and say and note its name, or why there is none."""

    def done(outcome: Outcome[str]) -> None:
        ended()
        error: RoledeckError | None = outcome.error
        said = error.sentence() if error else f"Written to {outcome.value}"
        deck.toast(said, wrong=bool(error) and not outcome.cancelled)
        deck.store.note(said, deck.store.cursor, "failed" if error else "did")

    return deck.jobs.start("write file", work, done)
