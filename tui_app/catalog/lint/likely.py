"""Which of ten thousand names was probably meant, quickly and for each wrong name once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from tui_app.text import nearest

_FEW = 100
"""Names that are compared letter by letter."""


class Likely:
    """Names by how they start; a typing error seldom is in the first letter, and changes the length by little."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = names
        self._by_start: dict[tuple[str, int], list[str]] = {}
        self._known: dict[str, str | None] = {}

    def meant(self, name: str) -> str | None:
        """The name that was probably meant, or None."""
        if name not in self._known:
            self._known[name] = nearest(name, self._near(name))
        return self._known[name]

    def _near(self, name: str) -> list[str]:
        if not self._by_start:
            found = defaultdict(list)
            for other in self._names:
                found[other[:1], len(other)].append(other)
            self._by_start = dict(found)
        return [other for length in range(len(name) - 2, len(name) + 3) for other in self._by_start.get((name[:1], length), [])[:_FEW]]
