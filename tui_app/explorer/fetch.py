"""Ask AWS for views: one at a time, or all of the first sight at once. A refusal is an answer, and loses no other view."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace

from tui_app.aws.partitions import partition_of
from tui_app.explorer.asking import Asker, ask
from tui_app.explorer.expressions import look_up
from tui_app.explorer.onward import Onward
from tui_app.explorer.refusals import Refusal
from tui_app.explorer.results import ViewResult, check_same, joined, refused
from tui_app.explorer.view import GLOBAL, OWN, View
from tui_app.explorer.views import FIRST_SIGHT
from tui_app.model import Identity, Role, Session
from tui_app.parallel import Crew
from tui_app.values import frozen

THREADS = 32
"""Most of a call is waiting; beyond 32 threads only memory grows."""
MANY = 16
"""Calls from which on it is a look round, for which the collector of garbage makes way."""
SPARING, USUAL = 1000, gc.get_threshold()[2]
"""Searches among what is young for each search through everything; Python's own is 10."""
MOST_ROWS = 100_000
"""Where `fetch_pages` stops, with `more` still set."""
_ENDED = frozenset({"ExpiredToken", "ExpiredTokenException"})
"""After these no call of the same session can succeed."""


@frozen
class Job:
    """One page to ask for: a view in a region."""

    view: View
    region: str


def regions_of(role: Role, session: Session, wanted: Iterable[str] = ()) -> tuple[str, ...]:
    """The regions to look in: those asked for, else the role's, the account's, or the one the session was verified in."""
    asked = (tuple(wanted), role.regions, role.account.regions, (role.request.region or "",), (session.identity.region,))
    chosen = next((regions for regions in asked if any(regions)), (partition_of(role.arn).region,))
    return tuple(dict.fromkeys(region for region in chosen if region))


def fetch_view(asker: Asker, view: View, region: str) -> ViewResult:
    """One page of `view`. Never raises what AWS answers: it is in the result."""
    return ask(asker, view, _region(view, region, asker.identity))


def fetch_more(asker: Asker, result: ViewResult) -> ViewResult:
    """The rows so far and one page more; the same where there is none. The rows stay where the page is refused.

    Raises:
        WrongIdentity: the session is not the one that the rows so far were answered to.
    """
    if result.next is None:
        return result
    check_same(result, replace(result, identity=asker.identity))
    region = str(result.asked.get("region") or _region(result.view, "" if result.region == GLOBAL else result.region, asker.identity))
    page = ask(asker, result.view, region, result.asked, result.next)
    return joined(result, replace(page, asked=result.asked))


def fetch_pages(asker: Asker, result: ViewResult, most: int = MOST_ROWS) -> ViewResult:
    """All pages after the first, until there is none, `most` rows are there, AWS says no, or the person has gone away.

    Where the pages lead nowhere, as `Onward` has it, `more` stays set too.
    """
    onward, brought = Onward(), result.count
    while onward.leads(result.next, brought) and result.state == "ok" and result.count < most and not asker.how.cancelled():
        before, result = result.count, fetch_more(asker, result)
        brought = result.count - before
    return result


def fetch_below(asker: Asker, view: View, of: ViewResult, index: int) -> ViewResult:
    """One page of a sub-view, opened at a row of the view above.

    Raises:
        WrongIdentity: the session is not the one that the row was answered to.
        LookupError: `view` cannot be opened there.
    """
    check_same(of, replace(of, identity=asker.identity))
    parent = next((parent for parent in view.parents if parent.view == of.view.name), None)
    if parent is None:
        message = f"{view.name} is not opened from {of.view.name}"
        raise LookupError(message)
    row = of.row(index)
    asked = {name: value for name, path in parent.parameters.items() if (value := look_up(path, row)) is not None}
    where = look_up(parent.region, row) if parent.region else None
    home = asker.identity.region if of.region == GLOBAL else of.region
    region = str(where or of.asked.get("region") or _region(view, home, asker.identity))
    return ask(asker, view, region, asked)


def fetch_first_sight(
    asker: Asker,
    regions: tuple[str, ...],
    on_result: Callable[[ViewResult], None],
    *,
    views: tuple[View, ...] = FIRST_SIGHT,
    off: Iterable[str] = (),
) -> tuple[ViewResult, ...]:
    """One page of every view, in parallel, regional views once a region; returns the results in the order of `views`.

    `on_result` runs on the caller's thread, once for each result as it arrives, and not again after the asker is cancelled: then this
    returns at once with what there is, and the calls under way end unheard on their daemon threads.
    Regions in `off` are known not to be enabled, and not asked. After an answer that the session has ended nobody else is asked.
    """
    jobs = [Job(view, region) for view in views for region in (regions[:1] if view.scope == GLOBAL else regions)]
    results: dict[int, ViewResult] = {}
    with _sparing_collector() if len(jobs) >= MANY else nullcontext(), Crew("explorer", THREADS, _Work(asker, frozenset(off))) as crew:
        crew.send(*jobs)
        for number, result in crew.answers(asker.how.cancelled):
            results[number] = result
            on_result(result)
    return tuple(results[number] for number in sorted(results))


class _Work:
    """Answers jobs on any thread."""

    def __init__(self, asker: Asker, off: frozenset[str]) -> None:
        self._asker, self._off = asker, off
        self._ended: Refusal | None = None

    def __call__(self, job: Job, cancelled: Callable[[], bool]) -> ViewResult:
        """The page, or why it was not asked for."""
        asker = replace(self._asker, how=replace(self._asker.how, cancelled=cancelled))
        place = GLOBAL if job.view.scope == GLOBAL else job.region
        unasked = self._ended
        if place in self._off:
            unasked = Refusal("region_off", f"{job.region} is not enabled for this account.")
        if unasked is not None:
            return refused(ViewResult(job.view, place, asker.identity, asker.now()), replace(unasked, action=job.view.action))
        result = fetch_view(asker, job.view, job.region)
        if result.refusal and result.refusal.code in _ENDED:
            self._ended = result.refusal
        return result


@contextmanager
def _sparing_collector() -> Iterator[None]:
    """Clients, models and rows stay, and are told so to the collector of garbage.

    Going through them all in search of circles, as happens again and again while they grow, would hold every key for a tenth of a second
    each time; what is young is searched as ever. Afterwards the collector is as it was: a screen that is open all day has garbage too.
    """
    usual = gc.get_threshold()
    gc.set_threshold(*usual[:2], SPARING)
    try:
        yield
    finally:
        gc.freeze()
        gc.set_threshold(*usual[:2], min(usual[2], USUAL))


def _region(view: View, region: str, identity: Identity) -> str:
    """Where to ask: a view of the whole account where the session has been verified, whatever regions are looked in.

    For one of the user's own that is the partition's own region, where AWS keeps the services that have only one.
    """
    if view.scope != GLOBAL:
        return region
    return (identity.region if view.group != OWN else "") or partition_of(identity.arn).region
