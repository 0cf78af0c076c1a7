"""Condition operators: whether one line of a Condition block holds for a request.

Facts: "IAM JSON policy elements: Condition operators" and "Multivalued context keys" of the IAM user guide. A key that is not in
the request fails a plain operator and satisfies a negated one, one with IfExists, and ForAllValues.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import math
import re
from collections.abc import Callable
from datetime import UTC, datetime

from tui_app.policy.document import Condition
from tui_app.policy.patterns import Context, arn_matches, literal, matches, plain, resolve

Compare = Callable[[str, str], bool]
"""(value in the policy, value in the request) -> do they fit; ValueError when one of them is of the wrong kind."""

FOR_ALL, FOR_ANY = "ForAllValues", "ForAnyValue"


def _number(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(text)
    return value


def moment(text: str) -> float:
    """Epoch seconds of an ISO 8601 date, or of epoch seconds as a text.

    Raises:
        ValueError: it is neither.
    """
    try:
        return _number(text)
    except ValueError:
        when = datetime.fromisoformat(re.sub(r"^\s*(\d{4}-\d\d)\s*$", r"\1-01", text).strip())
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()


def _bool(wanted: str, seen: str) -> bool:
    return wanted.lower() == seen.lower() and wanted.lower() in ("true", "false")


def _binary(wanted: str, seen: str) -> bool:
    try:
        return base64.b64decode(wanted, validate=True) == base64.b64decode(seen, validate=True)
    except binascii.Error as problem:
        raise ValueError(wanted) from problem


def _address(wanted: str, seen: str) -> bool:
    return ipaddress.ip_address(seen) in ipaddress.ip_network(wanted, strict=False)


_ORDER: dict[str, Callable[[float, float], bool]] = {
    "Equals": lambda seen, wanted: seen == wanted,
    "LessThan": lambda seen, wanted: seen < wanted,
    "LessThanEquals": lambda seen, wanted: seen <= wanted,
    "GreaterThan": lambda seen, wanted: seen > wanted,
    "GreaterThanEquals": lambda seen, wanted: seen >= wanted,
}


def _ordered(read: Callable[[str], float], test: Callable[[float, float], bool]) -> Compare:
    return lambda wanted, seen: test(read(seen), read(wanted))


# operators that read variables and wildcards, and those that compare the text as it is
_PATTERNS: dict[str, Compare] = {"StringLike": matches, "ArnLike": arn_matches, "ArnEquals": arn_matches}
_TEXTS: dict[str, Compare] = {
    "StringEquals": lambda wanted, seen: wanted == seen,
    "StringEqualsIgnoreCase": lambda wanted, seen: wanted.lower() == seen.lower(),
}
_VALUES: dict[str, Compare] = {"Bool": _bool, "BinaryEquals": _binary, "IpAddress": _address}
_VALUES |= {"Numeric" + name: _ordered(_number, test) for name, test in _ORDER.items()}
_VALUES |= {"Date" + name: _ordered(moment, test) for name, test in _ORDER.items()}

_NEGATED = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "NumericNotEquals": "NumericEquals",
    "DateNotEquals": "DateEquals",
    "NotIpAddress": "IpAddress",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
}
OPERATORS = frozenset({"Null", *_PATTERNS, *_TEXTS, *_VALUES, *_NEGATED})


def split_operator(operator: str) -> tuple[str, str, bool]:
    """`ForAnyValue:StringLikeIfExists` as its quantifier, its operator and whether it asks only if the key exists."""
    quantifier, colon, rest = operator.partition(":")
    if not colon:
        quantifier, rest = "", operator
    if_exists = rest.endswith("IfExists")
    return quantifier, rest.removesuffix("IfExists"), if_exists


def holds(condition: Condition, context: Context, *, variables: bool = True) -> bool:
    """Whether the line holds. An operator that AWS does not know never does. Keys of `context` are in lower case."""
    quantifier, operator, if_exists = split_operator(condition.operator)
    if operator not in OPERATORS or quantifier not in ("", FOR_ALL, FOR_ANY):
        return False
    value = context.get(condition.key.lower())
    seen = () if value is None else (value,) if isinstance(value, str) else value
    if operator == "Null":
        return any((not seen) == (wanted.lower() == "true") for wanted in condition.values if wanted.lower() in ("true", "false"))
    negated = operator in _NEGATED
    if not seen:
        return if_exists or quantifier == FOR_ALL or (negated and quantifier != FOR_ANY)
    compare = _comparison(_NEGATED.get(operator, operator), condition.values, context, variables=variables)
    if compare is None:
        return False
    results = [result for one in seen if (result := compare(one)) is not None]
    if len(results) < len(seen) and (negated or quantifier == FOR_ALL):
        return False
    if negated:
        results = [not result for result in results]
    return all(results) if quantifier == FOR_ALL or (negated and quantifier != FOR_ANY) else any(results)


def _comparison(operator: str, wanted: tuple[str, ...], context: Context, *, variables: bool) -> Callable[[str], bool | None] | None:
    """How one value of the request is tested against all of the policy's; None when a variable has no value.

    The test answers None when the request's value is of the wrong kind for the operator.
    """
    if operator in _VALUES:
        return lambda seen: _any_of(_VALUES[operator], wanted, seen)
    resolved = [resolve(one, context) if variables else one for one in wanted]
    if any(one is None for one in resolved):
        return None
    texts = [one for one in resolved if one is not None]
    if operator in _TEXTS:
        return lambda seen: any(_TEXTS[operator](plain(one), seen) for one in texts)
    return lambda seen: any(_PATTERNS[operator](one, literal(seen) if variables else seen) for one in texts)


def _any_of(compare: Compare, wanted: tuple[str, ...], seen: str) -> bool | None:
    """Whether any value fits; None when none could even be compared."""
    results = []
    for one in wanted:
        try:
            results.append(compare(one, seen))
        except (ValueError, OverflowError):
            continue
    return any(results) if results or not wanted else None
