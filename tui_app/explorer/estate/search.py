"""The search itself: every role at once, each with the engine its account has. One refusal loses nobody else's rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from tui_app.explorer.asking import Asker, Asking
from tui_app.explorer.estate.answers import Part, Searcher, check_whose, refused_part
from tui_app.explorer.estate.calls import Indexed, Stopped, indexes
from tui_app.explorer.estate.engines import Task, ask_engine, ask_next
from tui_app.explorer.estate.query import Query
from tui_app.explorer.fetch import THREADS
from tui_app.explorer.onward import Onward
from tui_app.explorer.refusals import Refusal, in_another_partition
from tui_app.model import Role, Session
from tui_app.parallel import Crew
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


def searcher_of(key: str, session: Session, role: Role | None, regions: tuple[str, ...], *, only: bool = False) -> Searcher:
    """A role that searches in these `regions`, and in no other where a person named them (`only`); `role` is None for one in no file."""
    label = f"{role.account.label}/{role.short_name}" if role is not None else key
    return Searcher(key, clean(label), session, regions, only)


def in_order(parts: Iterable[Part], searchers: Sequence[Searcher]) -> tuple[Part, ...]:
    """The answers as people read them: role after role, Resource Explorer first, the regions in the role's own order."""
    roles = {role.key: (number, role.regions) for number, role in enumerate(searchers)}

    def place(part: Part) -> tuple[int, bool, int, str]:
        number, regions = roles[part.searcher]
        return number, part.engine == "tagging", regions.index(part.region) if part.region in regions else len(regions), part.region

    return tuple(sorted(parts, key=place))


def search_estate(how: Asking, searchers: Iterable[Searcher], query: Query, heard: Heard) -> tuple[Part, ...]:
    """Ask for all of them in parallel; returns the answers, those of the first role first.

    Where the account has an aggregator its region is asked for all that are indexed; where there are only local indexes each is asked;
    a region of the role without one, and a role that may not search, are answered for by the tagging API.
    `heard` runs on the caller's thread, once for each answer, and not again after `how.cancelled` says yes: then this returns at once with
    what there is, and the calls under way end unheard on their daemon threads.
    """
    roles = tuple(searchers)
    parts: list[Part] = []
    ended: set[str] = set()

    def work(step: _Step, cancelled: Callable[[], bool]) -> tuple[list[Part], list[_Step]]:
        return _answer(step, query, Asker(step.searcher.session, replace(how, cancelled=cancelled)))

    with Crew("search", THREADS, work) as crew:
        crew.send(*map(_Survey, roles))
        for _, (answers, steps) in crew.answers(how.cancelled):
            ended |= {part.searcher for part in answers if part.cause == "expired"}
            crew.send(*(step for step in steps if step.searcher.key not in ended))
            for part in answers:
                parts.append(part)
                heard(part, Progress(len(parts), len(parts) + crew.unanswered))
    return in_order(parts, roles)


def more_of(how: Asking, part: Part, searcher: Searcher, query: Query) -> Part:
    """The rows so far and one page more; the same where there is none.

    Raises:
        WrongIdentity: the role's session is no longer the one that was answered.
    """
    check_whose(part, searcher.identity)
    indexed = part.regions if part.reach in ("aggregator", "organization") else ()
    task = Task(searcher, query, part.engine, part.region, indexed, part.note)
    return ask_next(part, task, Asker(searcher.session, how))


def all_pages(how: Asking, part: Part, searcher: Searcher, query: Query) -> Part:
    """All pages after the first, until there is none, AWS says no, or the person has gone away."""
    onward, brought = Onward(), part.looked or len(part.found)
    while onward.leads(part.next, brought) and part.state == "ok" and len(part.found) < MOST_FOUND and not how.cancelled():
        before, part = part.looked or len(part.found), more_of(how, part, searcher, query)
        brought = (part.looked or len(part.found)) - before
    return part


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
    return Part(role.key, role.label, role.identity, "resource-explorer", region, asker.now(), regions=(region,) if region else ())


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
