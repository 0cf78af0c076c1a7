"""Whether a way through pages still leads on, for services whose pages never end."""

from __future__ import annotations

EMPTY_PAGES = 100
"""So many pages in a row without a row are followed; AWS does send empty ones that others come after."""


class Onward:
    """The way through the pages of one answer: it ends where a token comes back, or where page after page brings nothing."""

    def __init__(self) -> None:
        self._tokens: set[str] = set()
        self._empty = 0

    def leads(self, token: object, rows: int) -> bool:
        """Whether to ask for the page behind `token`, the last one having brought so many `rows`; a `token` of None is the end."""
        self._empty = 0 if rows else self._empty + 1
        if token is None or repr(token) in self._tokens:
            return False
        self._tokens.add(repr(token))
        return self._empty < EMPTY_PAGES
