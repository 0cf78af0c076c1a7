"""Principals of trust policies: who may be named, and what becomes of the policies when one of them is deleted.

Facts (IAM user guide, "AWS JSON policy elements: Principal"): IAM keeps a user or a role in a policy by its unique id. Once it is deleted
the policy shows that id (`AIDA…`, `AROA…`), and a new user or role of the same name is not meant by it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from tui_app.embedded_aws.callers import Caller, all_iam, iam_of
from tui_app.embedded_aws.wire import AwsError
from tui_app.policy.document import Policy, PolicyError, Statement, parse_policy
from tui_app.values import frozen

_NAMED = re.compile(
    r"arn:aws[\w-]*:(?:iam::(?P<account>\d{12}):(?P<rest>root|(?:user|role)/[\w+=,.@/-]+)"
    r"|sts::\d{12}:(?:assumed-role/[\w+=,.@-]+/[\w+=,.@-]+|federated-user/[\w+=,.@-]+))"
)
_UNIQUE = re.compile(r"A(?:IDA|ROA)[A-Z0-9]{12,}")


@frozen
class Leaving:
    """A user or a role that is about to be deleted."""

    arn: str
    unique_id: str


def leaving(action: str, name: str, caller: Caller) -> Leaving | None:
    """Whom DeleteUser or DeleteRole is about; None for other operations, and where there is nobody of that name."""
    table = {"DeleteUser": "users", "DeleteRole": "roles"}.get(action)
    if table is None:
        return None
    entries = list(getattr(iam_of(caller.account, caller.partition), table).values())
    found = next((entry for entry in entries if entry.name == name), None)
    return Leaving(str(found.arn), str(found.id)) if found is not None else None


def forget(gone: Leaving) -> None:
    """Put the unique id in place of the ARN in every trust policy of every account."""
    for _, _, backend in all_iam():
        for role in list(backend.roles.values()):
            if f'"{gone.arn}"' in role.assume_role_policy_document:
                role.assume_role_policy_document = _renamed(role.assume_role_policy_document, gone)


def _renamed(text: str, gone: Leaving) -> str:
    try:
        document = json.loads(text)
    except ValueError:
        return text
    statements = document["Statement"] if isinstance(document["Statement"], list) else [document["Statement"]]
    for statement in statements:
        for element in ("Principal", "NotPrincipal"):
            principals = statement.get(element)
            if isinstance(principals, dict) and "AWS" in principals:
                principals["AWS"] = _exchanged(principals["AWS"], gone)
    return json.dumps(document)


def _exchanged(named: Any, gone: Leaving) -> Any:
    if isinstance(named, list):
        return [_exchanged(one, gone) for one in named]
    return gone.unique_id if named == gone.arn else named


def check_trust(text: str) -> None:
    """Refuse a trust policy that IAM would not keep.

    Raises:
        AwsError: MalformedPolicyDocument, in IAM's words.
    """
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        raise _malformed("This policy contains invalid Json") from None
    try:
        policy = parse_policy(text)
    except PolicyError:
        raise _malformed("Syntax errors in policy.") from None
    _check_shape(policy)
    for statement in policy.statements:
        for principals in (statement.principals, statement.not_principals):
            for one in principals.of("AWS") if principals is not None else ():
                if not _may_be_named(one):
                    raise _malformed(f'Invalid principal in policy: "AWS":"{one}"')


def _check_shape(policy: Policy) -> None:
    wrong: tuple[tuple[Callable[[Statement], bool], str], ...] = (
        (lambda one: one.resources is not None or one.not_resources is not None, "Has prohibited field Resource"),
        (lambda one: one.principals is None and one.not_principals is None, "Missing required field Principal"),
        (
            lambda one: any(action != "*" and not action.lower().startswith("sts:") for action in one.actions or ()),
            "AssumeRole policy may only specify STS AssumeRole actions.",
        ),
    )
    for statement in policy.statements:
        for test, sentence in wrong:
            if test(statement):
                raise _malformed(sentence)


def _may_be_named(principal: str) -> bool:
    """Whether the principal has a proper shape and, where its account is known here, is there."""
    if principal == "*" or re.fullmatch(r"\d{12}", principal, re.ASCII):
        return True
    if _UNIQUE.fullmatch(principal):
        return any(principal == entry.id for _, _, backend in all_iam() for entry in (*backend.users.values(), *backend.roles.values()))
    match = _NAMED.fullmatch(principal)
    if match is None:
        return False
    account, rest = match["account"], match["rest"]
    if account is None or rest == "root":
        return True
    known = [backend for owner, _, backend in all_iam() if owner == account]
    table = "users" if rest.startswith("user/") else "roles"
    return any(entry.arn == principal for backend in known for entry in list(getattr(backend, table).values()))


def _malformed(sentence: str) -> AwsError:
    return AwsError("MalformedPolicyDocument", sentence, 400)
