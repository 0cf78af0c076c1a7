"""Rules about the settings of clients, such as `retry_mode`: values for which the AWS CLI fails, or takes what was not meant.

Sources: botocore 1.44 args.py, config.py, configprovider.py, utils.py and session.py; AWS CLI v2 formatter.py for `output`; the JavaScript
SDK v3's booleanSelector.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping

from tui_app import paths
from tui_app.catalog.lint.findings import Found, Rule
from tui_app.catalog.lint.known_settings import BLOCKS
from tui_app.catalog.lint.profiles import Profile
from tui_app.catalog.lint.values import Value
from tui_app.catalog.shared_config import nested
from tui_app.text import clean, nearest

_CHECKSUM, _REGIONAL = ("when_supported", "when_required"), ("regional", "legacy")
CHOICES: Mapping[str, tuple[str, ...]] = {
    "output": ("json", "text", "table", "yaml", "yaml-stream", "off"),
    "retry_mode": ("legacy", "standard", "adaptive"),
    "defaults_mode": ("legacy", "standard", "in-region", "cross-region", "mobile", "auto"),
    "sts_regional_endpoints": _REGIONAL,
    "ec2_metadata_service_endpoint_mode": ("ipv4", "ipv6"),
    "account_id_endpoint_mode": ("preferred", "disabled", "required"),
    "request_checksum_calculation": _CHECKSUM,
    "response_checksum_validation": _CHECKSUM,
    "s3_us_east_1_regional_endpoint": _REGIONAL,
    "s3_disable_express_session_auth": ("true", "false"),
}
"""Settings that take one of a few words."""
_IN_S3: Mapping[str, tuple[str, ...]] = {"addressing_style": ("auto", "virtual", "path"), "us_east_1_regional_endpoint": _REGIONAL}
"""The same in the block `s3 =`."""
_ANY_CASE = frozenset(
    {
        *("defaults_mode", "ec2_metadata_service_endpoint_mode", "account_id_endpoint_mode", "request_checksum_calculation"),
        *("response_checksum_validation", "s3_disable_express_session_auth"),
    }
)
NUMBERS: Mapping[str, tuple[int, int | None]] = {
    "max_attempts": (1, None),
    "metadata_service_timeout": (0, None),
    "metadata_service_num_attempts": (0, None),
    "request_min_compression_size_bytes": (1, 1048576),
}
"""Settings that are whole numbers, with the least and the most."""
SWITCHES = (
    *("use_fips_endpoint", "use_dualstack_endpoint", "ignore_configured_endpoint_urls", "ec2_metadata_v1_disabled"),
    *("disable_request_compression", "s3_use_arn_region", "s3_disable_multiregion_access_points"),
)
"""Settings that are on or off."""
_ENDPOINT = re.compile(r"https?://[^/\s?#]+(?:[/?#]\S*)?", re.IGNORECASE)


def _choice(value: Value) -> Iterator[Found]:
    yield from _one_of(value, value.setting, value.text, CHOICES[value.setting])


def _in_s3(value: Value) -> Iterator[Found]:
    inside = nested(value.text) if value.text.startswith("\n") else {}
    for setting, words in _IN_S3.items():
        yield from _one_of(value, setting, inside.get(setting, ""), words)


def _one_of(value: Value, setting: str, text: str, words: tuple[str, ...]) -> Iterator[Found]:
    if not text or "\n" in text or text in words or (setting in _ANY_CASE and text.lower() in words):
        return
    meant = text.lower() if text.lower() in words else nearest(text, words)
    mend = f'Did you mean "{meant}"?' if meant else f"It is {', '.join(words[:-1])} or {words[-1]}."
    message = f'The {setting} of {clean(value.section.name, 60)} is "{clean(text, 60)}", which the AWS CLI refuses.'
    yield Found(value.here, message, mend)


def _number(value: Value) -> Iterator[Found]:
    least, most = NUMBERS[value.setting]
    try:
        good = not value.text or "\n" in value.text or least <= int(value.text) <= (most or int(value.text))
    except ValueError:
        good = False
    if not good:
        message = f'{value.called} is "{clean(value.text, 60)}", which the AWS CLI refuses.'
        yield Found(value.here, message, f"It is a whole number {f'from {least} to {most}' if most else f'of {least} or more'}.")


def _switch(value: Value) -> Iterator[Found]:
    if value.text and "\n" not in value.text and value.text.lower() not in {"true", "false"}:
        message = f'{value.called} is "{clean(value.text, 60)}": the AWS CLI takes that for false, the JavaScript SDK refuses it.'
        yield Found(value.here, message, "Write true or false.")


def _endpoint(value: Value) -> Iterator[Found]:
    if value.text and not value.text.startswith("\n") and not _ENDPOINT.fullmatch(value.text):
        yield Found(value.here, f"{value.called} is no address; the AWS CLI refuses it.", "Write it with https:// in front.")


def _block(value: Value) -> Iterator[Found]:
    if value.text and not value.text.startswith("\n"):
        message = f"{value.called} has a plain value, at which the AWS CLI stumbles: its settings stand indented on the lines below."
        yield Found(value.here, message, f"Write {value.setting} = alone, and each setting indented under it.")


def _bundle(value: Value) -> Iterator[Found]:
    path = paths.expand(value.text, value.environ)
    if os.path.isabs(path) and not os.path.exists(path):
        yield Found(value.here, f"{value.called} is not there: {clean(path)}.", "Tools cannot reach AWS without it; check the path.")


CLIENT_RULES: Mapping[str, tuple[tuple[str, ...], Rule[Value]]] = {
    "bad_choice": (tuple(CHOICES), Rule("error", "A word that a setting of clients does not take.", _choice)),
    "bad_s3_choice": (("s3",), Rule("error", "A word that a setting of the block s3 does not take.", _in_s3)),
    "bad_number": (tuple(NUMBERS), Rule("error", "A number that a setting of clients does not take.", _number)),
    "bad_switch": (SWITCHES, Rule("warning", "A switch that is neither true nor false.", _switch)),
    "bad_endpoint_url": (("endpoint_url",), Rule("error", "An endpoint_url that is no address.", _endpoint)),
    "block_expected": (tuple(sorted(BLOCKS)), Rule("error", "A plain value where a block of indented settings belongs.", _block)),
    "ca_bundle": (("ca_bundle",), Rule("warning", "A ca_bundle that is not there.", _bundle)),
}


def _services(profile: Profile) -> Iterator[Found]:
    name = profile.section.get("services")
    section = profile.shared.services.get(name)
    if "services" in profile.section.values and (section is None or not section.values):
        state = "has nothing in it" if section is not None else "is in no file"
        meant = nearest(name, profile.shared.services) if section is None else None
        mend = f'Did you mean "{clean(meant, 60)}"?' if meant else f"Write [services {clean(name, 60)}], or remove this line."
        message = f'"{clean(name, 60)}", the services of {clean(profile.section.name, 60)}, {state}: the AWS CLI refuses the profile.'
        yield Found(profile.section.origin("services"), message, mend)


SERVICES_RULES: Mapping[str, Rule[Profile]] = {
    "services_not_there": Rule("error", "A services setting that names no section.", _services),
}
