"""What is done to a table of resources: its order, columns and regions; copying, and the console."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tui_app.text import clean
from tui_app.ui.deeds.exploring import on_table, with_explorer
from tui_app.ui.explorer.kept_layout import keep_layout
from tui_app.ui.jobs import Outcome

if TYPE_CHECKING:
    from tui_app.explorer.regions import Regions
    from tui_app.ui.deck import Deck
    from tui_app.ui.explorer.choices import Several
    from tui_app.ui.explorer.places import Table
    from tui_app.ui.explorer.screen import Explorer


def _sort(step: int) -> Callable[[Deck], None]:
    def deed(deck: Deck, screen: Explorer, table: Table) -> None:
        table.sort_by(table.grid.next_sort(step, table.visible()))
        keep_layout(deck, table)
        screen.update()

    return on_table(deed)


sort_next, sort_previous = _sort(1), _sort(-1)


@on_table
def turn(deck: Deck, screen: Explorer, table: Table) -> None:
    """The other way round."""
    column, down = table.grid.wanted
    table.sort_by(column, down=not down)
    keep_layout(deck, table)
    screen.update()


def _sideways(step: int) -> Callable[[Deck], None]:
    def deed(_deck: Deck, screen: Explorer, table: Table) -> None:
        if screen.part == "views":
            screen.views.sideways(step)
            return
        laid = screen.body.laid
        if (step > 0 and laid.right) or (step < 0 and laid.left):
            table.offset = laid.left + step
            screen.update()

    return on_table(deed)


right, left = _sideways(1), _sideways(-1)


@on_table
def columns(deck: Deck, screen: Explorer, table: Table) -> None:
    """Which columns are shown, tags among them."""
    from tui_app.ui.explorer.choices import Several

    heads = [head.title for head in table.grid.heads[1 : len(table.grid.heads) - len(table.tags)]]
    tags = [*table.tags, *(tag for tag in table.known_tags() if tag not in table.tags)]
    names = (*heads, *(f"tag {clean(tag)}" for tag in tags))
    on = {number for number, head in enumerate(heads) if head not in table.hidden} | {len(heads) + at for at in range(len(table.tags))}

    def take(chosen: set[int] | None) -> None:
        if chosen is not None:
            table.hidden = {head for number, head in enumerate(heads) if number not in chosen}
            table.tags = tuple(tag for number, tag in enumerate(tags) if len(heads) + number in chosen)
            table.rebuild()
            keep_layout(deck, table)
            screen.update()

    note = "" if tags else "No row here has a tag."
    deck.push_screen(Several(f"Columns of {clean(table.view.title)}", names, on, note), take)


@on_table
def differences(deck: Deck, screen: Explorer, table: Table) -> None:
    """Only what not all were shown alike, or everything again."""
    del deck
    table.differences = not table.differences
    table.rebuild()
    screen.update()


@with_explorer
def regions(deck: Deck, screen: Explorer) -> None:
    """Ask which regions are enabled, and let the person choose."""
    from tui_app.explorer.regions import enabled_regions
    from tui_app.ui.explorer.choices import Several
    from tui_app.ui.explorer.looking_round import look_round, tally_of

    session, loaded = deck.store.live(screen.visitors[0].key), deck.loaded
    if session is None or loaded is None:
        deck.toast("The session has ended.", wrong=True)
        return
    sheet = Several("Regions", (), set(), "Asking which are enabled")
    now = screen.regions

    def take(chosen: set[int] | None) -> None:
        names = tuple(sheet.names[number] for number in sorted(chosen or ()))
        if names and set(names) != set(now):
            for one in screen.visitors:
                look_round(deck, one.key, regions=names)
            screen.regions_chosen()

    def done(outcome: Outcome[Regions]) -> None:
        if outcome.value is None:
            sheet.fill((), set(), clean(outcome.error.sentence()) if outcome.error else "")
        else:
            _offer(sheet, outcome.value, now)

    deck.push_screen(sheet, take)
    deck.jobs.start("regions", lambda _: enabled_regions(loaded.explorer_door, session, tally=tally_of(deck)), done)


def _offer(sheet: Several, found: Regions, now: tuple[str, ...]) -> None:
    """Those that are looked in `now`, then the other enabled ones."""
    off = f"Off in this account: {', '.join(map(clean, found.off))}." if found.off else ""
    guess = "" if found.told_by else "AWS did not say which are enabled; any of these may be off."
    sheet.fill(tuple(dict.fromkeys((*now, *found.enabled))), set(range(len(now))), guess or off)


@with_explorer
def console(deck: Deck, screen: Explorer) -> None:
    """The console signed in as the role, at the resource."""
    here = screen.here()
    if here is None or screen.table is None:
        return
    from tui_app.ui.deeds.console import open_console

    result, index = here
    whose = next(one for one in screen.table.visitors if one.is_whom(result))
    to = result.arns[index] or result.view.console or result.view.service
    open_console(deck, whose.key, to, None if result.region == "global" else result.region)


@with_explorer
def copy_id(deck: Deck, screen: Explorer) -> None:
    """The row's id; where all was denied, a request for whoever can allow it."""
    from tui_app.explorer.denied import request_for_administrator
    from tui_app.ui.deeds.copying import copy

    here = screen.here()
    if here is not None:
        copy(deck, here[0].ids[here[1]], "Id")
        return
    table = screen.table
    texts = [request_for_administrator(result) for _, result in (table.refusals if table else ()) if result.cause == "denied"]
    if texts:
        copy(deck, "\n\n".join(texts) + "\n", "Request")


@with_explorer
def copy_arn(deck: Deck, screen: Explorer) -> None:
    """The row's ARN."""
    from tui_app.ui.deeds.copying import copy

    here = screen.here()
    if here is None:
        return
    arn = here[0].arns[here[1]]
    if arn:
        copy(deck, arn, "ARN")
    else:
        deck.toast("It has no ARN.")
