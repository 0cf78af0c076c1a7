"""Tables that reload themselves: when the next reload is due, asking on threads, and what each reload changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tui_app.errors import WrongIdentity
from tui_app.explorer.again import Again, Pace, fetch_again, may_be_asked
from tui_app.explorer.asking import Asker
from tui_app.explorer.changes import Changes, compare, counted
from tui_app.text import clean
from tui_app.ui.explorer import asking_tables, looking_round
from tui_app.ui.explorer.grid_rows import ADDED, CHANGED, Mark
from tui_app.ui.jobs import Job, Outcome

if TYPE_CHECKING:
    from tui_app.explorer.results import ViewResult
    from tui_app.model import Session
    from tui_app.ui.deck import Deck
    from tui_app.ui.explorer.laying import Place
    from tui_app.ui.explorer.places import Table
    from tui_app.ui.explorer.screen import Explorer

EARLY = 0.2
"""Seconds before its time at which a reload may begin: the screen looks once a second, and never to the point."""
_TROUBLES = {
    "throttled": "AWS asks to wait",
    "out_of_reach": "AWS is out of reach",
    "not_aws": "somebody else answered",
}


class Round:
    """One reload: what was known before, and what each place has answered so far."""

    def __init__(self, known: Mapping[Place, ViewResult], tags: tuple[str, ...]) -> None:
        self.known = known
        self.tags = tags
        self.missing = set(known)
        self.answers: dict[Place, Again] = {}
        self.slowed = False
        self.fault = ""
        self.jobs: list[Job] = []

    def of_now(self, table: Table) -> bool:
        """Whether nothing else has come into the table meanwhile."""
        return all(table.results.get(place) is result for place, result in self.known.items())


class Reloading:
    """How often a table reloads itself, when next, and what the last reload that changed anything changed. `due` is in epoch seconds."""

    def __init__(self, every: int, now: float) -> None:
        self.pace = Pace(every)
        self.due = now + every
        self.round: Round | None = None
        self.trouble = ""
        self.partly = False
        """Whether there are more pages than one reload asks for."""
        self.marks: dict[Place, tuple[ViewResult, Changes]] = {}
        self.tags: tuple[str, ...] = ()
        self.changed_at = 0.0

    def seconds_left(self, now: float) -> int:
        """Until the next reload; the clock may have been set meanwhile."""
        return int(min(max(0.0, self.due - now), self.pace.pause) + 0.5)

    def counted(self) -> str:
        """What is marked, in words."""
        return counted([changes for _, changes in self.marks.values()])

    def gone(self) -> tuple[str, ...]:
        """The names of the rows that the last change took away."""
        return tuple(name for _, changes in self.marks.values() for name in changes.gone)

    def note_changes(self, answers: Mapping[Place, tuple[ViewResult, Changes]], now: float, tags: tuple[str, ...]) -> None:
        """Mark what a reload changed; one that changed nothing leaves the marks on their rows, wherever these stand now."""
        if any(changes for _, changes in answers.values()):
            self.marks, self.changed_at, self.tags = dict(answers), now, tags
            return
        for place, (result, changes) in answers.items():
            if place in self.marks:
                self.marks[place] = (result, changes.carried(self.marks[place][1]))

    def mark_of(self, table: Table, row: int) -> Mark | None:
        """How a row is marked."""
        result, index = table.of_row(row)
        for (_, region), (marked, changes) in self.marks.items():
            # a further page makes another result with the same rows
            if region == result.region and index < marked.count and marked.raw[index] is result.raw[index]:
                numbers = changes.changed.get(index)
                if numbers:
                    return Mark(CHANGED, self._columns(table, numbers))
                return Mark(ADDED) if index in changes.added else None
        return None

    def _columns(self, table: Table, numbers: frozenset[int]) -> frozenset[int]:
        """The columns of the table for those of an answer: behind the first may stand whose it is, and where."""
        own = len(table.view.columns)
        between = len(table.grid.heads) - own - len(table.tags)
        shown = numbers if table.tags == self.tags else {number for number in numbers if number < own}
        return frozenset(number + between if number else 0 for number in shown)


def of(screen: Explorer) -> Reloading | None:
    """The reloading of the table that is shown."""
    return screen.reloads.get(screen.table) if screen.table is not None else None


def start(deck: Deck, screen: Explorer, table: Table, every: int) -> None:
    """Reload a table every so many seconds from now on."""
    stop(screen, table)
    screen.reloads[table] = Reloading(every, deck.store.clock())
    screen.update()


def stop(screen: Explorer, table: Table | None) -> bool:
    """Reload a table no more; whether it did. What is under way ends unheard."""
    reloading = screen.reloads.pop(table, None) if table is not None else None
    if reloading is None:
        return False
    if reloading.round is not None:
        for job in reloading.round.jobs:
            job.cancel()
    return True


def stop_all(screen: Explorer) -> None:
    """Reload nothing any more."""
    for table in list(screen.reloads):
        stop(screen, table)


def held(screen: Explorer, table: Table) -> bool:
    """Whether a session has to be renewed before anything can be asked."""
    live = screen.deck.store.live
    return table.ended or any(live(visitor.key) is None for visitor in table.visitors)


def look(screen: Explorer) -> None:
    """Reload what is shown, if its time has come; nothing is asked for a table that nobody can see, and never twice at once."""
    table, reloading = screen.table, of(screen)
    if table is None or reloading is None or reloading.round is not None or table.pending:
        return
    if screen.deck.screen is not screen or not screen.body_is_seen or held(screen, table):
        return
    if reloading.seconds_left(screen.deck.store.clock() + EARLY) == 0:
        now(screen, table)


def now(screen: Explorer, table: Table) -> bool:
    """Reload at once; False for a table that does not reload itself, or has no session to ask with."""
    reloading, deck = screen.reloads.get(table), screen.deck
    sessions = {number: deck.store.live(visitor.key) for number, visitor in enumerate(table.visitors)}
    if reloading is None or not all(sessions.values()):
        return False
    if reloading.round is not None or table.pending:
        return True
    if not table.results:
        reloading.due = deck.store.clock() + reloading.pace.every
        asking_tables.ask_table(deck, table, screen.update_soon)
        return True
    known = {place: result for place, result in table.results.items() if may_be_asked(result)}
    if not known:
        _end(screen, table, _why_not(table))
        return True
    if not all(session and _is_same(table, number, session) for number, session in sessions.items()):
        _end(screen, table, "the session is somebody else's now")
        return True
    reloading.round = Round(known, table.tags)
    reloading.due = deck.store.clock() + reloading.pace.every
    for place, result in known.items():
        _ask(screen, table, reloading.round, place, result, sessions[place[0]])
    screen.head.settle()
    return True


def _is_same(table: Table, number: int, session: Session) -> bool:
    visitor = table.visitors[number]
    return (visitor.account, visitor.arn) == (session.identity.account, session.identity.arn)


def _ask(screen: Explorer, table: Table, one: Round, place: Place, known: ViewResult, session: Session | None) -> None:
    deck = screen.deck
    loaded = deck.loaded

    def slowed(_sentence: str) -> None:
        one.slowed = True

    def work(job: Job) -> Again | None:
        if loaded is None or session is None:
            return None
        return fetch_again(Asker(session, looking_round.asking_of(deck, loaded, job, slowed)), known)

    def done(outcome: Outcome[Again | None]) -> None:
        reloading = screen.reloads.get(table)
        if reloading is None or reloading.round is not one:
            return
        one.missing.discard(place)
        if outcome.value is not None:
            one.answers[place] = outcome.value
        elif outcome.error is not None:
            one.fault = clean(outcome.error.sentence())
            if isinstance(outcome.error, WrongIdentity):
                _end(screen, table, one.fault)
                return
        if not one.missing:
            _compare(screen, table, reloading, one)

    one.jobs.append(deck.jobs.start(f"reload {table.view.name}", work, done))


def _compare(screen: Explorer, table: Table, reloading: Reloading, one: Round) -> None:
    """All have answered: what differs is found on a thread, as there may be a hundred thousand rows."""

    def work(job: Job) -> dict[Place, tuple[ViewResult, Changes]]:
        del job
        return {place: (again.result, compare(one.known[place], again.result, one.tags)) for place, again in one.answers.items()}

    def done(outcome: Outcome[dict[Place, tuple[ViewResult, Changes]]]) -> None:
        if screen.reloads.get(table) is not reloading or reloading.round is not one:
            return
        reloading.round = None
        if outcome.value is None:
            one.fault = clean(outcome.error.sentence()) if outcome.error else ""
        elif one.of_now(table):
            _take(screen, table, reloading, one, outcome.value)
        _go_on(screen, table, reloading, one)

    one.jobs.append(screen.deck.jobs.start(f"compare {table.view.name}", work, done))


def _take(screen: Explorer, table: Table, reloading: Reloading, one: Round, found: Mapping[Place, tuple[ViewResult, Changes]]) -> None:
    """Put the answers into the table, with their marks."""
    deck = screen.deck
    reloading.note_changes(found, deck.store.clock(), one.tags)
    reloading.partly = any(again.result.state == "ok" and again.asked_rows < again.result.count for again in one.answers.values())
    for (number, _), (result, _) in found.items():
        table.take(number, result)
        deck.findings.keep(result, asking_tables.asked(table))
        asking_tables.count_in_list(deck, table, number, result)
    screen.update()


def _go_on(screen: Explorer, table: Table, reloading: Reloading, one: Round) -> None:
    """When the next reload is due: later after one that failed, not at all where nothing may be asked any more."""
    causes = [again.result.cause for again in one.answers.values() if again.result.state == "error" and again.result.cause != "expired"]
    reloading.trouble = one.fault or ("" if not causes else _TROUBLES.get(causes[0], "the last reload failed"))
    if not reloading.trouble and one.slowed:
        reloading.trouble = _TROUBLES["throttled"]
    reloading.pace = reloading.pace.after(well=not reloading.trouble)
    if reloading.trouble:
        reloading.due = screen.deck.store.clock() + reloading.pace.pause
    if not any(may_be_asked(result) for result in table.results.values()):
        _end(screen, table, _why_not(table))
        return
    screen.update_soon()


def _why_not(table: Table) -> str:
    result = next((result for _, result in table.refusals), None)
    if result is None:
        return "there is nothing to ask"
    return f"{clean(result.action)} is denied" if result.state == "denied" else clean(result.message).rstrip(".")


def _end(screen: Explorer, table: Table, why: str) -> None:
    stop(screen, table)
    screen.deck.toast(f"{clean(table.view.title)} reloads itself no more: {why.rstrip('.')}.", wrong=True)
    screen.update()
