"""Where ways that each lead on to one other go round in a circle."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator


def circles(names: Iterable[str], way_on: Callable[[str], str]) -> Iterator[list[str]]:
    """Every circle once, from where it was met; `way_on` is empty where a way ends. Each name is walked over once."""
    done: set[str] = set()
    for start in names:
        path: dict[str, None] = {}
        name = start
        while name and name not in done and name not in path:
            path[name] = None
            name = way_on(name)
        if name in path:
            yield [*path][[*path].index(name) :]
        done.update(path)
