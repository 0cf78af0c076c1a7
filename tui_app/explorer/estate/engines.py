"""One answer of one engine to one role: an index asked by its view, or the tagged resources of a region."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from tui_app.explorer.asking import Asker
from tui_app.explorer.estate.answers import Engine, Finder, Found, Index, Part, Reach, Searcher, joined, refused_part
from tui_app.explorer.estate.calls import PAGE, TAGGED_PAGE, VIEWS_AT_ONCE, Stopped, explorer_call, moment, tagging_call
from tui_app.explorer.estate.names import named
from tui_app.explorer.estate.query import Query, in_region, matches, rank, tagging_parameters
from tui_app.explorer.onward import Onward
from tui_app.explorer.refusals import Refusal
from tui_app.text import clean
from tui_app.values import frozen

MOST_LOOKED = 1000
"""How many tagged resources of a region are looked through before a person is asked whether to go on: ten calls."""
_REFUSED_WORDS = frozenset({"ValidationException", "InvalidParameterException"})


@frozen
class Task:
    """Who asks which engine where; `indexed` are the regions that an aggregator knows, `note` is why it is this engine."""

    searcher: Searcher
    query: Query
    engine: Engine
    region: str
    indexed: tuple[str, ...] = ()
    note: str = ""


def ask_engine(task: Task, asker: Asker) -> Part:
    """The first page. Never raises what AWS answers: it is in the part."""
    part = _begun(task, asker)
    try:
        return _explored(task, asker, part) if task.engine == "resource-explorer" else _tagged(task, asker, part)
    except Stopped as stop:
        return refused_part(part, _told(stop.refusal, task.query))


def ask_next(part: Part, task: Task, asker: Asker) -> Part:
    """The rows so far and one page more; the same where there is none. The rows stay where the page is refused.

    Raises:
        WrongIdentity: the role is no longer the one that was answered.
    """
    if part.next is None:
        return part
    begun = replace(_begun(task, asker), view=part.view)
    try:
        page = _page(task, asker, begun, part.next) if part.engine == "resource-explorer" else _tagged(task, asker, begun, part.next)
    except Stopped as stop:
        page = refused_part(begun, _told(stop.refusal, task.query))
    return joined(part, page)


def _begun(task: Task, asker: Asker) -> Part:
    searcher = task.searcher
    reach: Reach = "aggregator" if task.indexed else "local" if task.engine == "resource-explorer" else "region"
    regions = task.indexed or (task.region,)
    now = asker.now()
    return Part(searcher.key, searcher.label, searcher.identity, task.engine, task.region, now, reach, regions, note=task.note)


def _explored(task: Task, asker: Asker, part: Part) -> Part:
    part = replace(part, index=_index(asker, task.region))
    try:
        return _searched(task, asker, part)
    except Stopped as stop:
        return refused_part(part, _told(stop.refusal, task.query))


def _searched(task: Task, asker: Asker, part: Part) -> Part:
    view, scope = _view(asker, task.region, aggregates=bool(task.indexed))
    if not view:
        sentence = f"Resource Explorer has an index in {clean(task.region, 32)}, but no view to search by."
        raise Stopped(Refusal("failed", sentence, action="resource-explorer-2:GetDefaultView", code="NoView"))
    reach = "organization" if _is_of_organization(scope) else part.reach
    part = replace(part, view=view, reach=reach)
    text = in_region(task.query, task.searcher.regions) if task.searcher.only and task.indexed else task.query.text
    return _page(task, asker, part, {"QueryString": text, "ViewArn": view, "MaxResults": PAGE})


def _index(asker: Asker, region: str) -> Index:
    """The state of an index; nothing where that is denied, as a search goes on without it."""
    try:
        answer = explorer_call(asker, region, "GetIndex", {})
    except Stopped as stop:
        if stop.refusal.cause in ("expired", "out_of_reach", "not_aws"):
            raise
        return Index()
    state = str(answer.get("State") or "")
    return Index(state, moment(answer.get("CreatedAt") if state == "CREATING" else answer.get("LastUpdatedAt") or answer.get("CreatedAt")))


def _view(asker: Asker, region: str, *, aggregates: bool) -> tuple[str, str]:
    """The ARN and the scope of the view to search by: one of the whole organization, else the default one, else any."""
    default = _unless_denied(asker, region, "GetDefaultView", {}, "ViewArn") or ""
    if not aggregates and default:
        return str(default), ""
    listed = [str(arn) for arn in _unless_denied(asker, region, "ListViews", {}, "Views") or ()]
    if not listed:
        return str(default), ""
    asked = list(dict.fromkeys((*([str(default)] if default else ()), *listed)))[:VIEWS_AT_ONCE]
    described = _unless_denied(asker, region, "BatchGetView", {"ViewArns": asked}, "Views") or ()
    scopes = {str(view.get("ViewArn")): str(view.get("Scope") or "") for view in described if isinstance(view, Mapping)}
    wide = next((arn for arn in asked if _is_of_organization(scopes.get(arn, ""))), "")
    chosen = wide or str(default) or listed[0]
    return chosen, scopes.get(chosen, "")


def _is_of_organization(scope: str) -> bool:
    return ":organizations:" in scope and (":organization/" in scope or ":ou/" in scope)


def _unless_denied(asker: Asker, region: str, operation: str, parameters: Mapping[str, Any], member: str) -> Any:
    """A member of an answer; None where it is denied or AWS knows none, as there are other ways to a view."""
    try:
        return explorer_call(asker, region, operation, parameters).get(member)
    except Stopped as stop:
        if stop.refusal.cause == "denied" or stop.refusal.code == "ResourceNotFoundException":
            return None
        raise


def _page(task: Task, asker: Asker, part: Part, parameters: Mapping[str, Any]) -> Part:
    answer = explorer_call(asker, task.region, "Search", parameters)
    answered_by = str(answer.get("ViewArn") or part.view)
    if answered_by != part.view:
        sentence = f"The search went to {clean(part.view, 256)}, and {clean(answered_by, 256)} answered. Nothing of it is shown."
        raise Stopped(Refusal("failed", sentence, action="resource-explorer-2:Search"))
    token, count = answer.get("NextToken"), answer.get("Count") or {}
    found = _rows(task, answer.get("Resources"), _explored_row)
    following = {**parameters, "NextToken": token} if token else None
    return replace(part, found=found, next=following, more=bool(token) or count.get("Complete") is False)


def _explored_row(resource: Mapping[str, Any]) -> Found:
    arn = str(resource.get("Arn") or "")
    own = named(arn)
    tags: dict[str, str] = {}
    for held in resource.get("Properties") or ():
        if isinstance(held, Mapping) and str(held.get("Name")).casefold() == "tags":
            tags |= _tags(held.get("Data"))
    return Found(
        arn,
        str(resource.get("Service") or own.service),
        str(resource.get("ResourceType") or own.type),
        str(resource.get("Region") or own.region),
        str(resource.get("OwningAccountId") or own.account),
        own.id,
        (),
        reported=moment(resource.get("LastReportedAt")),
        tags=tags,
        raw=resource,
    )


def _tagged(task: Task, asker: Asker, part: Part, start: Mapping[str, Any] | None = None) -> Part:
    """Pages until a thousand resources have been looked through; a page that is refused leaves those before it."""
    parameters: dict[str, Any] = dict(start or {**tagging_parameters(task.query), "ResourcesPerPage": TAGGED_PAGE})
    found: list[Found] = []
    onward, looked, going = Onward(), 0, True
    while going:
        try:
            answer = tagging_call(asker, task.region, parameters)
        except Stopped as stop:
            if not looked:
                raise
            return refused_part(replace(part, found=tuple(found), looked=looked, more=True, next=parameters), stop.refusal)
        told = answer.get("ResourceTagMappingList") or ()
        found += [row for row in _rows(task, told, _tagged_row) if matches(task.query, row)]
        looked += len(told)
        token = answer.get("PaginationToken") or ""
        parameters["PaginationToken"] = token
        going = onward.leads(token or None, len(told)) and looked < MOST_LOOKED and not asker.how.cancelled()
    return replace(part, found=tuple(found), looked=looked, more=bool(token), next=dict(parameters) if token else None)


def _tagged_row(resource: Mapping[str, Any]) -> Found:
    arn = str(resource.get("ResourceARN") or "")
    own = named(arn)
    return Found(arn, own.service, own.type, own.region, own.account, own.id, (), tags=_tags(resource.get("Tags")), raw=resource)


def _tags(told: object) -> dict[str, str]:
    if isinstance(told, Mapping):
        return {str(key): str(value) for key, value in told.items()}
    pairs = told if isinstance(told, list) else ()
    return {str(pair["Key"]): str(pair.get("Value") or "") for pair in pairs if isinstance(pair, Mapping) and "Key" in pair}


def _rows(task: Task, told: object, read: Callable[[Mapping[str, Any]], Found]) -> tuple[Found, ...]:
    """The resources of an answer that have an ARN and lie where they were asked for, stamped with who was told."""
    searcher = task.searcher
    finder = Finder(searcher.key, searcher.label, searcher.identity, task.engine)
    rows = (read(resource) for resource in (told if isinstance(told, list) else ()) if isinstance(resource, Mapping))
    elsewhere = searcher.only and bool(task.indexed)
    wanted = (row for row in rows if row.arn and not (elsewhere and row.region not in searcher.regions))
    return tuple(
        replace(row, account=row.account or searcher.identity.account, finders=(finder,), rank=rank(task.query, row)) for row in wanted
    )


def _told(refusal: Refusal, query: Query) -> Refusal:
    """A refusal of the words themselves says which word, where AWS names one."""
    if refusal.code not in _REFUSED_WORDS:
        return refusal
    said = refusal.aws_message
    at = next((word for word in query.words if len(word.text) > 1 and word.text.casefold() in said.casefold()), None)
    where = f" at word {at.at}, {clean(at.text, 80)!r}" if at else ""
    ending = "" if said.endswith((".", "!", "?")) else "."
    return replace(refusal, sentence=f"AWS does not take these words{where}: {clean(said, 400) or refusal.code}{ending}")
