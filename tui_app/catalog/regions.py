"""The region that a role works in."""

from __future__ import annotations

from tui_app.aws.partitions import DEFAULT_PARTITION, partition_of, within
from tui_app.catalog.chain import resolve_chain
from tui_app.catalog.load import Catalog
from tui_app.errors import UsageError
from tui_app.model import Role
from tui_app.text import clean


def working_region(catalog: Catalog, role: Role, asked: str | None = None) -> str | None:
    """The region to work in: asked for, the role's, its account's, its source's, the default; None leaves the person's own.

    One that lies in another partition than the role is passed over, since the role's credentials are worth nothing there.

    Raises:
        UsageError: the one asked for does.
    """
    if asked and not within(asked, role.arn):
        theirs = partition_of(role.arn)
        raise UsageError(
            f"{clean(asked)} is no region of {theirs.id}, where {clean(role.key)} is.", f"Its regions are written like {theirs.region}."
        )
    source = resolve_chain(catalog, role).source
    candidates = (asked, role.request.region, *role.regions[:1], *role.account.regions[:1], source.region, catalog.defaults.region)
    chosen = next((region for region in candidates if within(region, role.arn)), None)
    return chosen or (None if partition_of(role.arn).id == DEFAULT_PARTITION else partition_of(role.arn).region)
