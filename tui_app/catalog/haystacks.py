"""What a query is looked for in: every text of a role, folded once for all the queries that follow."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property

from tui_app.catalog.query import fold
from tui_app.model import Account, Role

COMMON_PARTITION = "aws"
_SEPARATORS = str.maketrans(dict.fromkeys("/-_.:@+=,()[]|\n", " "))
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


class Haystacks:
    """Rows as folded texts, by number. `texts` has everything of a row, `heads` only its names.

    A name stands between line breaks, so that "is exactly" and "starts with" are both "contains"; in `words` each word of a name stands
    after a space, so that "a word starts with" is too. `exact` has the rows by their whole names.
    """

    def __init__(
        self, texts: Sequence[str], heads: Sequence[str], humps: Sequence[str], columns: Mapping[str, Callable[[], list[str]]]
    ) -> None:
        self.texts = texts
        self.heads = heads
        self.exact: dict[str, list[int]] = {}
        self._humps = humps
        self._columns = columns
        self._made: dict[str, list[str]] = {}

    def __len__(self) -> int:
        return len(self.texts)

    @cached_property
    def words(self) -> list[str]:
        """The words of each row's names."""
        return [head.translate(_SEPARATORS) + hump for head, hump in zip(self.heads, self._humps, strict=True)]

    def column(self, field: str) -> list[str]:
        """What a field says in each row; put together when it is first asked for."""
        found = self._made.get(field)
        if found is None:
            found = self._made[field] = self._columns[field]()
        return found

    def warm(self) -> Haystacks:
        """Put everything together beforehand, off the screen's thread: no keystroke pays for it."""
        _ = self.words
        for field in self._columns:
            self.column(field)
        return self


class _AccountTexts:
    """What all roles of an account share."""

    def __init__(self, account: Account) -> None:
        self.label = fold(account.label)
        self.names = "\n".join(fold(part) for part in dict.fromkeys((account.name, account.alias, account.id)) if part)
        self.humps = _humps(account.name)
        self.environment = fold(account.environment)
        tags = [f"{fold(key)}={fold(value)}" for key, value in account.tags.items()]
        self.tags = "\n".join(tags)
        partition = account.partition if account.partition != COMMON_PARTITION else ""
        self.around = "\n".join((self.tags, *(tag.replace("=", " ", 1) for tag in tags), partition))


def haystacks_of(roles: Iterable[Role]) -> Haystacks:
    """The haystacks of `roles`, in their order."""
    roles = tuple(roles)
    accounts = {id(role.account): role.account for role in roles}
    known = {number: _AccountTexts(account) for number, account in accounts.items()}
    shared = [known[id(role.account)] for role in roles]
    humps: dict[str, str] = {}
    texts, heads = list[str](), list[str]()
    exact: dict[str, list[int]] = {}
    for number, (role, account) in enumerate(zip(roles, shared, strict=True)):
        key, name, short = fold(role.key), fold(role.name), fold(role.short_name)
        if role.short_name not in humps:
            humps[role.short_name] = _humps(role.short_name)
        head = f"\n{key}\n{short}\n{name}\n{account.names}\n{account.environment}\n"
        heads.append(head)
        texts.append(f"{head}{account.label}/{short}\n{fold(role.via)}\n{account.around}\n{_tags(role)}\n{fold(role.description)}")
        for whole in {key, short, account.label, f"{account.label}/{short}", f"{account.label} {short}"}:
            exact.setdefault(whole, []).append(number)
    hump_words = [humps[role.short_name] + account.humps for role, account in zip(roles, shared, strict=True)]
    found = Haystacks(texts, heads, hump_words, _columns_of(roles, shared))
    found.exact = exact
    return found


def _columns_of(roles: Sequence[Role], shared: Sequence[_AccountTexts]) -> Mapping[str, Callable[[], list[str]]]:
    """What each field says, by its name in a query; `shared` are the texts of each role's account."""
    return {
        "environment": lambda: [account.environment for account in shared],
        "role": lambda: [fold(role.name) for role in roles],
        "name": lambda: [fold(role.key) for role in roles],
        "account": lambda: [account.names for account in shared],
        "id": lambda: [role.account.id for role in roles],
        "tag": lambda: [f"\n{account.tags}\n{_tags(role)}\n" for role, account in zip(roles, shared, strict=True)],
        "region": lambda: [_regions(role) for role in roles],
        "via": lambda: [fold(role.via) for role in roles],
        "profile": lambda: [fold(role.profile or "") for role in roles],
        "arn": lambda: [fold(role.arn) for role in roles],
        "letters": lambda: [_letters(role, account) for role, account in zip(roles, shared, strict=True)],
    }


def haystacks_of_names(names: Iterable[str]) -> Haystacks:
    """The haystacks of bare names, for the moment before the rest is known."""
    names = tuple(names)
    texts = [f"\n{fold(name)}\n" for name in names]
    known = dict.fromkeys(("name", "role", "account", "profile", "letters"), lambda: texts)
    unknown = dict.fromkeys(("environment", "id", "tag", "region", "via", "arn"), lambda: [""] * len(texts))
    found = Haystacks(texts, texts, [_humps(name) for name in names], {**known, **unknown})
    for number, text in enumerate(texts):
        found.exact.setdefault(text.strip(), []).append(number)
    return found


def _humps(name: str) -> str:
    """The words of `ReadOnlyAccess`, each after a space."""
    parts = _HUMP.split(name)
    return " " + fold(" ".join(parts)) if len(parts) > 1 else ""


def _tags(role: Role) -> str:
    return "\n".join(f"{fold(key)}={fold(value)}" for key, value in role.request.tags) if role.request.tags else ""


def _letters(role: Role, account: _AccountTexts) -> str:
    """The names whose letters are looked for one by one: each line names account and role."""
    key, place = fold(role.key), f"{account.label}/{fold(role.name)}"
    return key if key == place else f"{key}\n{place}"


def _regions(role: Role) -> str:
    return "\n" + "\n".join(dict.fromkeys(filter(None, (role.request.region, *role.regions, *role.account.regions)))).lower()
