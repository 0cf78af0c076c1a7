"""What is done among the resources: opening, describing, paging, asking again, renewing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from tui_app.text import clean
from tui_app.ui.deeds.obtaining import obtain

if TYPE_CHECKING:
    from tui_app.explorer.results import ViewResult
    from tui_app.explorer.view import View
    from tui_app.model import Session
    from tui_app.ui.deck import Deck
    from tui_app.ui.explorer.places import Table
    from tui_app.ui.explorer.screen import Explorer


def explorer_of(deck: Deck) -> Explorer | None:
    """The explorer, where it is on the screen."""
    return cast("Explorer | None", deck.explorer)


def with_explorer(deed: Callable[[Deck, Explorer], None]) -> Callable[[Deck], None]:
    """A deed that does nothing where there is no explorer."""

    def run(deck: Deck) -> None:
        screen = explorer_of(deck)
        if screen is not None:
            deed(deck, screen)

    run.__doc__ = deed.__doc__
    return run


def on_table(deed: Callable[[Deck, Explorer, Table], None]) -> Callable[[Deck], None]:
    """A deed on the table that is shown."""

    def run(deck: Deck) -> None:
        screen = explorer_of(deck)
        if screen is not None and screen.table is not None:
            deed(deck, screen, screen.table)

    run.__doc__ = deed.__doc__
    return run


@with_explorer
def open_it(deck: Deck, screen: Explorer) -> None:
    """Enter: the rows of a view, or what lies in a row."""
    if screen.part == "views" and screen.views.view is not None:
        screen.show_view()
        screen.go_to("rows")
        table = screen.table
        if table is not None and table.unasked:
            ask(deck, screen, table)
    elif screen.part == "rows" and screen.table is not None:
        _open_row(deck, screen, screen.table)


def _open_row(deck: Deck, screen: Explorer, table: Table) -> None:
    from tui_app.explorer.views import sub_views

    here = table.under_cursor()
    if here is None:
        if table.unasked:
            ask(deck, screen, table)
        return
    # an object lies in its bucket as a folder does, but nothing lies in it
    leaf = not here[0].ids[here[1]].endswith("/")
    below = [view for view in sub_views(table.view) if not (view.name == table.view.name and leaf)]
    if not below:
        screen.show_details(*here)
    elif len(below) == 1:
        _go_below(deck, screen, table, below[0], here)
    else:
        from tui_app.ui.explorer.choices import Choice

        names = tuple(clean(view.title) for view in below)
        title = f"Open in {clean(here[0].ids[here[1]], 60)}"
        deck.push_screen(Choice(title, names), lambda at: None if at is None else _go_below(deck, screen, table, below[at], here))


def _go_below(deck: Deck, screen: Explorer, table: Table, view: View, here: tuple[ViewResult, int]) -> None:
    from tui_app.ui.explorer import asking_tables
    from tui_app.ui.explorer.kept_layout import take_layout
    from tui_app.ui.explorer.places import Opened, Table

    result, index = here
    whose = next(visitor for visitor in table.visitors if visitor.is_whom(result))
    name = result.ids[index] or next(iter(result.rows[index]), "")
    below = Table(view, (whose,), (), Opened(result, index, name))
    take_layout(deck, below)
    asking_tables.remembered(deck, below)
    screen.trail.append(below)
    screen.body.to_top()
    screen.go_to("rows")
    ask(deck, screen, below)


def ask(deck: Deck, screen: Explorer, table: Table) -> None:
    """Ask for a table's rows; once before the first call that AWS charges for."""
    from tui_app.ui.explorer import asking_tables

    view = table.view

    def go() -> None:
        deck.findings.agreed.add(view.name)
        asking_tables.ask_table(deck, table, screen.update_soon)
        screen.update()

    if not view.charged or view.name in deck.findings.agreed:
        go()
        return
    from tui_app.ui.screens.confirm import Question
    from tui_app.ui.screens.confirm import ask as ask_person

    facts = (f"{clean(view.charged)}.", "This is asked once for as long as roledeck runs.")
    ask_person(deck, Question(table.visitors[0].key, f"Ask for {clean(view.title)}", facts, "ask AWS", "do not"), go)


@with_explorer
def details(deck: Deck, screen: Explorer) -> None:
    """The description of the row under the cursor."""
    del deck
    here = screen.table.under_cursor() if screen.table else None
    if here:
        screen.show_details(*here)


@with_explorer
def refusals(deck: Deck, screen: Explorer) -> None:
    """What is missing from the rows, in full."""
    del deck
    screen.body.to_top()
    screen.go_to("refusals")


@with_explorer
def other_pane(deck: Deck, screen: Explorer) -> None:
    """Between views and rows; among the details, the next form."""
    from tui_app.ui.explorer.describing import FORMATS

    del deck
    if screen.detail is not None:
        screen.form = (screen.form + 1) % len(FORMATS)
        screen.body.to_top()
        screen.update()
    else:
        screen.go_to("views" if screen.part == "rows" else "rows")


@on_table
def more(deck: Deck, screen: Explorer, table: Table) -> None:
    """One page more."""
    from tui_app.ui.explorer import asking_tables

    asking_tables.ask_more(deck, table, screen.update_soon)
    screen.update()


@on_table
def all_pages(deck: Deck, screen: Explorer, table: Table) -> None:
    """All pages, until esc."""
    from tui_app.ui.explorer import asking_tables

    asking_tables.ask_more(deck, table, screen.update_soon, to_the_end=True)
    screen.update()


@with_explorer
def reload(deck: Deck, screen: Explorer) -> None:
    """Ask again for what is shown: all views from their list, else the table. Where a session is another one now, all begins anew."""
    from tui_app.ui.explorer import looking_round, reloading

    if _begun_anew(deck, screen):
        return
    screen.take_views()
    if screen.part == "views":
        for one in screen.visitors:
            looking_round.look_round(deck, one.key, again=True)
    elif screen.table is not None and not reloading.now(screen, screen.table):
        ask(deck, screen, screen.table)
    screen.update()


def _begun_anew(deck: Deck, screen: Explorer) -> bool:
    """Open the explorer again where one of those who look is no longer who was shown the rows; whether that was so.

    A session's name is part of its identity, and may hold the time: then each renewal makes another one of it.
    """
    from tui_app.ui.explorer.screen import Explorer as Anew
    from tui_app.ui.explorer.visiting import visitors_of

    now = visitors_of(deck.store, tuple(one.key for one in screen.visitors))
    others = [one for one, before in zip(now, screen.visitors, strict=False) if (one.account, one.arn) != (before.account, before.arn)]
    if len(now) != len(screen.visitors) or not others:
        return False
    anew = Anew(now, screen.views.view.name if screen.views.view else "", in_rows=screen.part != "views")
    deck.switch_screen(anew)
    anew.call_after_refresh(lambda: deck.toast(f"This is what {clean(others[0].arn)} sees, as the session is another one now."))
    return True


@with_explorer
def renew(deck: Deck, screen: Explorer) -> None:
    """Renew what has ended, and go on where it broke off."""
    from tui_app.ui.explorer.standing import ended_keys

    def again(session: Session) -> None:
        go_on(deck, screen, session)

    for key in ended_keys(screen):
        obtain(deck, key, fresh=key in deck.store.sessions, then=again)


def go_on(deck: Deck, screen: Explorer, session: Session) -> None:
    """A session has been renewed: ask again what was refused because it had ended, and go on with the page that was asked for."""
    from tui_app.ui.explorer import asking_tables, looking_round, reloading

    mine = next((one for one in screen.visitors if one.key == session.role_key), None)
    if mine is None or deck.explorer is not screen:
        return
    if (mine.account, mine.arn) != (session.identity.account, session.identity.arn):
        deck.toast("The renewed session is somebody else; nothing of it is shown here. ctrl+r shows what it sees.", wrong=True)
        return
    table, sight = screen.table, screen.sight(mine)
    if table is not None and table.ended:
        broke_off = table.last_asked
        paging = {place for place, result in table.next_pages.items() if result.cause == "expired" and broke_off != "table"}
        for place in paging:
            table.results[place] = replace(table.results[place], state="ok", cause="", message="", refusal=None)
        if paging or table.waits == "page":
            asking_tables.ask_more(deck, table, screen.update_soon, to_the_end=broke_off == "pages")
        elif not reloading.now(screen, table):
            ask(deck, screen, table)
    if sight is None or any(result.cause == "expired" for result in sight.results.values()):
        looking_round.look_round(deck, mine.key, again=True)
    screen.update()
