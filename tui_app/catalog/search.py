"""Finding roles as one types: words in any order, `env:prod role:admin account:pay via:dev state:live`, exact names first.

Everything that does not depend on the query is folded once into `Haystacks`; a query is then a few passes of `in` over lists, about
1 ms for each word and 10,000 roles.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from tui_app.model import Role
from tui_app.values import frozen

_SEPARATORS = str.maketrans(dict.fromkeys("/-_.:@+=,", " "))
_QUALIFIERS = {"env": "environment", "environment": "environment", "role": "role", "account": "account", "via": "via", "state": "state"}
_SHORTEST_SUBSEQUENCE = 2


@frozen
class Haystacks:
    """Rows as folded texts, by number. `heads` has each name after a line break, `words` each word after a space, so that
    "starts with" is "contains"; `exact` has the rows by their whole names.
    """

    texts: Sequence[str]
    heads: Sequence[str]
    words: Sequence[str]
    fields: Mapping[str, Sequence[str]]
    exact: Mapping[str, Sequence[int]]

    def __len__(self) -> int:
        return len(self.texts)


def haystacks_of(roles: Iterable[Role]) -> Haystacks:
    """The haystacks of `roles`, in their order."""
    texts, heads, fields = list[str](), list[str](), {name: list[str]() for name in ("environment", "role", "account", "via")}
    exact: dict[str, list[int]] = {}
    labels: dict[int, tuple[str, str, str]] = {}
    for number, role in enumerate(roles):
        account = role.account
        known = labels.get(id(account))
        if known is None:
            tags = " ".join(f"{key} {value}" for key, value in account.tags.items())
            label, parts = account.label.casefold(), (account.name, account.alias, account.id)
            known = labels[id(account)] = (label, "\n".join(parts).casefold(), f"{account.environment}\n{tags}".casefold())
        label, every_label, around = known
        key, name, short = role.key.casefold(), role.name.casefold(), role.short_name.casefold()
        via = role.via.casefold()
        heads.append(f"\n{key}\n{short}\n{every_label}")
        texts.append(f"{key}\n{label}/{short}\n{name}\n{every_label}\n{via}\n{around}\n{role.description.casefold()}")
        for field, value in (("environment", account.environment.casefold()), ("role", name), ("account", every_label), ("via", via)):
            fields[field].append(value)
        for whole in {key, short, label, f"{label}/{short}", f"{label} {short}"}:
            exact.setdefault(whole, []).append(number)
    return Haystacks(texts, heads, [" " + head.translate(_SEPARATORS) for head in heads], fields, exact)


def haystacks_of_names(names: Iterable[str]) -> Haystacks:
    """The haystacks of bare names, for the moment before the rest is known."""
    texts = [name.casefold() for name in names]
    heads = ["\n" + text for text in texts]
    exact: dict[str, list[int]] = {}
    for number, text in enumerate(texts):
        exact.setdefault(text, []).append(number)
    nothing = [""] * len(texts)
    fields = {"environment": nothing, "role": texts, "account": texts, "via": nothing}
    return Haystacks(texts, heads, [" " + head.translate(_SEPARATORS) for head in heads], fields, exact)


def filter_roles(haystacks: Haystacks, query: str, states: Callable[[int], str] | Sequence[str] | None = None) -> list[int]:
    """The numbers of the rows that match, best first; all of them, in order, for an empty query.

    Each word must be somewhere in the row. Rows named exactly so come first, then those where every word begins a name, then a word, then
    the rest; within each the rows keep their order. Where no row has the words, rows that have their letters in order match instead.
    `states` has each row's state, for `state:`.
    """
    qualified, words = _parts(query)
    hits: list[int] = list(range(len(haystacks)))
    for field, value in qualified:
        hits = _qualified(haystacks, hits, field, value, states)
    if not words:
        return hits
    texts, among = haystacks.texts, hits
    for word in words:
        hits = [number for number in hits if word in texts[number]]
    if hits:
        return _ranked(haystacks, hits, words)
    return _with_letters(haystacks, among, words)


def _parts(query: str) -> tuple[list[tuple[str, str]], list[str]]:
    qualified, words = [], []
    for word in query.casefold().split():
        name, sign, value = word.partition(":")
        if sign and name in _QUALIFIERS:
            if value:
                qualified.append((_QUALIFIERS[name], value))
        else:
            words.append(word)
    return qualified, words


def _qualified(
    haystacks: Haystacks, hits: list[int], field: str, value: str, states: Callable[[int], str] | Sequence[str] | None
) -> list[int]:
    if field == "state":
        if states is None:
            return hits if value == "never" else []
        state_of = states if callable(states) else states.__getitem__
        return [number for number in hits if state_of(number).startswith(value)]
    column = haystacks.fields[field]
    if field == "environment":
        return [number for number in hits if column[number].startswith(value)]
    return [number for number in hits if value in column[number]]


def _ranked(haystacks: Haystacks, hits: list[int], words: list[str]) -> list[int]:
    allowed = set(hits)
    tiers = [[number for number in haystacks.exact.get(" ".join(words), ()) if number in allowed]]
    for column, mark in ((haystacks.heads, "\n"), (haystacks.words, " ")):
        tier = hits
        for word in words:
            start = mark + word
            tier = [number for number in tier if start in column[number]]
        tiers.append(tier)
    return list(dict.fromkeys(number for tier in (*tiers, hits) for number in tier))


def _with_letters(haystacks: Haystacks, hits: list[int], words: list[str]) -> list[int]:
    if min(map(len, words)) < _SHORTEST_SUBSEQUENCE:
        return []
    heads = haystacks.heads
    patterns = [re.compile(_letters(word)) for word in words]
    for pattern in patterns:
        hits = [number for number in hits if pattern.search(heads[number])]
    spread = {
        number: sum(found.end() - found.start() for pattern in patterns if (found := pattern.search(heads[number]))) for number in hits
    }
    return sorted(hits, key=spread.__getitem__)


def _letters(word: str) -> str:
    """A pattern for the letters of `word` in order within one name, each as early as it comes."""
    return re.escape(word[0]) + "".join(f"[^{re.escape(letter)}\n]*{re.escape(letter)}" for letter in word[1:])
