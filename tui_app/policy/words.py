"""A trust policy in plain words, statement by statement: who may do what, and only if what.

The conditions are clauses that read on from "only if" (Allow) or "when" (Deny). The values of external ids are secrets and are never
told; an operator or a key that has no words here is shown as it is written.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from tui_app.clock import typed_duration
from tui_app.policy.conditions import FOR_ALL, FOR_ANY, OPERATORS, moment, split_operator
from tui_app.policy.document import Condition, Effect, Policy, Principals, Statement
from tui_app.values import frozen

MOST_VALUES = 6
_IF_ALLOWED = " whose own policies allow it"

_ACTIONS = {
    "*": "do anything with the role",
    "sts:*": "take the role, with tags and a source identity",
    "sts:assumerole": "take the role",
    "sts:assumerolewithwebidentity": "take the role with a token of the identity provider",
    "sts:assumerolewithsaml": "take the role with a SAML sign-in",
    "sts:tagsession": "give the session tags",
    "sts:setsourceidentity": "set a source identity",
    "sts:setcontext": "give the session a context",
}
# condition key -> the words for what it holds
_KEYS = {
    "aws:currenttime": "the time",
    "aws:epochtime": "the time",
    "aws:tokenissuetime": "the time the credentials were issued",
    "aws:sourceip": "the address the call comes from",
    "aws:vpcsourceip": "the address inside the VPC",
    "aws:sourcevpc": "the VPC the call comes through",
    "aws:sourcevpce": "the VPC endpoint the call comes through",
    "aws:principalarn": "the caller's ARN",
    "aws:principalaccount": "the caller's account",
    "aws:principalorgid": "the caller's organization",
    "aws:principalorgpaths": "the caller's place in its organization",
    "aws:principaltype": "the kind of caller",
    "aws:username": "the caller's user name",
    "aws:userid": "the caller's unique id",
    "aws:useragent": "the caller's program",
    "aws:requestedregion": "the region asked",
    "aws:resourceaccount": "the role's account",
    "aws:resourceorgid": "the role's organization",
    "aws:sourceidentity": "the source identity of the caller",
    "aws:sourceaccount": "the account the service acts for",
    "aws:sourcearn": "the resource the service acts for",
    "aws:tagkeys": "the keys of the session tags",
    "sts:transitivetagkeys": "the keys of the tags that follow the chain",
    "sts:rolesessionname": "the session name",
    "sts:sourceidentity": "the source identity",
    "aws:multifactorauthage": "the MFA code",
}
_KINDS = {
    "Service": "the AWS service {}",
    "Federated": "people that {} has signed in",
    "CanonicalUser": "the account with the canonical id {}",
}
_CLAIMS = {"aud": "the audience", "sub": "the subject", "amr": "the way of signing in", "oaud": "the audience of the first sign-in"}
_VERBS = {
    "StringEquals": "is", "StringNotEquals": "is not", "StringEqualsIgnoreCase": "is", "StringNotEqualsIgnoreCase": "is not",
    "StringLike": "fits", "StringNotLike": "does not fit", "ArnEquals": "fits", "ArnLike": "fits", "ArnNotEquals": "does not fit",
    "ArnNotLike": "does not fit", "NumericEquals": "is", "NumericNotEquals": "is not", "NumericLessThan": "is less than",
    "NumericLessThanEquals": "is at most", "NumericGreaterThan": "is more than", "NumericGreaterThanEquals": "is at least",
    "DateEquals": "is", "DateNotEquals": "is not", "DateLessThan": "is before", "DateLessThanEquals": "is at the latest",
    "DateGreaterThan": "is after", "DateGreaterThanEquals": "is at the earliest", "Bool": "is", "BinaryEquals": "is",
    "IpAddress": "is in", "NotIpAddress": "is not in",
}  # fmt: skip
_LATER, _EARLIER = ("DateGreaterThan", "DateGreaterThanEquals"), ("DateLessThan", "DateLessThanEquals")


@frozen
class StatementInWords:
    """One statement: its effect, who it is about, the clauses that all have to hold, and what they may or may not do."""

    effect: Effect
    who: tuple[str, ...]
    conditions: tuple[str, ...]
    actions: tuple[str, ...]


def trust_in_words(policy: Policy) -> tuple[StatementInWords, ...]:
    """The statements of a trust policy in plain words, in their order."""
    return tuple(
        StatementInWords(statement.effect, who_in_words(statement), conditions_in_words(statement.conditions), actions_in_words(statement))
        for statement in policy.statements
    )


def who_in_words(statement: Statement) -> tuple[str, ...]:
    """Who a statement is about, a line each."""
    if statement.not_principals is not None:
        excepted = (line.removeprefix("everyone in ").removesuffix(_IF_ALLOWED) for line in _principals(statement.not_principals))
        return tuple(f"everyone except {line}" for line in excepted) or ("everyone",)
    return (_principals(statement.principals) if statement.principals is not None else ()) or ("nobody",)


def actions_in_words(statement: Statement) -> tuple[str, ...]:
    """What they may do, a line each."""
    if statement.not_actions is not None:
        return ("do anything except " + _listed(tuple(_action(one) for one in statement.not_actions), "and"),)
    return tuple(_action(one) for one in statement.actions or ())


def conditions_in_words(conditions: tuple[Condition, ...]) -> tuple[str, ...]:
    """The clauses that all have to hold; a beginning and an end of the same time become one."""
    lines: list[str] = []
    spans, rest = _spans(conditions)
    lines += [f"{_KEYS.get(key, key)} is between {_moment(begin)} and {_moment(end)}" for key, begin, end in spans]
    lines += [condition_in_words(one) for one in rest]
    return tuple(lines)


def condition_in_words(condition: Condition) -> str:
    """One clause; what has no words is shown as it is written, but for the value of an external id."""
    quantifier, operator, if_exists = split_operator(condition.operator)
    key = condition.key.lower()
    if operator not in OPERATORS or quantifier not in ("", FOR_ALL, FOR_ANY):
        shown = "••••" if key == "sts:externalid" else _listed(condition.values, "or")
        return f"{condition.operator} {condition.key}: {shown}"
    if operator == "Null":
        return _presence(condition, key)
    if key == "sts:externalid":
        return _external_id(condition, operator, if_exists=if_exists)
    if key == "aws:multifactorauthpresent" and operator == "Bool":
        return _mfa(condition, if_exists=if_exists)
    if key == "aws:securetransport" and operator == "Bool":
        return "the call is encrypted" if _true(condition) else "the call is not encrypted"
    clause = f"{_subject(condition.key)} {_VERBS[operator]} {_listed(_values(condition, key, operator), 'or')}"
    if key == "aws:sourceip" and operator in ("IpAddress", "NotIpAddress"):
        clause = f"the call {'comes' if operator == 'IpAddress' else 'does not come'} from {_listed(condition.values, 'or')}"
    if quantifier:
        clause = ("every one of " if quantifier == FOR_ALL else "at least one of ") + clause
    return clause + (", if there is one" if if_exists else "")


def _presence(condition: Condition, key: str) -> str:
    absent = _true(condition)
    if key == "sts:externalid":
        return "no external id is sent" if absent else "an external id is sent"
    if key in ("aws:multifactorauthage", "aws:multifactorauthpresent"):
        if key == "aws:multifactorauthpresent":
            return "long-term keys are used" if absent else "temporary credentials are used"
        return "no MFA code was given" if absent else "an MFA code was given"
    return f"{_subject(condition.key)} is {'not ' if absent else ''}there"


def _external_id(condition: Condition, operator: str, *, if_exists: bool) -> str:
    if operator in ("StringNotEquals", "StringNotLike", "StringNotEqualsIgnoreCase"):
        return "the external id is none of those that the policy refuses"
    loose = operator == "StringLike" and any(mark in value for value in condition.values for mark in "*?")
    which = f", one of {len(condition.values)}," if len(condition.values) > 1 else ""
    return f"an external id that {'fits' if loose else 'matches'}{which} is sent{', or none' if if_exists else ''}"


def _mfa(condition: Condition, *, if_exists: bool) -> str:
    if _true(condition):
        return "an MFA code was given, or long-term keys are used" if if_exists else "an MFA code was given"
    return "no MFA code was given" + ("" if if_exists else ", with temporary credentials")


def _subject(key: str) -> str:
    if match := re.fullmatch(r"(aws|iam):(requesttag|principaltag|resourcetag)/(.+)", key, re.IGNORECASE):
        owner = {"requesttag": "the session tag", "principaltag": "the caller's tag", "resourcetag": "the role's tag"}[match[2].lower()]
        return f"{owner} {match[3]}"
    if match := re.fullmatch(r"(.+):(aud|sub|amr|oaud)", key):
        return f"{_CLAIMS[match[2]]} that {match[1]} gave"
    return _KEYS.get(key.lower(), key)


def _values(condition: Condition, key: str, operator: str) -> tuple[str, ...]:
    if operator.startswith("Date") or key in ("aws:epochtime", "aws:currenttime", "aws:tokenissuetime"):
        return tuple(_moment(value) for value in condition.values)
    if key == "aws:multifactorauthage":
        return tuple(f"{typed_duration(int(value)) if re.fullmatch(r'[0-9]{1,9}', value) else value} old" for value in condition.values)
    return condition.values


def _spans(conditions: tuple[Condition, ...]) -> tuple[list[tuple[str, str, str]], list[Condition]]:
    """Pairs of a beginning and an end for the same key, and the conditions that are in no pair."""
    ends = {one.key.lower(): one for one in conditions if one.operator in _EARLIER and len(one.values) == 1}
    spans, used = [], set()
    for one in conditions:
        end = ends.get(one.key.lower())
        if one.operator in _LATER and len(one.values) == 1 and end is not None and end not in used:
            spans.append((one.key.lower(), one.values[0], end.values[0]))
            used |= {one, end}
    return spans, [one for one in conditions if one not in used]


def _moment(text: str) -> str:
    """A date as people write it: the day alone at midnight UTC, else to the second."""
    try:
        when = datetime.fromtimestamp(moment(text), UTC)
    except (ValueError, OverflowError, OSError):
        return text
    clock = (when.hour, when.minute, when.second)
    return when.strftime("%Y-%m-%d" if clock == (0, 0, 0) else "%Y-%m-%d %H:%M UTC" if not when.second else "%Y-%m-%d %H:%M:%S UTC")


def _principals(principals: Principals) -> tuple[str, ...]:
    return tuple(_principal(kind, one) for kind, values in principals.by_kind for one in values)


def _principal(kind: str, value: str) -> str:
    shape = _KINDS.get(kind)
    if shape is not None:
        return shape.format(value)
    if value == "*":
        return "everyone, from any AWS account"
    if re.fullmatch(r"\d{12}", value, re.ASCII):
        return _whole_account(value)
    if re.fullmatch(r"A(ID|RO)A[A-Z0-9]{12,}", value):
        return f"a {'user' if value[1] == 'I' else 'role'} that has been deleted ({value})"
    parts = value.split(":", 5)
    return _arn_in_words(value, parts[4], parts[5]) if len(parts) == 6 else value  # noqa: PLR2004 - an ARN has six parts


def _arn_in_words(value: str, account: str, name: str) -> str:
    if name == "root":
        return _whole_account(account)
    kind, _, rest = name.partition("/")
    if kind == "assumed-role" and "/" in rest:
        role, _, session = rest.partition("/")
        return f"the session {session} of the role {role} in account {account}"
    words = {"user": "the user", "role": "the role", "federated-user": "the federated user"}.get(kind)
    return f"{words} {rest} in account {account}" if words and rest else value


def _whole_account(account: str) -> str:
    return f"everyone in account {account}{_IF_ALLOWED}"


def _action(action: str) -> str:
    return _ACTIONS.get(action.lower(), action)


def _true(condition: Condition) -> bool:
    return any(value.lower() == "true" for value in condition.values)


def _listed(values: tuple[str, ...], joint: str) -> str:
    """`a`, `a or b`, `a, b or c`, and `… or 3 more` after six."""
    shown = list(values[:MOST_VALUES]) or ["nothing"]
    if len(values) > MOST_VALUES:
        shown.append(f"{len(values) - MOST_VALUES} more")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} {joint} {shown[-1]}"
