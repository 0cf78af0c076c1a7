"""How the list is put into groups: by environment, by account, by use, or not at all; and which of them was chosen last."""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Literal, TypeVar

from tui_app import paths
from tui_app.ui.theme import environment_ink
from tui_app.values import frozen

K = TypeVar("K", bound=Hashable)
Grouping = Literal["environment", "account", "use", "none"]
GROUPINGS: Mapping[Grouping, str] = {
    "environment": "by environment",
    "account": "by account",
    "use": "by use",
    "none": "in one list",
}
"""What each is called in a sentence; the key goes through them in this order."""
OTHER = "other"
_FILE = "grouping"
_RANKS = {"prod": 0, "staging": 1, "dev": 2, "shared": 3}


@frozen
class Group:
    """Entries that stand together, in the order shown. `heading` is empty where none is drawn; `note` says more of it, quietly.

    `environment` gives the heading its stripe.
    """

    heading: str
    indices: Sequence[int]
    environment: str = ""
    note: str = ""


def by_environment(environments: Sequence[str]) -> tuple[Group, ...]:
    """Groups in the order prod, staging, dev, shared, others by name, and last what has no environment."""
    if not any(environments):
        return in_one(len(environments))
    found = _gathered(environments)
    return tuple(Group(name or OTHER, tuple(found[name]), name) for name in sorted(found, key=_rank))


def by_account(places: Sequence[tuple[str, str]], environments: Sequence[str]) -> tuple[Group, ...]:
    """Groups by `(name, id)` of the account, in the order of their environments, then by name."""
    found = _gathered(places)
    around = {place: environments[indices[0]] for place, indices in found.items()}
    order = sorted(found, key=lambda place: (_rank(around[place]), place[0].casefold(), place[1]))
    return tuple(
        Group(
            name,
            tuple(found[name, number]),
            around[name, number],
            "  ".join(filter(None, (number if number != name else "", around[name, number]))),
        )
        for name, number in order
    )


def by_use(count: int, favourites: Sequence[int], recents: Sequence[int]) -> tuple[Group, ...]:
    """Favourites in their order, what was used lately, and the rest."""
    first, chosen = tuple(dict.fromkeys(favourites)), set(favourites)
    second = tuple(index for index in dict.fromkeys(recents) if index not in chosen)
    if not first and not second:
        return in_one(count)
    chosen.update(second)
    rest = tuple(index for index in range(count) if index not in chosen)
    groups = (Group("favourites", first), Group("recent", second), Group("all others", rest))
    return tuple(group for group in groups if group.indices)


def in_one(count: int) -> tuple[Group, ...]:
    """One group without a heading."""
    return (Group("", range(count)),) if count else ()


def _gathered(keys: Sequence[K]) -> dict[K, list[int]]:
    found: dict[K, list[int]] = {}
    for index, key in enumerate(keys):
        found.setdefault(key, []).append(index)
    return found


def _rank(environment: str) -> tuple[bool, int, bool, str]:
    return (not environment, _RANKS.get(environment_ink(environment), len(_RANKS)), environment == "sandbox", environment)


def remembered(environ: Mapping[str, str]) -> Grouping:
    """The grouping that was chosen last."""
    try:
        with open(os.path.join(paths.state_folder(environ), _FILE), encoding="utf-8") as file:
            chosen = file.read(32).strip()
    except (OSError, UnicodeDecodeError):
        chosen = ""
    return next((name for name in GROUPINGS if name == chosen), "environment")


def remember(environ: Mapping[str, str], grouping: Callable[[], Grouping]) -> None:
    """Keep the choice for the next run; `grouping` is asked at the last moment, since keys are quicker than disks.

    Raises:
        OSError: it cannot be written.
    """
    from tui_app.catalog.state_file import change_text

    change_text(environ, _FILE, lambda: grouping() + "\n")
