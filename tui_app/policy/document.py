"""An IAM policy document, parsed: statements with every field as a tuple, whatever shorthand the text used.

Grammar: the "Grammar of the IAM JSON policy language" page of the IAM user guide. Parsing is strict about shape, since AWS
refuses such documents, and lax about meaning: unknown actions, keys and operators are kept as they are written.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal

from tui_app.values import frozen

Effect = Literal["Allow", "Deny"]

OLD_VERSION = "2008-10-17"
VERSIONS = (OLD_VERSION, "2012-10-17")

_STATEMENT_KEYS = frozenset(
    {"Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"},
)
_POLICY_KEYS = frozenset({"Version", "Id", "Statement"})
PRINCIPAL_KINDS = ("AWS", "Service", "Federated", "CanonicalUser")


class PolicyError(ValueError):
    """The text is not a policy document; the message is one sentence."""


@frozen
class Condition:
    """One line of a Condition block: `operator` on `key` with the values it may have."""

    operator: str
    key: str
    values: tuple[str, ...]


@frozen
class Principals:
    """Who a statement is about, by kind: `AWS`, `Service`, `Federated`, `CanonicalUser`. `"*"` alone is `AWS: *`."""

    by_kind: tuple[tuple[str, tuple[str, ...]], ...]

    def of(self, kind: str) -> tuple[str, ...]:
        """The principals of one kind."""
        return next((values for name, values in self.by_kind if name == kind), ())


@frozen
class Statement:
    """One statement. An absent Action, Resource or Principal is None, an empty one an empty tuple."""

    effect: Effect
    sid: str = ""
    principals: Principals | None = None
    not_principals: Principals | None = None
    actions: tuple[str, ...] | None = None
    not_actions: tuple[str, ...] | None = None
    resources: tuple[str, ...] | None = None
    not_resources: tuple[str, ...] | None = None
    conditions: tuple[Condition, ...] = ()


@frozen
class Policy:
    """A whole document. Policy variables are only replaced in version 2012-10-17 (IAM user guide, policy variables)."""

    statements: tuple[Statement, ...]
    version: str = OLD_VERSION
    id: str = ""

    @property
    def has_variables(self) -> bool:
        """Whether `${…}` means something in this document."""
        return self.version != OLD_VERSION


def parse_policy(document: str | Mapping[str, Any]) -> Policy:
    """The policy that `document` spells, as JSON text or as the mapping it decodes to.

    Raises:
        PolicyError: it is not JSON, or not a policy document.
    """
    return _policy(_decoded(document) if isinstance(document, str) else document)


def _decoded(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as problem:
        where = f" at line {problem.lineno}, column {problem.colno}" if isinstance(problem, json.JSONDecodeError) else ""
        raise PolicyError(f"The policy is not JSON{where}") from None


def _policy(document: Any) -> Policy:
    if not isinstance(document, Mapping):
        raise PolicyError("A policy is a JSON object")
    _known(document, _POLICY_KEYS, "policy")
    version, name = document.get("Version", OLD_VERSION), document.get("Id", "")
    if version not in VERSIONS:
        raise PolicyError(f"The policy version is {_shown(version)}; it can be {' or '.join(VERSIONS)}")
    if "Statement" not in document:
        raise PolicyError("The policy has no Statement")
    statements = document["Statement"]
    if not isinstance(statements, list):
        statements = [statements]
    return Policy(
        tuple(_statement(item, place) for place, item in enumerate(statements, 1)), version, name if isinstance(name, str) else ""
    )


def _statement(item: Any, place: int) -> Statement:
    where = f"statement {place}"
    if not isinstance(item, Mapping):
        raise PolicyError(f"In {where}: a statement is a JSON object")
    _known(item, _STATEMENT_KEYS, where)
    effect = item.get("Effect")
    if effect not in ("Allow", "Deny"):
        raise PolicyError(f"In {where}: Effect is {_shown(effect)}; it can be Allow or Deny")
    for name in ("Principal", "Action", "Resource"):
        if name in item and "Not" + name in item:
            raise PolicyError(f"In {where}: {name} and Not{name} exclude each other")
    if "Action" not in item and "NotAction" not in item:
        raise PolicyError(f"In {where}: there is no Action")
    sid = item.get("Sid", "")
    return Statement(
        effect=effect,
        sid=sid if isinstance(sid, str) else "",
        principals=_principals(item, "Principal", where),
        not_principals=_principals(item, "NotPrincipal", where),
        actions=_texts(item, "Action", where),
        not_actions=_texts(item, "NotAction", where),
        resources=_texts(item, "Resource", where),
        not_resources=_texts(item, "NotResource", where),
        conditions=_conditions(item.get("Condition", {}), where),
    )


def _principals(item: Mapping[str, Any], name: str, where: str) -> Principals | None:
    if name not in item:
        return None
    value = item[name]
    if value == "*":
        return Principals((("AWS", ("*",)),))
    if not isinstance(value, Mapping):
        raise PolicyError(f'In {where}: {name} is "*" or an object such as {{"AWS": "111122223333"}}')
    if unknown := [kind for kind in value if kind not in PRINCIPAL_KINDS]:
        raise PolicyError(f"In {where}: {name} has the kind {_shown(unknown[0])}; it can be {', '.join(PRINCIPAL_KINDS)}")
    return Principals(tuple((kind, _texts(value, kind, where) or ()) for kind in value))


def _conditions(block: Any, where: str) -> tuple[Condition, ...]:
    if not isinstance(block, Mapping) or not all(isinstance(keys, Mapping) for keys in block.values()):
        raise PolicyError(f"In {where}: Condition is an object of operators, and each operator an object of keys")
    return tuple(
        Condition(str(operator), str(key), _values(values, where)) for operator, keys in block.items() for key, values in keys.items()
    )


def _texts(item: Mapping[str, Any], name: str, where: str) -> tuple[str, ...] | None:
    if name not in item:
        return None
    value = item[name]
    values = value if isinstance(value, list) else [value]
    if not all(isinstance(one, str) for one in values):
        raise PolicyError(f"In {where}: {name} is a text or a list of texts")
    return tuple(values)


def _values(values: Any, where: str) -> tuple[str, ...]:
    """Condition values: texts, numbers and booleans, as the texts that AWS compares."""
    listed = values if isinstance(values, list) else [values]
    if not all(isinstance(one, (str, bool, int, float)) for one in listed):
        raise PolicyError(f"In {where}: a condition value is a text, a number or a boolean")
    return tuple(str(one).lower() if isinstance(one, bool) else str(one) for one in listed)


def _known(item: Mapping[str, Any], allowed: frozenset[str], where: str) -> None:
    if unknown := [key for key in item if key not in allowed]:
        raise PolicyError(f"In {where}: {_shown(unknown[0])} is not a known element")


def _shown(value: Any) -> str:
    return "missing" if value is None else json.dumps(value, default=str)[:80]
