"""Favourites: a small list of role keys in the state folder, in the order in which they were made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from tui_app.catalog.state_file import change_list, read_list

FAVOURITES = "favourites.json"
LIMIT = 200


def read_favourites(environ: Mapping[str, str]) -> tuple[str, ...]:
    """The favourites in their order; a file that is absent or broken holds none."""
    return _taken(read_list(environ, FAVOURITES))


def set_favourite(environ: Mapping[str, str], key: str, wanted: Callable[[], bool]) -> tuple[str, ...]:
    """Make a role a favourite, the last one, or not any more; all favourites now, another window's too.

    `wanted` is asked once nobody else is writing, so that of two quick keys the second holds.

    Raises:
        OSError: the folder cannot be written.
    """

    def changed(content: Sequence[object]) -> Sequence[str]:
        others = [item for item in _taken(content) if item != key]
        return _taken([*others, key]) if wanted() else others

    return _taken(change_list(environ, FAVOURITES, changed))


def _taken(content: Iterable[object]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for item in content if isinstance(item, str)))[:LIMIT]
