"""The regions of a command line: one that cannot be is refused before anything is sent; without any, each role has its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui_app.errors import UsageError
from tui_app.text import clean, nearest

if TYPE_CHECKING:
    from tui_app.cli.context import Context
    from tui_app.model import Role, Session


def check_regions(regions: Sequence[str], context: Context, more: str = "") -> None:
    """Refuse what cannot be a region, and note one that botocore has not heard of: it may be newer than botocore.

    `more` is what else may be written there.

    Raises:
        UsageError: no partition has regions of such a name.
    """
    if not any(regions):
        return
    from tui_app.aws.partitions import PARTITIONS, partition_of_region

    known = [region for partition in PARTITIONS for region in context.door.regions(partition.id)]
    for region in filter(None, regions):
        if region in known:
            continue
        near = nearest(region.casefold(), known)
        hint = f"Did you mean {near}?" if near else f"A region is written like eu-west-1{more}."
        if partition_of_region(region) is None:
            raise UsageError(f"{clean(region, 64)} is no region of AWS.", hint)
        context.note(f"botocore knows no region {clean(region, 64)}. {hint}")


def own_regions(context: Context, role: Role | None, session: Session) -> tuple[str, ...]:
    """The regions that a role is looked at or searched in where none is asked for; `role` is None for one that is in no file."""
    from tui_app.explorer.own_views import first_sight_of
    from tui_app.explorer.regions import where_to_look
    from tui_app.handover.environment import working_region

    catalog = context.catalog
    working = working_region(catalog, role) if role is not None else catalog.defaults.region
    usual = first_sight_of(catalog.settings.explorer)[1]
    return where_to_look(role, session, usual=usual, working=working, environ=context.environ)
