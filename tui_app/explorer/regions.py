"""Where to look: the regions that a role has of its own, and those that its account has enabled, as far as AWS tells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from tui_app.aws.partitions import partition_of, partition_of_region, within
from tui_app.catalog.load import Catalog
from tui_app.catalog.regions import working_region
from tui_app.errors import RoledeckError
from tui_app.explorer.asking import Tally
from tui_app.explorer.expressions import look_up
from tui_app.explorer.fetch import regions_of
from tui_app.explorer.own_views import first_sight_of
from tui_app.explorer.refusals import Refusal, explain
from tui_app.model import AccessKey, Account, Role, Session
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
        names = _within(look_up(enabled, answer) or (), session)
        if names:
            return Regions(names, _within(look_up(off, answer) or (), session), action)
    partition = partition_of(session.identity.arn)
    return Regions(door.regions(partition.id) or (partition.region,), refusal=refusal)


def own_regions(catalog: Catalog, role: Role | None, session: Session, environ: Mapping[str, str]) -> tuple[str, ...]:
    """The regions that a role is looked at or searched in where none is asked for; `role` is None for one that is in no file.

    Those that the role or its account names, else those of the config's `[explorer]`, else the one that the files have it working in.
    Where none of them says anything the person's own, as the AWS CLI has it: AWS_REGION, then AWS_DEFAULT_REGION; else the partition's.
    """
    working = working_region(catalog, role) if role is not None else catalog.defaults.region
    role = role or Role(session.role_key, session.identity.arn, Account(session.identity.account), "")
    if role.regions or role.account.regions:
        return regions_of(role, session)
    usual = first_sight_of(catalog.settings.explorer)[1]
    return regions_of(role, session, usual or (() if working else _of_the_person(environ, role.arn)))


def _of_the_person(environ: Mapping[str, str], arn: str) -> tuple[str, ...]:
    """The region that the environment names, where the role with this ARN can be there."""
    said = (environ.get(name, "") for name in ("AWS_REGION", "AWS_DEFAULT_REGION"))
    own = next((region for region in said if region), "")
    return (own,) if partition_of_region(own) is not None and within(own, arn) else ()


def same_for_all(known: Iterable[Iterable[str]], arn: str) -> tuple[str, ...]:
    """The regions that any of several roles is looked at in, as far as the one with this ARN can be there.

    Only what is asked alike can be compared.
    """
    regions = tuple(dict.fromkeys(region for regions in known for region in regions))
    return tuple(region for region in regions if within(region, arn)) or regions


def _within(names: Iterable[str], session: Session) -> tuple[str, ...]:
    """Those that lie in the session's partition, or in none that is known."""
    return tuple(sorted(name for name in names if within(name, session.identity.arn)))
