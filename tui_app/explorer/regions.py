"""Which regions an account has enabled, as AWS says; else those that botocore knows, said as a guess."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from tui_app.aws.partitions import partition_of, within
from tui_app.errors import RoledeckError
from tui_app.explorer.asking import Tally
from tui_app.explorer.expressions import look_up
from tui_app.explorer.refusals import Refusal, explain
from tui_app.model import AccessKey, Session
from tui_app.values import frozen


class Door(Protocol):
    """The part of `tui_app.aws.door.AwsDoor` that is needed here."""

    def call(
        self, service: str, operation: str, *, region: str, key: AccessKey | None, parameters: Mapping[str, Any], retry: bool = True
    ) -> dict[str, Any]:
        """One answered call; raises only `tui_app.errors`."""
        ...

    def regions(self, partition: str) -> tuple[str, ...]:
        """The regions of a partition that botocore knows."""
        ...


_ASKED = (
    (
        "account",
        "ListRegions",
        {"MaxResults": 50},
        "Regions[?RegionOptStatus=='ENABLED' || RegionOptStatus=='ENABLED_BY_DEFAULT'].RegionName",
        "Regions[?RegionOptStatus=='DISABLED' || RegionOptStatus=='DISABLING'].RegionName",
    ),
    (
        "ec2",
        "DescribeRegions",
        {"AllRegions": True},
        "Regions[?OptInStatus!='not-opted-in'].RegionName",
        "Regions[?OptInStatus=='not-opted-in'].RegionName",
    ),
)
"""Service, operation, parameters, and where the enabled and the disabled regions are in the answer."""


@frozen
class Regions:
    """The `enabled` regions and those known to be `off`, both sorted. `told_by` is the action that told; empty for botocore's list,
    of which any may be off; then `refusal` is why AWS did not tell.
    """

    enabled: tuple[str, ...]
    off: tuple[str, ...] = ()
    told_by: str = ""
    refusal: Refusal | None = None


def enabled_regions(door: Door, session: Session, *, tally: Tally | None = None) -> Regions:
    """Asked with account:ListRegions, else ec2:DescribeRegions; both are often denied, which is no failure."""
    home = session.identity.region or partition_of(session.identity.arn).region
    refusal = None
    for service, operation, parameters, enabled, off in _ASKED:
        action = f"{service}:{operation}"
        try:
            if tally:
                tally.count()
            answer = door.call(service, operation, region=home, key=session.credentials.key, parameters=parameters)
        except RoledeckError as failure:
            refusal = explain(failure, action, home)
            continue
        names = look_up(enabled, answer)
        if names:
            return Regions(_within(names, session), _within(look_up(off, answer) or (), session), action)
    return Regions(door.regions(partition_of(session.identity.arn).id), refusal=refusal)


def _within(names: Iterable[str], session: Session) -> tuple[str, ...]:
    """Those that lie in the session's partition, or in none that is known."""
    return tuple(sorted(name for name in names if within(name, session.identity.arn)))
