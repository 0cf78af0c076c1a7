"""Several roles on one command line: whoever reads why one of them failed is told which."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui_app.text import clean

if TYPE_CHECKING:
    from tui_app.cli.context import Context
    from tui_app.errors import RoledeckError
    from tui_app.model import Role


def each_once(roles: Sequence[Role]) -> tuple[Role, ...]:
    """The roles in their order, one that was named twice only once."""
    return tuple({role.key: role for role in roles}.values())


def whose(failure: RoledeckError, role: Role, roles: Sequence[Role]) -> RoledeckError:
    """The failure, begun with the role's name where others of the `roles` may be meant and it names none itself."""
    who = clean(f"{role.account.label}/{role.short_name}")
    named = any(name in failure.message for name in (who, clean(role.arn)))
    if len(roles) > 1 and not named:
        failure.message = f"{who}: {failure.message}"
    return failure


def first_of(failures: Sequence[RoledeckError], context: Context) -> RoledeckError:
    """The failure to raise where every role has one; the others are told at once."""
    for failure in failures[1:]:
        context.note(failure.sentence())
    return failures[0]
