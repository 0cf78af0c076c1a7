"""Resource Explorer over what the accounts hold: indexes by region, an aggregator, views, and Search with its limits.

Facts: the Resource Explorer API reference. A view belongs to one region; without a view, or by a view of elsewhere, Search answers
401 UnauthorizedException; of any query 1,000 resources are told at most, and no more than that are counted.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from tui_app.clock import rfc3339
from tui_app.embedded_aws.callers import Caller
from tui_app.embedded_aws.explorer_items import items_of
from tui_app.embedded_aws.explorer_query import finder, invalid
from tui_app.embedded_aws.gate import Gate
from tui_app.embedded_aws.ledger import Ledger
from tui_app.embedded_aws.organization import organization_of
from tui_app.embedded_aws.wire import Answer, AwsError, AwsRequest, json_answer
from tui_app.embedded_aws.world.accounts import ACCOUNTS, DEVELOPMENT, PRODUCTION, STAGING
from tui_app.embedded_aws.world.estates import HOME, OVERSEAS
from tui_app.embedded_aws.world.resources import Resources

SERVICE = "resource-explorer-2"
MOST = 1000
USUAL_PAGE = 100
LONGEST = 1280
DEFAULT_VIEW = "all-resources"
_TWENTY_MINUTES, _QUARTER_HOUR = 1200, 900


class _Index:
    """An index of one account in one region. `age` is how long it has been in its state, in seconds; None: for years."""

    def __init__(self, kind: str = "LOCAL", state: str = "ACTIVE", age: float | None = None) -> None:
        self.kind, self.state, self.age = kind, state, age
        self.views: dict[str, dict[str, Any]] = {}
        self.default = ""

    def add(self, view: dict[str, Any], *, default: bool = False) -> None:
        """Keep a view."""
        self.views[view["ViewArn"]] = view
        self.default = view["ViewArn"] if default else self.default


_WORLD: Mapping[tuple[str, str], tuple[str, str, float | None]] = {
    (PRODUCTION, HOME): ("AGGREGATOR", "ACTIVE", None),
    (PRODUCTION, OVERSEAS): ("LOCAL", "ACTIVE", None),
    (STAGING, HOME): ("LOCAL", "UPDATING", _TWENTY_MINUTES),
    (DEVELOPMENT, HOME): ("LOCAL", "ACTIVE", None),
}
"""The indexes of the world: production has one that knows all its regions, staging's is still being updated, most have none."""


class ResourceExplorer:
    """Whoever is to have an index, and Search. `resources` puts the world's own in before they are looked for."""

    def __init__(self, resources: Resources | None, *, empty: bool) -> None:
        self._resources = resources
        self._indexes: dict[tuple[str, str], _Index] = {}
        for place, (kind, state, age) in () if empty else _WORLD.items():
            self._indexes[place] = _Index(kind, state, age)
            self._indexes[place].add(_new_view(*place, DEFAULT_VIEW, f"arn:aws:iam::{place[0]}:root", tags=True), default=True)

    def register(self, gate: Gate) -> None:
        """Answer what a search needs, and what makes indexes and views."""
        for action, handler in {
            "ListIndexes": self._list_indexes,
            "GetIndex": self._get_index,
            "CreateIndex": self._create_index,
            "UpdateIndexType": self._update_index_type,
            "DeleteIndex": self._delete_index,
            "GetDefaultView": self._get_default_view,
            "AssociateDefaultView": self._associate_default_view,
            "CreateView": self._create_view,
            "ListViews": self._list_views,
            "GetView": self._get_view,
            "BatchGetView": self._batch_get_view,
            "Search": self._search,
        }.items():
            gate.add_operation(SERVICE, action, handler)

    def _list_indexes(self, request: AwsRequest, caller: Caller, _ledger: Ledger) -> Answer:
        wanted, kind = request.json.get("Regions") or (), request.json.get("Type")
        found = [
            {"Region": region, "Arn": _index_arn(account, region), "Type": index.kind}
            for (account, region), index in sorted(self._indexes.items())
            if account == caller.account and (not wanted or region in wanted) and kind in (None, index.kind)
        ]
        return _paged(request, "Indexes", found, 100)

    def _get_index(self, request: AwsRequest, caller: Caller, ledger: Ledger) -> Answer:
        index = self._index(caller.account, request.region)
        changed = rfc3339(ledger.now() - index.age) if index.age is not None else "2024-05-06T07:08:09Z"
        others = [region for account, region in self._indexes if account == caller.account and region != request.region]
        replicas = {"ReplicatingFrom": others} if index.kind == "AGGREGATOR" else {"ReplicatingTo": []}
        return _json(
            {
                "Arn": _index_arn(caller.account, request.region),
                "Type": index.kind,
                "State": index.state,
                "CreatedAt": changed if index.state == "CREATING" else "2024-05-06T07:08:09Z",
                "LastUpdatedAt": changed,
                "Tags": {},
                **replicas,
            }
        )

    def _create_index(self, request: AwsRequest, caller: Caller, ledger: Ledger) -> Answer:
        place = (caller.account, request.region)
        if place in self._indexes:
            raise AwsError("ConflictException", "There is an index in this Region already.", 409, spelled=True)
        self._indexes[place] = _Index("LOCAL", "CREATING", 0.0)
        return _json({"Arn": _index_arn(*place), "State": "CREATING", "CreatedAt": rfc3339(ledger.now())})

    def _update_index_type(self, request: AwsRequest, caller: Caller, ledger: Ledger) -> Answer:
        index = self._index(caller.account, request.region)
        index.kind, index.state, index.age = str(request.json.get("Type")), "ACTIVE", None
        arn = _index_arn(caller.account, request.region)
        return _json({"Arn": arn, "Type": index.kind, "State": index.state, "LastUpdatedAt": rfc3339(ledger.now())})

    def _delete_index(self, request: AwsRequest, caller: Caller, ledger: Ledger) -> Answer:
        self._index(caller.account, request.region)
        del self._indexes[caller.account, request.region]
        return _json({"Arn": _index_arn(caller.account, request.region), "State": "DELETING", "LastUpdatedAt": rfc3339(ledger.now())})

    def _index(self, account: str, region: str) -> _Index:
        index = self._indexes.get((account, region))
        if index is None:
            raise AwsError("ResourceNotFoundException", "There is no index in this Region.", 404, spelled=True)
        return index

    def _get_default_view(self, request: AwsRequest, caller: Caller, _ledger: Ledger) -> Answer:
        default = self._index(caller.account, request.region).default
        return _json({"ViewArn": default} if default else {})

    def _associate_default_view(self, request: AwsRequest, caller: Caller, _ledger: Ledger) -> Answer:
        arn = str(request.json.get("ViewArn"))
        self._view(arn, caller, request.region)
        self._index(caller.account, request.region).default = arn
        return _json({"ViewArn": arn})

    def _create_view(self, request: AwsRequest, caller: Caller, _ledger: Ledger) -> Answer:
        index, asked = self._index(caller.account, request.region), request.json
        tags = any(one.get("Name") == "tags" for one in asked.get("IncludedProperties") or ())
        scope = str(asked.get("Scope") or f"arn:aws:iam::{caller.account}:root")
        words = str((asked.get("Filters") or {}).get("FilterString") or "")
        view = _new_view(caller.account, request.region, str(asked.get("ViewName")), scope, words=words, tags=tags)
        index.add(view)
        return _json({"View": view})

    def _view(self, arn: str, caller: Caller, region: str) -> dict[str, Any]:
        index = self._indexes.get((caller.account, region))
        view = index.views.get(arn or index.default) if index else None
        if view is None:
            raise AwsError("UnauthorizedException", "Unauthorized", 401, spelled=True)
        return view

    def _list_views(self, request: AwsRequest, caller: Caller, _ledger: Ledger) -> Answer:
        index = self._indexes.get((caller.account, request.region))
        return _paged(request, "Views", list(index.views) if index else [], 50)

    def _get_view(self, request: AwsRequest, caller: Caller, _ledger: Ledger) -> Answer:
        return _json({"View": self._view(str(request.json.get("ViewArn")), caller, request.region), "Tags": {}})

    def _batch_get_view(self, request: AwsRequest, caller: Caller, _ledger: Ledger) -> Answer:
        index = self._indexes.get((caller.account, request.region))
        known, asked = index.views if index else {}, request.json.get("ViewArns") or ()
        lost = [{"ViewArn": arn, "ErrorMessage": "The view does not exist."} for arn in asked if arn not in known]
        return _json({"Views": [known[arn] for arn in asked if arn in known], "Errors": lost})

    def _search(self, request: AwsRequest, caller: Caller, ledger: Ledger) -> Answer:
        asked = request.json
        text, size = str(asked.get("QueryString") or ""), asked.get("MaxResults", USUAL_PAGE)
        if len(text) > LONGEST:
            raise invalid("QueryString", f"The query string is longer than {LONGEST} characters.")
        if isinstance(size, bool) or not isinstance(size, int) or not 1 <= size <= MOST:
            raise invalid("MaxResults", f"The value must be between 1 and {MOST}.")
        start = str(asked.get("NextToken") or "0")
        if not start.isdigit():
            raise invalid("NextToken", "The token is not valid.")
        view = self._view(str(asked.get("ViewArn") or ""), caller, request.region)
        of_words, of_view = finder(text), finder(view["Filters"]["FilterString"])
        ranked = [
            (rank, item)
            for item in self._items(view, caller, request.region, ledger)
            if of_view(item) is not None and (rank := of_words(item)) is not None
        ]
        ranked.sort(key=lambda pair: -pair[0])
        return _found(view, [item for _, item in ranked], int(start), size)

    def _items(self, view: Mapping[str, Any], caller: Caller, region: str, ledger: Ledger) -> Iterator[dict[str, Any]]:
        accounts = [caller.account]
        if ":organization" in view["Scope"]:
            mine = ledger.organizations.get(caller.account) or organization_of(caller.account)
            accounts += [account for account in _members(ledger, mine) if account != caller.account]
        aggregates, met = self._indexes[caller.account, region].kind == "AGGREGATOR", set[str]()
        for account in accounts:
            if self._resources is not None:
                self._resources.ensure_account(account)
            for owner, place in sorted(self._indexes):
                held = items_of(account, place, rfc3339(ledger.now() - _QUARTER_HOUR)) if owner == account else ()
                for item in held if aggregates or place == region else ():
                    if item["Arn"] not in met:
                        met.add(item["Arn"])
                        yield item


def _members(ledger: Ledger, organization: str | None) -> list[str]:
    known = dict.fromkeys((*(account.id for account in ACCOUNTS), *ledger.organizations))
    return [one for one in known if organization and (ledger.organizations.get(one) or organization_of(one)) == organization]


def _found(view: Mapping[str, Any], items: list[dict[str, Any]], start: int, size: int) -> Answer:
    shows_tags = bool(view["IncludedProperties"])
    told = []
    for item in items[start : min(start + size, MOST)]:
        pairs = [{"Key": key, "Value": value} for key, value in item["Tags"].items()]
        held = [{"Name": "tags", "LastReportedAt": item["LastReportedAt"], "Data": pairs}] if shows_tags and pairs else []
        told.append({name: value for name, value in item.items() if name != "Tags"} | {"Properties": held})
    end = start + size
    more = {"NextToken": str(end)} if end < min(len(items), MOST) else {}
    count = {"TotalResources": min(len(items), MOST), "Complete": len(items) <= MOST}
    return _json({"Resources": told, "ViewArn": view["ViewArn"], "Count": count, **more})


def _paged(request: AwsRequest, member: str, values: list[Any], most: int) -> Answer:
    start, size = int(request.json.get("NextToken") or 0), int(request.json.get("MaxResults") or most)
    more = {"NextToken": str(start + size)} if start + size < len(values) else {}
    return _json({member: values[start : start + size], **more})


def _new_view(account: str, region: str, name: str, scope: str, *, words: str = "", tags: bool = False) -> dict[str, Any]:
    number = uuid.uuid5(uuid.NAMESPACE_URL, f"{account} {region} {name}")
    return {
        "ViewArn": f"arn:aws:{SERVICE}:{region}:{account}:view/{name}/{number}",
        "ViewName": name,
        "Owner": account,
        "Scope": scope,
        "Filters": {"FilterString": words},
        "IncludedProperties": [{"Name": "tags"}] if tags else [],
    }


def _index_arn(account: str, region: str) -> str:
    number = uuid.uuid5(uuid.NAMESPACE_URL, f"{account} {region}")
    return f"arn:aws:{SERVICE}:{region}:{account}:index/{number}"


def _json(value: object) -> Answer:
    return json_answer(value, content_type="application/json")
