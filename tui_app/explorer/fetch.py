"""Ask AWS for views: one at a time, or all of the first sight at once. A refusal is an answer, and loses no other view."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from tui_app.aws.partitions import partition_of
from tui_app.clock import Clock, wall_clock
from tui_app.errors import RoledeckError
from tui_app.explorer.cells import Plain, cell, plain
from tui_app.explorer.refusals import STATES, Cause, Refusal, ViewState, explain
from tui_app.explorer.view import GLOBAL, View, fill_in, look_up
from tui_app.explorer.views import VIEWS
from tui_app.model import AccessKey, Identity, Role, Session
from tui_app.values import frozen

THREADS = 16
"""Creating clients holds the interpreter lock: beyond 16 threads only memory grows."""
PATIENCE = 0.05
"""Seconds between two looks at whether the person has gone away."""


class Door(Protocol):
    """The part of `tui_app.aws.door.AwsDoor` that the explorer goes through."""

    def call(self, service: str, operation: str, *, region: str, key: AccessKey | None, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """One answered call; raises only `tui_app.errors`."""
        ...


@frozen
class ViewResult:
    """What one view answered, and to whom.

    `rows` are for people: cleaned cells, in the order of `columns`. `values` are the same cells for scripts, `ids` and `arns` the raw
    names for copying, all one a row. `region` is `global` for a view of the whole account. `at` is in epoch seconds.
    `message` is one sentence where there are no rows to show; `aws_message` is AWS's own.
    """

    view: View
    region: str
    identity: Identity
    at: float
    state: ViewState = "ok"
    cause: Cause = ""
    rows: tuple[tuple[str, ...], ...] = ()
    values: tuple[tuple[Plain, ...], ...] = ()
    ids: tuple[str, ...] = ()
    arns: tuple[str, ...] = ()
    more: bool = False
    message: str = ""
    aws_message: str = ""
    denied_by: str = ""
    request_id: str = ""

    @property
    def service(self) -> str:
        """The service that was asked."""
        return self.view.service

    @property
    def action(self) -> str:
        """The IAM action that the call needs."""
        return self.view.action

    @property
    def columns(self) -> tuple[str, ...]:
        """The heads of the columns."""
        return self.view.heads

    @property
    def count(self) -> int:
        """How many rows there are on the page."""
        return len(self.rows)

    @property
    def count_text(self) -> str:
        """The figure a list shows: `0`, `12`, `100+` where there is more."""
        return f"{self.count}+" if self.more else str(self.count)


def regions_of(role: Role, session: Session, wanted: Iterable[str] = ()) -> tuple[str, ...]:
    """The regions to look in: those asked for, else the role's, the account's, or the one the session was verified in."""
    asked = (tuple(wanted), role.regions, role.account.regions, (role.request.region or "",), (session.identity.region,))
    chosen = next((regions for regions in asked if any(regions)), (partition_of(role.arn).region,))
    return tuple(dict.fromkeys(region for region in chosen if region))


def fetch_view(view: View, door: Door, key: AccessKey, region: str, identity: Identity, clock: Clock = wall_clock) -> ViewResult:
    """One page of `view`, asked with `key`, which belongs to `identity`. Never raises what AWS answers: it is in the result."""
    place = GLOBAL if view.scope == GLOBAL else region
    try:
        answer = door.call(view.service, view.operation, region=region, key=key, parameters=view.parameters)
    except RoledeckError as failure:
        return refused(view, place, identity, clock(), explain(failure, view.action, "" if place == GLOBAL else region))
    return answered(view, place, identity, clock(), answer)


def answered(view: View, region: str, identity: Identity, at: float, answer: object) -> ViewResult:
    """The result of an answer, its rows taken out by the view's expressions."""
    found = look_up(view.rows, answer)
    rows = [row for row in found if row is not None] if isinstance(found, list) else []
    raw = [[look_up(column.path, row) for column in view.columns] for row in rows]
    places = {"partition": partition_of(identity.arn).id, "region": "" if region == GLOBAL else region, "account": identity.account}
    return ViewResult(
        view,
        region,
        identity,
        at,
        rows=tuple(tuple(cell(value, column.shape) for value, column in zip(line, view.columns, strict=True)) for line in raw),
        values=tuple(tuple(plain(value, column.shape) for value, column in zip(line, view.columns, strict=True)) for line in raw),
        ids=tuple(str(look_up(view.id, row) or "") for row in rows),
        arns=tuple(fill_in(view.arn, row, places) for row in rows),
        more=bool(view.more and look_up(view.more, answer)),
    )


def refused(view: View, region: str, identity: Identity, at: float, refusal: Refusal) -> ViewResult:
    """The result of a refusal."""
    return ViewResult(
        view,
        region,
        identity,
        at,
        state=STATES[refusal.cause],
        cause=refusal.cause,
        message=refusal.sentence,
        aws_message=refusal.aws_message,
        denied_by=refusal.denied_by,
        request_id=refusal.request_id,
    )


def fetch_first_sight(  # noqa: PLR0913 - what to ask, whom, and how to hear of it
    door: Door,
    session: Session,
    regions: tuple[str, ...],
    on_result: Callable[[ViewResult], None],
    cancelled: Callable[[], bool] = lambda: False,
    *,
    views: tuple[View, ...] = VIEWS,
    clock: Clock = wall_clock,
) -> tuple[ViewResult, ...]:
    """One page of every view, in parallel, regional views once a region; returns the results in the order of `views`.

    `on_result` runs on the caller's thread, once for each result as it arrives, and not again after `cancelled` says yes: then this
    returns at once with what there is, and the calls under way end unheard on their daemon threads.
    """
    jobs = [(view, region) for view in views for region in (regions[:1] if view.scope == GLOBAL else regions)]
    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    done: queue.SimpleQueue[tuple[int, ViewResult | BaseException]] = queue.SimpleQueue()
    for number in range(len(jobs)):
        waiting.put(number)
    stopped = threading.Event()

    def work() -> None:
        while not stopped.is_set():
            try:
                number = waiting.get_nowait()
            except queue.Empty:
                return
            view, region = jobs[number]
            try:
                done.put((number, fetch_view(view, door, session.credentials.key, region, session.identity, clock)))
            except BaseException as fault:  # noqa: BLE001 - a fault of ours belongs to the caller's thread
                done.put((number, fault))

    for _ in range(min(THREADS, len(jobs))):
        threading.Thread(target=work, name="explorer", daemon=True).start()
    try:
        return _gather(done, len(jobs), on_result, cancelled)
    finally:
        stopped.set()


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
