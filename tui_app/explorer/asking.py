"""One page of one view from AWS: asked again where AWS wants to be asked slowly, and counted."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Protocol

from tui_app.aws.paging import Paging
from tui_app.clock import Clock, wall_clock
from tui_app.errors import OutOfReach, RoledeckError
from tui_app.explorer.expressions import look_up
from tui_app.explorer.refusals import Refusal, explain, in_another_partition, not_offered
from tui_app.explorer.results import ViewResult, of_rows, refused, rows_in
from tui_app.explorer.view import GLOBAL, OWN, Describe, View
from tui_app.model import AccessKey, Identity, Session
from tui_app.parallel import never, pause
from tui_app.values import frozen

ATTEMPTS = 5
MOST_ON_A_PAGE = 100_000
"""Rows that are taken of one page: AWS's own pages have some thousands at most, and a table of millions would take all memory."""
FIRST_WAIT, LONGEST_WAIT = 0.15, 3.0
"""Seconds; each wait is drawn between nothing and twice the one before, so that thirty threads do not come back together."""

_ONE_BY_ONE = threading.Lock()
"""Rows of thirty answers that come together are made one after the other: all at once they take as long, and a key would wait for each."""


class Door(Protocol):
    """The part of `tui_app.aws.door.AwsDoor` that the explorer goes through."""

    def call(
        self, service: str, operation: str, *, region: str, key: AccessKey | None, parameters: Mapping[str, Any], retry: bool = True
    ) -> dict[str, Any]:
        """One answered call; raises only `tui_app.errors`."""
        ...

    def paging(self, service: str, operation: str) -> Paging | None:
        """How an operation is asked for its next page."""
        ...

    def offers(self, service: str, region: str) -> bool:
        """Whether the service may be there, as far as anybody knows."""
        ...


@frozen
class Retry:
    """AWS has asked to wait: the view is asked again, for the `attempt`th time of `ATTEMPTS`."""

    view: View
    region: str
    attempt: int
    seconds: float

    def sentence(self) -> str:
        """What a progress line says."""
        return f"{self.view.title}: AWS asks to wait, attempt {self.attempt} of {ATTEMPTS}"


class Tally:
    """How many calls were made, and how often AWS asked to wait; for any number of threads."""

    def __init__(self) -> None:
        self.calls = 0
        self.throttles = 0
        self._lock = threading.Lock()

    def count(self, *, throttled: bool = False) -> None:
        """One call more, or one throttle of a call that is counted already."""
        with self._lock:
            self.calls += not throttled
            self.throttles += throttled


@frozen
class Asking:
    """How AWS is asked: through which door and by which clock, who counts the calls, and who hears of waits.

    `on_retry` runs on the thread that waits. Once `cancelled` says yes nothing is waited for and no further page is asked for.
    """

    door: Door
    clock: Clock = wall_clock
    tally: Tally | None = None
    on_retry: Callable[[Retry], None] | None = None
    cancelled: Callable[[], bool] = never


@frozen
class Asker:
    """Whose session asks, and how."""

    session: Session
    how: Asking

    @property
    def identity(self) -> Identity:
        """Who AWS says it is."""
        return self.session.identity

    def now(self) -> float:
        """Epoch seconds, as answers are stamped."""
        return self.how.clock()


def ask(
    asker: Asker, view: View, region: str, asked: Mapping[str, Any] | None = None, token: Mapping[str, Any] | None = None
) -> ViewResult:
    """One page of `view` in `region`, opened at `asked` and continued at `token`. Never raises what AWS answers: it is in the result."""
    place = GLOBAL if view.scope == GLOBAL else region or "none"
    at = {**(asked or {}), **({"region": region} if view.parents and view.scope != GLOBAL else {})}

    def empty() -> ViewResult:
        return ViewResult(view, place, asker.identity, asker.now(), asked=at)

    if why_not := _unaskable(region, asker.identity.arn):
        return refused(empty(), replace(why_not, action=view.action))
    parameters = {**view.parameters, **{name: value for name, value in (asked or {}).items() if name != "region"}, **(token or {})}
    try:
        answer = call_patiently(asker, view, region, view.operation, parameters)
    except RoledeckError as failure:
        return refused(empty(), _explained(asker.how.door, failure, view, region))
    (rows, cut), note = _at_most(rows_in(view, answer)), ""
    if view.describe and rows:
        rows, note = _described(asker, view, region, rows, at)
    following = _following(asker.how.door, view, answer, token or {}) if rows or view.more else None
    more = bool(look_up(view.more, answer)) if view.more else following is not None
    with _ONE_BY_ONE:
        made = of_rows(empty(), rows, more=more or bool(cut))
    return replace(made, note=cut or note, next=following if more else None)


def _at_most(rows: tuple[Any, ...]) -> tuple[tuple[Any, ...], str]:
    """So many rows as are taken of a page, and what is said of the others."""
    if len(rows) <= MOST_ON_A_PAGE:
        return rows, ""
    return rows[:MOST_ON_A_PAGE], f"Only the first {MOST_ON_A_PAGE:,} of the {len(rows):,} rows on one page."


def _unaskable(region: str, arn: str) -> Refusal | None:
    """Why nothing is asked there; None where it may be."""
    if not region:
        return Refusal("no_region", "No region is known to ask in. Set one for the role, or give --region.")
    return in_another_partition(region, arn)


def _explained(door: Door, failure: RoledeckError, view: View, region: str) -> Refusal:
    """Why there is no answer; where the host is not there, whether the service is."""
    if isinstance(failure, OutOfReach) and not failure.sent and not failure.cause and not door.offers(view.service, region):
        return not_offered(view.action, region)
    return explain(failure, view.action, "" if view.scope == GLOBAL else region)


def call_patiently(asker: Asker, view: View, region: str, operation: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """One call, again and again for as long as AWS asks to wait or has a fault of its own.

    Raises:
        RoledeckError: what AWS said the last time.
    """
    how, key = asker.how, asker.session.credentials.key
    for attempt in range(1, ATTEMPTS + 1):
        if how.tally:
            how.tally.count()
        try:
            return how.door.call(view.service, operation, region=region, key=key, parameters=parameters, retry=False)
        except RoledeckError as failure:
            throttled = explain(failure, view.action, "").cause == "throttled"
            if throttled and how.tally:
                how.tally.count(throttled=True)
            passing = throttled or (isinstance(failure, OutOfReach) and failure.sent and failure.cause != "not_aws")
            if not passing or attempt == (ATTEMPTS if throttled else 2) or not _wait(asker, view, region, attempt, told=throttled):
                raise
    raise AssertionError  # pragma: no cover - the last attempt returns or raises


def _wait(asker: Asker, view: View, region: str, attempt: int, *, told: bool) -> bool:
    """Wait before the next attempt; whether there is to be one."""
    seconds = random.uniform(0, min(LONGEST_WAIT, FIRST_WAIT * 2**attempt))  # noqa: S311 - it only spreads requests
    if told and asker.how.on_retry:
        asker.how.on_retry(Retry(view, region, attempt + 1, seconds))
    return pause(seconds, asker.how.cancelled)


def _described(asker: Asker, view: View, region: str, rows: tuple[Any, ...], asked: Mapping[str, Any]) -> tuple[tuple[Any, ...], str]:
    """The rows with all that a second call tells of them; where that is refused, the rows as they are, and a note."""
    describe: Describe = view.describe  # type: ignore[assignment]  # the caller has looked
    ids = [str(look_up(view.id, row)) for row in rows]
    known: dict[str, Any] = {}
    note = ""
    for start in range(0, len(ids), describe.most):
        context = {"asked": asked, "ids": ids[start : start + describe.most]}
        parameters = {name: look_up(path, context) for name, path in describe.parameters.items()}
        try:
            answer = call_patiently(asker, view, region, describe.operation, parameters)
        except RoledeckError as failure:
            note = f"Only names: {explain(failure, describe.action, region).sentence}"
            break
        described = look_up(describe.rows, answer)
        known |= {str(look_up(describe.key, row)): row for row in described or () if isinstance(row, dict)}
    return tuple({**row, **known.get(name, {})} for name, row in zip(ids, rows, strict=True)), note


def _following(door: Door, view: View, answer: object, token: Mapping[str, Any]) -> dict[str, Any] | None:
    """The parameters of the next page; None where there is none. A token that comes back unchanged means the end (CloudWatch Logs)."""
    if view.more and not look_up(view.more, answer):
        return None
    paging = view.paging or (door.paging(view.service, view.operation) if view.more or view.group == OWN else None)
    if paging is None or (paging.more and not look_up(paging.more, answer)):
        return None
    values = zip(paging.asked, (look_up(path, answer) for path in paging.answered), strict=True)
    following = {name: value for name, value in values if value not in (None, "")}
    return following if following and following != dict(token) else None
