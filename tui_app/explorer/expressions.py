"""JMESPath on answers and rows: quick for plain names, which most are, and with two functions of our own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any


def look_up(expression: str, document: object) -> Any:
    """The value that a JMESPath expression finds; None where there is none."""
    return _compiled(expression)(document)


def finder(expression: str) -> Callable[[object], Any]:
    """The same as a function, for many documents."""
    return _compiled(expression)


def fill_in(template: str, row: object, places: Mapping[str, str]) -> str:
    """The ARN of a row; an empty text where a part of it is missing."""
    filled = []
    for literal, name in _parts(template):
        filled.append(literal)
        if name:
            value = places.get(name) if name in places else look_up(name, row)
            if value is None:
                return ""
            filled.append(str(value))
    return "".join(filled)


def unknown_function(expression: str) -> str:
    """The first function in a JMESPath expression that neither JMESPath nor we have; such an expression never finds anything."""
    import jmespath  # type: ignore[import-untyped]  # as below

    table, waiting = _options().custom_functions.FUNCTION_TABLE, [jmespath.compile(expression).parsed]
    while waiting:
        node = waiting.pop()
        if node["type"] == "function_expression" and node["value"] not in table:
            return str(node["value"])
        waiting += [child for child in node["children"] if isinstance(child, dict)]
    return ""


@lru_cache(maxsize=512)
def _parts(template: str) -> tuple[tuple[str, str], ...]:
    """Literal texts, each with the expression in braces that follows it; an expression may hold colons and braces of its own."""
    literals, names, depth = [""], [], 0
    for character in template:
        depth -= character == "}"
        if depth == 0 and character == "}":
            literals.append("")
        elif depth == 0 and character == "{":
            names.append("")
        else:
            target = names if depth else literals
            target[-1] += character
        depth += character == "{"
    return tuple(zip(literals, [*names, ""], strict=False))


@lru_cache(maxsize=1024)
def _compiled(expression: str) -> Callable[[object], Any]:
    names = expression.split(".")
    if all(name.isidentifier() and name.isascii() for name in names):
        return _of_names(names)
    import jmespath  # it comes with botocore, and only an answer needs it
    from jmespath.exceptions import JMESPathError  # type: ignore[import-untyped]

    parsed, options = jmespath.compile(expression), _options()

    def search(document: object) -> Any:
        try:
            return parsed.search(document, options)
        except JMESPathError:
            return None  # a value of a type that AWS never sends: there is nothing to show

    return search


def _of_names(names: list[str]) -> Callable[[object], Any]:
    """`State.Name` without JMESPath's interpreter, which takes ten times as long; tables have 20,000 rows."""

    def search(document: object) -> Any:
        found = document
        for name in names:
            if not isinstance(found, dict):
                return None
            found = found.get(name)
        return found

    return search


@lru_cache(maxsize=1)
def _options() -> Any:
    """JMESPath with two functions more: `tail(text)`, what follows the last `/` or `:`, and `ending(text)`, its last four characters."""
    import jmespath
    from jmespath import functions

    class Functions(functions.Functions):  # type: ignore[misc]
        @functions.signature({"types": ["string", "null"]})  # type: ignore[untyped-decorator]
        def _func_tail(self, text: str | None) -> str | None:
            return text.replace(":", "/").rpartition("/")[2] if text else text

        @functions.signature({"types": ["string", "null"]})  # type: ignore[untyped-decorator]
        def _func_ending(self, text: str | None) -> str | None:
            return f"…{text[-4:]}" if text else text

    return jmespath.Options(custom_functions=Functions())
