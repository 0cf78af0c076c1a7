"""What a view is: one AWS call, and how its answer becomes rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from functools import lru_cache
from string import Formatter
from typing import Any, Literal

from tui_app.values import frozen

Scope = Literal["global", "regional"]
Shape = Literal["text", "number", "date", "size", "seconds", "yes"]
"""How a value is shown: `size` is bytes, `seconds` a duration, `yes` is yes or nothing."""

PAGE = 100
"""Rows asked for at most in one call."""
NAME_TAG = "Tags[?Key=='Name'].Value | [0]"
GLOBAL = "global"
"""The region of a result that belongs to the whole account."""


@frozen
class Column:
    """One column: its head, and a JMESPath expression on the row."""

    title: str
    path: str
    shape: Shape = "text"

    @property
    def right(self) -> bool:
        """Whether it is aligned right, as figures are."""
        return self.shape in ("number", "size", "seconds")


@frozen
class View:
    """One kind of resource.

    `service` is the endpoint's name as the AWS CLI has it, `operation` the API's own spelling (`ListBuckets`).
    `rows` and `more` are JMESPath expressions on the answer, `id` on a row; `more` is truthy where another page follows.
    `arn` is a template: `{partition}`, `{region}`, `{account}`, and any JMESPath expression on the row.
    Expressions have one function of our own, `tail(text)`: what follows the last `/` or `:`.
    One page is one call: `parameters` ask for at most 100 rows where the API lets us.
    """

    name: str
    title: str
    group: str
    service: str
    operation: str
    action: str
    rows: str
    columns: tuple[Column, ...]
    id: str
    arn: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict, hash=False)
    more: str = ""
    scope: Scope = "regional"
    words: tuple[str, ...] = ()

    @property
    def heads(self) -> tuple[str, ...]:
        """The heads of the columns, left to right."""
        return tuple(column.title for column in self.columns)

    def is_called(self, word: str) -> bool:
        """Whether a person who types `word` means this view: its name, its service, its IAM prefix or another name."""
        return word.casefold() in {self.name, self.service, self.action.partition(":")[0], *self.words}


def look_up(expression: str, document: object) -> Any:
    """The value that a JMESPath expression finds; None where there is none."""
    return _compiled(expression)(document)


def fill_in(template: str, row: object, places: Mapping[str, str]) -> str:
    """The ARN of a row; an empty text where a part of it is missing."""
    filled = []
    for literal, name, _, _ in Formatter().parse(template):
        filled.append(literal)
        if name:
            value = places.get(name) if name in places else look_up(name, row)
            if value is None:
                return ""
            filled.append(str(value))
    return "".join(filled)


@lru_cache(maxsize=512)
def _compiled(expression: str) -> Callable[[object], Any]:
    import jmespath  # type: ignore[import-untyped]  # it comes with botocore, and only an answer needs it
    from jmespath.exceptions import JMESPathError  # type: ignore[import-untyped]

    parsed, options = jmespath.compile(expression), _options()

    def search(document: object) -> Any:
        try:
            return parsed.search(document, options)
        except JMESPathError:
            return None  # a value of a type that AWS never sends: there is nothing to show

    return search


@lru_cache(maxsize=1)
def _options() -> Any:
    """JMESPath with one function more: `tail(text)`, what follows the last `/` or `:`."""
    import jmespath
    from jmespath import functions

    class Functions(functions.Functions):  # type: ignore[misc]
        @functions.signature({"types": ["string", "null"]})  # type: ignore[untyped-decorator]
        def _func_tail(self, text: str | None) -> str | None:
            return text.replace(":", "/").rpartition("/")[2] if text else text

    return jmespath.Options(custom_functions=Functions())
