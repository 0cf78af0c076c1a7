"""The search itself: every role at once, each with the engine its account has. One refusal loses nobody else's rows."""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from tui_app.aws.partitions import partition_of
from tui_app.clock import Clock, wall_clock
from tui_app.explorer.asking import Asker, Door, Retry, Tally
from tui_app.explorer.estate.answers import Part, Searcher, check_whose, refused_part
from tui_app.explorer.estate.calls import Indexed, Stopped, indexes
from tui_app.explorer.estate.engines import Task, ask_engine, ask_next
from tui_app.explorer.estate.query import Query
from tui_app.explorer.fetch import PATIENCE, THREADS, regions_of
from tui_app.explorer.refusals import Refusal, in_another_partition
from tui_app.model import Role, Session
from tui_app.text import clean
from tui_app.values import frozen

MOST_FOUND = 100_000
"""Where `all_pages` stops, with `more` still set."""
NO_INDEX, NOT_INDEXED = "no Resource Explorer index", "not indexed by Resource Explorer"


@frozen
class Progress:
    """How far a search is: how many answers there are, of how many that are known to come."""

    answered: int
    expected: int


@frozen
class _Survey:
    """Ask which indexes the account of a role has."""

    searcher: Searcher


_Step = _Survey | Task
Heard = Callable[[Part, Progress], None]


def searcher_of(key: str, session: Session, role: Role | None, regions: tuple[str, ...] = ()) -> Searcher:
    """A role that searches where it is used, or in the `regions` that a person named; `role` is None for one that is in no file."""
    if role is not None:
        label, places = f"{role.account.label}/{role.short_name}", regions_of(role, session, regions)
    else:
        label, places = key, regions or (session.identity.region or partition_of(session.identity.arn).region,)
    return Searcher(key, clean(label), session, places, only=bool(regions))


def in_order(parts: Iterable[Part], searchers: Sequence[Searcher]) -> tuple[Part, ...]:
    """The answers as people read them: role after role, Resource Explorer first, the regions in the role's own order."""
    roles = {role.key: (number, role.regions) for number, role in enumerate(searchers)}

    def place(part: Part) -> tuple[int, bool, int, str]:
        number, regions = roles[part.searcher]
        return number, part.engine == "tagging", regions.index(part.region) if part.region in regions else len(regions), part.region

    return tuple(sorted(parts, key=place))


def search_estate(  # noqa: PLR0913 - what to ask, whom, and how to hear of it
    door: Door,
    searchers: Iterable[Searcher],
    query: Query,
    heard: Heard,
    cancelled: Callable[[], bool] = lambda: False,
    *,
    clock: Clock = wall_clock,
    tally: Tally | None = None,
    on_retry: Callable[[Retry], None] | None = None,
) -> tuple[Part, ...]:
    """Ask for all of them in parallel; returns the answers, those of the first role first.

    Where the account has an aggregator its region is asked for all that are indexed; where there are only local indexes each is asked;
    a region of the role without one, and a role that may not search, are answered for by the tagging API.
    `heard` runs on the caller's thread, once for each answer, and not again after `cancelled` says yes: then this returns at once with
    what there is, and the calls under way end unheard on their daemon threads. `on_retry` runs on theirs.
    """
    roles, stopped = tuple(searchers), threading.Event()
    crew = _Crew(lambda step: _answer(step, query, _asker(door, step, clock, tally, on_retry, stopped)), stopped)
    parts: list[Part] = []
    ended: set[str] = set()
    for role in roles:
        crew.send(_Survey(role))
    try:
        while crew.expected and not cancelled():
            done = crew.next_done()
            if done is None:
                continue
            answers, steps = done
            ended |= {part.searcher for part in answers if part.cause == "expired"}
            for step in steps:
                if step.searcher.key not in ended:
                    crew.send(step)
            for part in answers:
                parts.append(part)
                heard(part, Progress(len(parts), len(parts) + crew.expected))
    finally:
        stopped.set()
    return in_order(parts, roles)


def more_of(part: Part, searcher: Searcher, query: Query, door: Door, clock: Clock = wall_clock, *, tally: Tally | None = None) -> Part:
    """The rows so far and one page more; the same where there is none.

    Raises:
        WrongIdentity: the role's session is no longer the one that was answered.
    """
    check_whose(part, searcher.identity)
    indexed = part.regions if part.reach in ("aggregator", "organization") else ()
    task = Task(searcher, query, part.engine, part.region, indexed, part.note)
    return ask_next(part, task, Asker(door, searcher.session.credentials.key, searcher.identity, clock, tally))


def all_pages(
    part: Part,
    searcher: Searcher,
    query: Query,
    door: Door,
    cancelled: Callable[[], bool] = lambda: False,
    *,
    tally: Tally | None = None,
) -> Part:
    """All pages after the first, until there is none, AWS says no, or the person has gone away."""
    while part.next is not None and part.state == "ok" and len(part.found) < MOST_FOUND and not cancelled():
        part = more_of(part, searcher, query, door, tally=tally)
    return part


def _asker(
    door: Door,
    step: _Step,
    clock: Clock,
    tally: Tally | None,
    on_retry: Callable[[Retry], None] | None,
    stopped: threading.Event,
) -> Asker:
    session: Session = step.searcher.session
    return Asker(door, session.credentials.key, session.identity, clock, tally, on_retry, stopped)


def _answer(step: _Step, query: Query, asker: Asker) -> tuple[list[Part], list[_Step]]:
    """What a step brought, and the steps that follow from it."""
    if isinstance(step, _Survey):
        return _surveyed(step.searcher, query, asker)
    part = ask_engine(step, asker)
    return [part], _instead(step, part)


def _surveyed(role: Searcher, query: Query, asker: Asker) -> tuple[list[Part], list[_Step]]:
    elsewhere = {region: refusal for region in role.regions if (refusal := in_another_partition(region, role.identity.arn))}
    parts = [refused_part(_unasked(role, region, asker), refusal) for region, refusal in elsewhere.items()]
    role = replace(role, regions=tuple(region for region in role.regions if region not in elsewhere))
    if not role.regions:
        refusal = Refusal("no_region", "No region is known to search in. Set one for the role, or give --region.")
        return parts or [refused_part(_unasked(role, "", asker), refusal)], []
    try:
        found = indexes(asker, role.regions[0])
    except Stopped as stop:
        part = refused_part(_unasked(role, role.regions[0], asker), stop.refusal)
        return [*parts, part], _by_tags(role, query, role.regions, part)
    return parts, list(_planned(role, query, found))


def _unasked(role: Searcher, region: str, asker: Asker) -> Part:
    return Part(role.key, role.label, role.identity, "resource-explorer", region, asker.clock(), regions=(region,) if region else ())


def _planned(role: Searcher, query: Query, found: Indexed) -> Iterable[_Step]:
    """The aggregator for all indexed regions, else each local index; and the tagging API where there is none."""
    indexed = tuple(region for region in found.regions if not role.only or region in role.regions)
    if found.aggregator and indexed:
        yield Task(role, query, "resource-explorer", found.aggregator, found.regions)
    elif not found.aggregator:
        for region in indexed:
            yield Task(role, query, "resource-explorer", region)
    note = NOT_INDEXED if indexed else NO_INDEX
    for region in role.regions:
        if region not in indexed:
            yield Task(role, query, "tagging", region, note=note)


def _instead(task: Task, part: Part) -> list[_Step]:
    """The tagging API where Resource Explorer said no; not where it is the words or the session that are no good."""
    if task.engine == "tagging" or part.state == "ok" or _is_about_words(part):
        return []
    role = task.searcher
    regions = tuple(region for region in role.regions if region in task.indexed) if task.indexed else (task.region,)
    return _by_tags(role, task.query, regions, part)


def _by_tags(role: Searcher, query: Query, regions: tuple[str, ...], part: Part) -> list[_Step]:
    if part.cause == "expired":
        return []
    words = f"{part.refusal.action} is denied" if part.cause == "denied" and part.refusal else "Resource Explorer did not answer"
    return [Task(role, query, "tagging", region, note=words) for region in regions]


def _is_about_words(part: Part) -> bool:
    return bool(part.refusal) and part.refusal.code == "ValidationException"  # type: ignore[union-attr]  # looked at just before


class _Crew:
    """Daemon threads that take steps as they come, at most `THREADS` of them."""

    def __init__(self, work: Callable[[_Step], tuple[list[Part], list[_Step]]], stopped: threading.Event) -> None:
        self.expected = 0
        self._work, self._stopped = work, stopped
        self._done: queue.SimpleQueue[tuple[list[Part], list[_Step]] | BaseException] = queue.SimpleQueue()
        self._waiting: deque[_Step] = deque()
        self._lock, self._threads = threading.Lock(), 0

    def send(self, step: _Step) -> None:
        """Have a step taken."""
        self.expected += 1
        with self._lock:
            self._waiting.append(step)
            if self._threads >= THREADS:
                return
            self._threads += 1
        threading.Thread(target=self._take, name="search", daemon=True).start()

    def next_done(self) -> tuple[list[Part], list[_Step]] | None:
        """What the next finished step brought; None where none is finished within `PATIENCE`.

        Raises:
            BaseException: what a step raised; a fault of ours belongs to the caller's thread.
        """
        try:
            done = self._done.get(timeout=PATIENCE)
        except queue.Empty:
            return None
        self.expected -= 1
        if isinstance(done, BaseException):
            raise done
        return done

    def _take(self) -> None:
        while True:
            with self._lock:
                if not self._waiting or self._stopped.is_set():
                    self._threads -= 1
                    return
                step = self._waiting.popleft()
            try:
                self._done.put(self._work(step))
            except BaseException as fault:  # noqa: BLE001 - raised again in `next_done`
                self._done.put(fault)
