"""The words of a Resource Explorer search, as the embedded AWS reads them.

Facts: "Search query syntax reference for Resource Explorer": free words are joined by OR, filters by AND, `-` excludes, quotes keep
words together, a `*` stands for any ending, and nothing depends on capitals.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from tui_app.embedded_aws.wire import AwsError

_TOKEN = re.compile(r'-?(?:[^\s"]+|"[^"]*")+')
Item = Mapping[str, Any]
"""A resource as Search answers with it, with its tags under `Tags`."""

_FIELDS: Mapping[str, str] = {
    "accountid": "OwningAccountId",
    "id": "Arn",
    "region": "Region",
    "resourcetype": "ResourceType",
    "service": "Service",
}
_KNOWN = frozenset({*_FIELDS, "application", "resourcetype.supports", "tag", "tag.key", "tag.value"})


def finder(text: str) -> Callable[[Item], int | None]:
    """A function that gives a resource its rank, by how many free words it has; None where it does not match.

    Raises:
        AwsError: the words are not understood.
    """
    if text.count('"') % 2:
        raise invalid("QueryString", "The query string has a quotation mark that is not closed.")
    needed: list[Callable[[Item], bool]] = []
    free: list[str] = []
    for token in _TOKEN.findall(text):
        excludes, body = token.startswith("-"), token.removeprefix("-")
        name, colon, value = body.partition(":")
        if colon and '"' not in name:
            if name.casefold() not in _KNOWN:
                raise invalid("QueryString", f"The query string has the unknown filter {name} in {token}.")
            test = _filter(name.casefold(), value.replace('"', "").casefold())
        elif not excludes:
            free.append(body.replace('"', "").casefold())
            continue
        else:
            test = _free(body.replace('"', "").casefold())
        needed.append((lambda item, test=test: not test(item)) if excludes else test)  # type: ignore[misc]  # bound now, not later

    def rank(item: Item) -> int | None:
        if not all(test(item) for test in needed):
            return None
        count = sum(_free(word)(item) for word in free)
        return count if count or not free else None

    return rank


def invalid(field: str, message: str) -> AwsError:
    """A ValidationException about one parameter."""
    return AwsError("ValidationException", f"{field}: {message}", 400, spelled=True)


def _free(word: str) -> Callable[[Item], bool]:
    def holds(item: Item) -> bool:
        told = (str(item[name]) for name in ("Arn", "ResourceType", "Service", "Region", "OwningAccountId"))
        tags = (f"{key}={value}" for key, value in item["Tags"].items())
        return word.strip("*") in "\n".join((*told, *tags)).casefold()

    return holds


def _filter(name: str, value: str) -> Callable[[Item], bool]:
    if name in _FIELDS:
        values = [value] if name == "id" else value.split(",")
        return lambda item: any(fnmatchcase(str(item[_FIELDS[name]]).casefold(), _pattern(one)) for one in values)
    if name == "resourcetype.supports":
        return lambda item: value == "tags" and item["Service"] != "iam"
    if name == "application":
        return lambda item: value in str(item["Tags"].get("awsApplication", "")).casefold()
    return lambda item: _tagged(name, value, item["Tags"])


def _tagged(name: str, value: str, tags: Mapping[str, str]) -> bool:
    folded = {key.casefold(): held.casefold() for key, held in tags.items()}
    if name == "tag.key":
        return any(fnmatchcase(key, _pattern(value)) for key in folded)
    if name == "tag.value":
        return any(fnmatchcase(held, _pattern(value)) for held in folded.values())
    if value in ("none", "all"):
        return bool(folded) is (value == "all")
    key, _, held = value.partition("=")
    return key in folded and fnmatchcase(folded[key], _pattern(held))


def _pattern(text: str) -> str:
    """A pattern in which only `*` means anything."""
    return text.replace("[", "[[]").replace("?", "[?]")
