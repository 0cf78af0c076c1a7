"""The words of a search: Resource Explorer's own syntax, read so that the tagging API can be asked the same. Pure.

Facts: "Search query syntax reference for Resource Explorer". Free words are joined by OR, and what matches more of them comes first;
filters (`service:`, `-tag:stage=prod`) are joined by AND; `-` excludes, `"…"` keeps words together, `*` stands for any ending; a comma
between the values of a filter means either.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from tui_app.errors import UsageError
from tui_app.text import clean, nearest
from tui_app.values import frozen

LONGEST = 1280
"""Characters of a QueryString (botocore's model of Search)."""
FILTERS = (
    *("accountid", "application", "id", "region", "resourcetype", "resourcetype.supports", "service"),
    *("tag", "tag.key", "tag.value"),
)
_LISTS = frozenset({"accountid", "region", "resourcetype", "service"})
"""Filters whose values may be several, with commas between them; a tag's value may hold a comma of its own."""
_NO_TAG, _ANY_TAG = "none", "all"
_PIECES = re.compile(r'(?:[^\s"]|"[^"]*")+')
_MOST_TYPES, _MOST_TAGS = 100, 50
"""What one GetResources takes."""


class Thing(Protocol):
    """A resource as far as words can be about it."""

    @property
    def arn(self) -> str:
        """Its ARN."""
        ...

    @property
    def service(self) -> str:
        """The service, as ARNs name it."""
        ...

    @property
    def type(self) -> str:
        """`service:kind`."""
        ...

    @property
    def region(self) -> str:
        """The region, `global` for none."""
        ...

    @property
    def account(self) -> str:
        """Whose it is."""
        ...

    @property
    def tags(self) -> Mapping[str, str]:
        """Its tags, as far as they are known."""
        ...


_FACTS: Mapping[str, Callable[[Thing], str]] = {
    "accountid": lambda thing: thing.account,
    "id": lambda thing: thing.arn,
    "region": lambda thing: thing.region,
    "resourcetype": lambda thing: thing.type,
    "service": lambda thing: thing.service,
}
"""What the filters about one fact look at."""


@frozen
class Word:
    """One word: free where `filter` is empty, else one of `FILTERS` with its `values`, any of which will do. `at` counts from 1."""

    text: str
    values: tuple[str, ...]
    filter: str = ""
    excludes: bool = False
    at: int = 1


@frozen
class Query:
    """What is searched for: `text` as Resource Explorer is asked, and its words."""

    text: str
    words: tuple[Word, ...] = ()

    @property
    def wanted(self) -> tuple[Word, ...]:
        """The free words that a resource is wanted for."""
        return tuple(word for word in self.words if not word.filter and not word.excludes)

    @property
    def doubts(self) -> tuple[str, ...]:
        """A sentence for each word that looks like a filter and is none that is known; AWS may know it all the same."""
        return tuple(filter(None, map(_doubt, self.words)))


def parse(text: str) -> Query:
    """The query that a person typed.

    Raises:
        UsageError: a quote is not closed, or it is longer than AWS takes.
    """
    line = " ".join(text.split("\n")).strip()
    if line.count('"') % 2:
        at = line.rindex('"') + 1
        raise UsageError(f"The quote at character {at} is not closed.", 'Write "two words" with a quote on either side.')
    words = tuple(_word(piece, number) for number, piece in enumerate(_PIECES.findall(line), 1))
    sent = " ".join(word.text for word in words)
    if len(sent) > LONGEST:
        raise UsageError(f"The words are {len(sent):,} characters long, and AWS takes {LONGEST:,}.", "Search for fewer of them.")
    return Query(sent, words)


def _word(piece: str, at: int) -> Word:
    excludes = piece.startswith("-") and len(piece) > 1
    body = piece[1:] if excludes else piece
    if body.casefold().startswith("arn:"):
        # an ARN has colons of its own, and Resource Explorer looks for it by the filter `id`
        return Word(f"{'-' if excludes else ''}id:{body}", (_bare(body),), "id", excludes, at)
    name, colon, value = body.partition(":")
    if not colon or name.casefold() not in FILTERS or '"' in name:
        return Word(piece, (_bare(body),), "", excludes, at)
    kind = name.casefold()
    values = tuple(_bare(one) for one in (value.split(",") if kind in _LISTS else (value,)))
    return Word(piece, tuple(filter(None, values)), kind, excludes, at)


def _bare(text: str) -> str:
    return text.replace('"', "").strip()


def _doubt(word: Word) -> str:
    name, colon, value = word.values[0].partition(":") if word.values and not word.filter else ("", "", "")
    near = nearest(name.casefold(), FILTERS) if colon and value and '"' not in word.text else None
    return f"{clean(word.text, 80)!r} is no filter that is known here. Did you mean {near}:?" if near else ""


def in_region(query: Query, regions: Sequence[str]) -> str:
    """The text for Resource Explorer, bound to the one region that was asked for; of several the rows are chosen afterwards."""
    return f"{query.text} region:{regions[0]}".strip() if len(regions) == 1 else query.text


def tagging_parameters(query: Query) -> dict[str, Any]:
    """What GetResources can be asked of a query: types and tags as they are written; all else is looked for in what it answers."""
    parameters: dict[str, Any] = {}
    for kind in ("resourcetype", "service"):
        first = next((word for word in query.words if word.filter == kind and not word.excludes and word.values), None)
        if first is not None and "ResourceTypeFilters" not in parameters and not any("*" in value for value in first.values):
            parameters["ResourceTypeFilters"] = [value.casefold() for value in first.values[:_MOST_TYPES]]
    tags: dict[str, dict[str, Any]] = {}
    for word in query.words:
        if word.filter in ("tag", "tag.key") and not word.excludes and word.values and "*" not in word.values[0]:
            key, equals, value = word.values[0].partition("=") if word.filter == "tag" else (word.values[0], "", "")
            if key and (equals or word.filter == "tag.key" or key.casefold() not in (_NO_TAG, _ANY_TAG)):
                tags.setdefault(key, {"Key": key, **({"Values": [value]} if equals else {})})
    if tags:
        parameters["TagFilters"] = list(tags.values())[:_MOST_TAGS]
    return parameters


def matches(query: Query, thing: Thing) -> bool:
    """Whether a resource is one of those: all filters hold, no excluded word is in it, and any of the free words is."""
    for word in query.words:
        if word.filter or word.excludes:
            held = _holds(word, thing) if word.filter else _has(word, thing)
            if held is word.excludes:
                return False
    wanted = query.wanted
    return not wanted or any(_has(word, thing) for word in wanted)


def rank(query: Query, thing: Thing) -> int:
    """How many of the free words are in it; Resource Explorer puts those with more of them first too."""
    return sum(_has(word, thing) for word in query.wanted)


def _has(word: Word, thing: Thing) -> bool:
    text = word.values[0].casefold().strip("*") if word.values else ""
    tags = (f"{key}={value}" for key, value in thing.tags.items())
    return text in "\x1f".join((thing.arn, thing.type, thing.region, thing.account, *tags)).casefold()


def _holds(word: Word, thing: Thing) -> bool:
    values, kind = word.values, word.filter
    if kind in ("tag", "tag.key", "tag.value"):
        return any(_tagged(kind, value, thing.tags) for value in values)
    if kind == "resourcetype.supports":
        return True
    if kind == "application":
        values = tuple(f"*{value}*" for value in values)
        told = thing.tags.get("awsApplication", "")
    else:
        told = _FACTS[kind](thing)
    return any(_like(value, told) for value in values)


def _tagged(kind: str, value: str, tags: Mapping[str, str]) -> bool:
    if kind == "tag.key":
        return any(_like(value, key) for key in tags)
    if kind == "tag.value":
        return any(_like(value, held) for held in tags.values())
    if value.casefold() in (_NO_TAG, _ANY_TAG):
        return bool(tags) is (value.casefold() == _ANY_TAG)
    wanted, equals, held = value.partition("=")
    return any(_like(wanted, key) and (not equals or _like(held, tag)) for key, tag in tags.items())


def _like(pattern: str, text: str) -> bool:
    pieces = [re.escape(piece) for piece in pattern.casefold().split("*")]
    return re.fullmatch(".*".join(pieces), text.casefold(), re.DOTALL) is not None
