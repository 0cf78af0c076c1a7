"""The regions that a command line names: one that cannot be is refused before anything is sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui_app.errors import UsageError
from tui_app.text import clean, nearest

if TYPE_CHECKING:
    from tui_app.cli.context import Context


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
