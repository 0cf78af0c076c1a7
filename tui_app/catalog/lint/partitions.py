"""Rules about partitions: credentials of one are unknown in all others, so no chain leads from one to another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tui_app.catalog import limits
from tui_app.catalog.foreign_settings import filled
from tui_app.catalog.ini_file import Section
from tui_app.catalog.lint.findings import Found, Rule
from tui_app.catalog.lint.profiles import Profile
from tui_app.catalog.lint.values import partition_of_region
from tui_app.catalog.shared_config import SharedConfig
from tui_app.catalog.sources import has_static_keys, is_hop
from tui_app.text import clean


def _other_partition(profile: Profile) -> Iterator[Found]:
    section, shared = profile.section, profile.shared
    parts = limits.split_role_arn(section.get("role_arn")) if is_hop(section) else None
    if parts is None:
        return
    device = partition_of_arn(section.get("mfa_serial"))
    if device and device != parts[0]:
        message = f"{profile.called} is a role in the partition {parts[0]}, but its MFA device is in {clean(device, 20)}."
        yield Found(section.origin("mfa_serial"), message, "Name the device of the user whose keys these are.")
    source = shared.profiles.get(section.get("source_profile"))
    if source is None or source.name == section.name:
        return
    theirs = partition_of_source(shared, filled(shared.profiles, source))
    if theirs and theirs != parts[0]:
        message = f"{profile.called} is a role in the partition {parts[0]}, but {clean(source.name, 60)} is in {clean(theirs, 20)}."
        yield Found(section.origin("source_profile"), message, f"Start from a profile in {parts[0]}; no role leads from one to the other.")


def partition_of_source(shared: SharedConfig, source: Section) -> str:
    """The partition of the credentials that a source profile gives, as far as its settings say; empty where they do not."""
    if "role_arn" in source.values and not (is_hop(source) and has_static_keys(source)):
        return (limits.split_role_arn(source.get("role_arn")) or ("",))[0]
    session = shared.sso_sessions.get(source.get("sso_session"))
    region = source.get("sso_region") or (session.get("sso_region") if session is not None else "") or source.get("region")
    return partition_of_arn(source.get("mfa_serial")) or partition_of_arn(source.get("login_session")) or partition_of_region(region)


def partition_of_arn(arn: str) -> str:
    """The partition in an ARN; empty for what is none."""
    first, _, rest = arn.partition(":")
    return rest.partition(":")[0] if first == "arn" else ""


PARTITION_RULES: Mapping[str, Rule[Profile]] = {
    "source_of_other_partition": Rule("error", "A role whose source_profile or MFA device is in another partition.", _other_partition),
}
