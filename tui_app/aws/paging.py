"""How an operation is asked for its next page, as botocore's paginators have it."""

from __future__ import annotations

from tui_app.values import frozen


@frozen
class Paging:
    """`asked[n]` is the parameter that takes the value of the JMESPath expression `answered[n]` on the page before.

    `more` is an expression that is truthy where another page follows; empty where the tokens alone tell.
    """

    asked: tuple[str, ...]
    answered: tuple[str, ...]
    more: str = ""


def paging_of(entry: object) -> Paging | None:
    """The paging in one entry of botocore's `paginators-1.json`; None for what is no entry."""
    if not isinstance(entry, dict):
        return None
    asked, answered = _texts(entry.get("input_token")), _texts(entry.get("output_token"))
    if not asked or len(asked) != len(answered):
        return None
    return Paging(asked, answered, str(entry.get("more_results") or ""))


def _texts(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else (str(value),) if value else ()
