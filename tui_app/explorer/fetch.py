"""Ask AWS for views: one at a time, or all of the first sight at once. A refusal is an answer, and loses no other view."""

from __future__ import annotations

import gc
import queue
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from typing import Any

from tui_app.aws.partitions import partition_of
from tui_app.clock import Clock, wall_clock
from tui_app.explorer.asking import Asker, Door, Retry, Tally, ask
from tui_app.explorer.expressions import look_up
from tui_app.explorer.refusals import Refusal
from tui_app.explorer.results import ViewResult, answered, check_same, joined, refused, renewed
from tui_app.explorer.view import GLOBAL, OWN, View
from tui_app.explorer.views import FIRST_SIGHT
from tui_app.model import AccessKey, Identity, Role, Session
from tui_app.values import frozen

__all__ = [
    "Door",
    "Retry",
    "Tally",
    "ViewResult",
    "answered",
    "check_same",
    "fetch_below",
    "fetch_first_sight",
    "fetch_more",
    "fetch_pages",
    "fetch_view",
    "joined",
    "refused",
    "regions_of",
    "renewed",
]

THREADS = 32
"""Most of a call is waiting; beyond 32 threads only memory grows."""
MANY = 16
"""Calls from which on it is a look round, for which the collector of garbage makes way."""
SPARING = 1000
"""Searches among what is young for each search through everything; Python's own is 10."""
PATIENCE = 0.05
"""Seconds between two looks at whether the person has gone away."""
MOST_ROWS = 100_000
"""Where `fetch_pages` stops, with `more` still set."""
_ENDED = frozenset({"ExpiredToken", "ExpiredTokenException"})
"""After these no call of the same session can succeed."""


@frozen
class Job:
    """One page to ask for: a view in a region, opened at a row of another one or not."""

    view: View
    region: str
    asked: Mapping[str, Any] | None = None


def regions_of(role: Role, session: Session, wanted: Iterable[str] = ()) -> tuple[str, ...]:
    """The regions to look in: those asked for, else the role's, the account's, or the one the session was verified in."""
    asked = (tuple(wanted), role.regions, role.account.regions, (role.request.region or "",), (session.identity.region,))
    chosen = next((regions for regions in asked if any(regions)), (partition_of(role.arn).region,))
    return tuple(dict.fromkeys(region for region in chosen if region))


def fetch_view(  # noqa: PLR0913 - what to ask, whom, where
    view: View,
    door: Door,
    key: AccessKey,
    region: str,
    identity: Identity,
    clock: Clock = wall_clock,
    *,
    tally: Tally | None = None,
    on_retry: Callable[[Retry], None] | None = None,
) -> ViewResult:
    """One page of `view`, asked with `key`, which belongs to `identity`. Never raises what AWS answers: it is in the result."""
    return ask(Asker(door, key, identity, clock, tally, on_retry), view, _region(view, region, identity))


def fetch_more(result: ViewResult, door: Door, session: Session, clock: Clock = wall_clock, *, tally: Tally | None = None) -> ViewResult:
    """The rows so far and one page more; the same where there is none. The rows stay where the page is refused.

    Raises:
        WrongIdentity: the session is not the one that the rows so far were answered to.
    """
    if result.next is None:
        return result
    check_same(result, replace(result, identity=session.identity))
    region = str(result.asked.get("region") or _region(result.view, "" if result.region == GLOBAL else result.region, session.identity))
    page = ask(Asker(door, session.credentials.key, session.identity, clock, tally), result.view, region, result.asked, result.next)
    return joined(result, replace(page, asked=result.asked))


def fetch_pages(
    result: ViewResult,
    door: Door,
    session: Session,
    cancelled: Callable[[], bool] = lambda: False,
    *,
    tally: Tally | None = None,
    most: int = MOST_ROWS,
) -> ViewResult:
    """All pages after the first, until there is none, `most` rows are there, AWS says no, or the person has gone away."""
    while result.next is not None and result.state == "ok" and result.count < most and not cancelled():
        result = fetch_more(result, door, session, tally=tally)
    return result


def fetch_below(  # noqa: PLR0913 - which row, of what, and whom to ask
    view: View, of: ViewResult, index: int, door: Door, session: Session, clock: Clock = wall_clock, *, tally: Tally | None = None
) -> ViewResult:
    """One page of a sub-view, opened at a row of the view above.

    Raises:
        WrongIdentity: the session is not the one that the row was answered to.
        LookupError: `view` cannot be opened there.
    """
    check_same(of, replace(of, identity=session.identity))
    parent = next((parent for parent in view.parents if parent.view == of.view.name), None)
    if parent is None:
        message = f"{view.name} is not opened from {of.view.name}"
        raise LookupError(message)
    row = of.row(index)
    asked = {name: value for name, path in parent.parameters.items() if (value := look_up(path, row)) is not None}
    where = look_up(parent.region, row) if parent.region else None
    home = session.identity.region if of.region == GLOBAL else of.region
    region = str(where or of.asked.get("region") or _region(view, home, session.identity))
    return ask(Asker(door, session.credentials.key, session.identity, clock, tally), view, region, asked)


def fetch_first_sight(  # noqa: PLR0913 - what to ask, whom, and how to hear of it
    door: Door,
    session: Session,
    regions: tuple[str, ...],
    on_result: Callable[[ViewResult], None],
    cancelled: Callable[[], bool] = lambda: False,
    *,
    views: tuple[View, ...] = FIRST_SIGHT,
    clock: Clock = wall_clock,
    tally: Tally | None = None,
    on_retry: Callable[[Retry], None] | None = None,
    off: Iterable[str] = (),
) -> tuple[ViewResult, ...]:
    """One page of every view, in parallel, regional views once a region; returns the results in the order of `views`.

    `on_result` runs on the caller's thread, once for each result as it arrives, and not again after `cancelled` says yes: then this
    returns at once with what there is, and the calls under way end unheard on their daemon threads. `on_retry` runs on theirs.
    Regions in `off` are known not to be enabled, and not asked. After an answer that the session has ended nobody else is asked.
    """
    jobs = [Job(view, region) for view in views for region in (regions[:1] if view.scope == GLOBAL else regions)]
    stopped = threading.Event()
    asker = Asker(door, session.credentials.key, session.identity, clock, tally, on_retry, stopped)
    return _in_parallel(jobs, _Work(asker, frozenset(off)), on_result, cancelled, stopped)


class _Work:
    """Answers jobs on any thread."""

    def __init__(self, asker: Asker, off: frozenset[str]) -> None:
        self.asker, self.off = asker, off
        self._ended: Refusal | None = None

    def __call__(self, job: Job) -> ViewResult:
        """The page, or why it was not asked for."""
        place = GLOBAL if job.view.scope == GLOBAL else job.region
        unasked = self._ended
        if place in self.off:
            unasked = Refusal("region_off", f"{job.region} is not enabled for this account.")
        if unasked is not None:
            refusal = replace(unasked, action=job.view.action)
            return refused(job.view, place, self.asker.identity, self.asker.clock(), refusal)
        result = ask(self.asker, job.view, _region(job.view, job.region, self.asker.identity))
        if result.refusal and result.refusal.code in _ENDED:
            self._ended = result.refusal
        return result


def _in_parallel(
    jobs: list[Job],
    work: Callable[[Job], ViewResult],
    on_result: Callable[[ViewResult], None],
    cancelled: Callable[[], bool],
    stopped: threading.Event,
) -> tuple[ViewResult, ...]:
    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    done: queue.SimpleQueue[tuple[int, ViewResult | BaseException]] = queue.SimpleQueue()
    for number in range(len(jobs)):
        waiting.put(number)

    def answer() -> None:
        while not stopped.is_set():
            try:
                number = waiting.get_nowait()
            except queue.Empty:
                return
            try:
                done.put((number, work(jobs[number])))
            except BaseException as fault:  # noqa: BLE001 - a fault of ours belongs to the caller's thread
                done.put((number, fault))

    with _sparing_collector() if len(jobs) >= MANY else nullcontext():
        for _ in range(min(THREADS, len(jobs))):
            threading.Thread(target=answer, name="explorer", daemon=True).start()
        try:
            return _gather(done, len(jobs), on_result, cancelled)
        finally:
            stopped.set()


@contextmanager
def _sparing_collector() -> Iterator[None]:
    """Clients, models and rows stay, and are told so to the collector of garbage.

    Going through them all in search of circles, as happens again and again while they grow, would hold every key for a tenth of a second
    each time; what is young is searched as ever.
    """
    gc.set_threshold(*gc.get_threshold()[:2], SPARING)
    try:
        yield
    finally:
        gc.freeze()


def _gather(
    done: queue.SimpleQueue[tuple[int, ViewResult | BaseException]],
    expected: int,
    on_result: Callable[[ViewResult], None],
    cancelled: Callable[[], bool],
) -> tuple[ViewResult, ...]:
    results: dict[int, ViewResult] = {}
    while len(results) < expected and not cancelled():
        try:
            number, result = done.get(timeout=PATIENCE)
        except queue.Empty:
            continue
        if isinstance(result, BaseException):
            raise result
        results[number] = result
        on_result(result)
    return tuple(results[number] for number in sorted(results))


def _region(view: View, region: str, identity: Identity) -> str:
    """Where to ask: a view of the whole account where the session has been verified, whatever regions are looked in.

    For one of the user's own that is the partition's own region, where AWS keeps the services that have only one.
    """
    if view.scope != GLOBAL:
        return region
    return (identity.region if view.group != OWN else "") or partition_of(identity.arn).region
