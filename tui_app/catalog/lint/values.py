"""Rules about the value of one setting of a profile or sso-session, by the setting's name."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from tui_app import paths
from tui_app.aws.partitions import PARTITIONS
from tui_app.catalog import limits
from tui_app.catalog.ini_file import Section
from tui_app.catalog.lint.findings import Found, Rule
from tui_app.catalog.lint.known_settings import BLOCKS, SDK_SETTINGS
from tui_app.clock import parse_duration
from tui_app.model import Origin
from tui_app.text import clean, nearest

_SESSION_NAME = re.compile(r"(?a)[\w+=,.@-]{2,64}")
_KEY_ID = re.compile(r"[A-Z0-9]{16,128}")
_PLAIN_HTTP = re.compile(r"http://(?!(?:127(?:\.\d{1,3}){3}|localhost|\[::1\])(?:[:/]|$))", re.IGNORECASE)
_ESCAPE = re.compile(r"\\[n\"']")
_PARTITION_IDS = frozenset(partition.id for partition in PARTITIONS)
_UNKNOWN_PARTITION = re.compile(r"arn:(?!aws[a-z-]*:)([A-Za-z0-9_-]{1,30}):iam::[0-9]{12}:role/\S+")
_REGIONS = re.compile("|".join(f"(?:{partition.regions})" for partition in PARTITIONS) + r"|[a-z-]+-global")
_LONGEST_NUMBER = 12
QUOTES = "\"'"
_LOOKED_INTO = frozenset({"credential_process", "mfa_process", "web_identity_token_process", "session_tags"})
"""Settings in whose values quotes have a meaning of their own."""


class Value(NamedTuple):
    """One setting of a section, with the environment the files are read in."""

    section: Section
    setting: str
    text: str
    here: Origin
    environ: Mapping[str, str]

    @property
    def called(self) -> str:
        """The setting and whose it is, for sentences."""
        return f"The {clean(self.setting, 60)} of {clean(self.section.name, 60)}"


def _empty(value: Value) -> Iterator[Found]:
    """Settings of the AWS CLI alone are left in peace: an empty cli_pager is how a pager is switched off."""
    if not value.text and value.setting in SDK_SETTINGS - BLOCKS and not value.setting.startswith("cli_"):
        message = f"{value.called} is empty: the AWS CLI takes it as set, the JavaScript SDK as absent."
        yield Found(value.here, message, "Give it a value, or remove the line.")


def _quotes(value: Value) -> Iterator[Found]:
    text = value.text
    if len(text) > 1 and text[0] == text[-1] and text[0] in QUOTES and value.setting not in _LOOKED_INTO:
        message = f"{value.called} is in quotes: they are part of the value, and only the Go SDK takes them off."
        yield Found(value.here, message, "Remove the quotes.")


def _escape(value: Value) -> Iterator[Found]:
    if "\\" in value.text and (match := _ESCAPE.search(value.text)):
        sign = "a line break" if match[0] == "\\n" else "the quote alone"
        yield Found(value.here, f"{value.called} has a {match[0]}, which the Go SDK reads as {sign}.", "Write it without that backslash.")


def _continued(value: Value) -> Iterator[Found]:
    if "\n" not in value.text or value.text.startswith("\n"):
        return
    if header := next((line for line in value.text.split("\n") if line.startswith("[") and line.endswith("]")), ""):
        message = f"{value.called} goes on with the indented {clean(header, 60)}, which the JavaScript SDK takes for a section."
        yield Found(value.here, message, "Start the section in the first column.")
    else:
        message = f"{value.called} goes on over indented lines; the JavaScript SDK reads those as settings of their own, or not at all."
        yield Found(value.here, message, "Write it on one line, or start the next setting in the first column.")


def _block(value: Value) -> Iterator[Found]:
    if value.text.startswith("\n") and value.setting in SDK_SETTINGS - BLOCKS:
        message = f"{value.called} is a block of indented settings, and no SDK reads it so."
        yield Found(value.here, message, 'Write its value behind the "=", and start the next setting in the first column.')


def _odd_name(value: Value) -> Iterator[Found]:
    if not re.fullmatch(r"[a-z0-9_.\-]+", value.setting):
        message = f'The name "{clean(value.setting, 60)}" has characters that settings do not have; the SDKs ignore it.'
        yield Found(value.here, message, "Use letters, digits, - and _.")


EVERY_VALUE: Mapping[str, Rule[Value]] = {
    "empty_value": Rule("warning", "A setting without a value, which is set to some tools and absent to others.", _empty),
    "quotes_in_value": Rule("warning", "Quotes round a value, which are part of it to every tool but the Go SDK.", _quotes),
    "escape_in_value": Rule("warning", r"A \n or \" in a value, which the Go SDK replaces.", _escape),
    "continued_value": Rule("warning", "A value that goes on over indented lines.", _continued),
    "nested_value": Rule("error", "A block of indented settings where a plain value belongs.", _block),
    "odd_setting_name": Rule("warning", "A setting's name outside the characters of the SDK specification.", _odd_name),
}


def _role_arn(value: Value) -> Iterator[Found]:
    if value.text and limits.split_role_arn(value.text) is None and not _UNKNOWN_PARTITION.fullmatch(value.text):
        message = f'{value.called} is not the ARN of a role: "{clean(value.text)}".'
        yield Found(value.here, message, "It is arn:aws:iam::ACCOUNT:role/NAME.")


def _role_partition(value: Value) -> Iterator[Found]:
    parts, unknown = limits.split_role_arn(value.text), _UNKNOWN_PARTITION.fullmatch(value.text)
    named = unknown[1] if unknown else parts[0] if parts else ""
    if named and named not in _PARTITION_IDS:
        near = nearest(named, _PARTITION_IDS)
        mend = f'Did you mean "{near}"?' if near else f"There are: {', '.join(sorted(_PARTITION_IDS))}."
        yield Found(value.here, f'{value.called} is in the partition "{clean(named, 60)}", and there is none of that name.', mend)
    if parts is None or parts[0] not in _PARTITION_IDS:
        return
    region = value.section.get("region")
    theirs = partition_of_region(region)
    if theirs and theirs != parts[0]:
        message = f"{value.called} is in the partition {parts[0]}, but the profile's region {clean(region)} is in {theirs}."
        yield Found(value.here, message, f"Use a region of {parts[0]}, or arn:{theirs}:….")


def partition_of_region(region: str) -> str:
    """The partition that a region is in; empty for what is no region."""
    if limits.region(region):
        return ""
    return next((part.id for part in reversed(PARTITIONS) if re.fullmatch(part.regions, region)), "")


def _region(value: Value) -> Iterator[Found]:
    text = value.text
    if not text or _REGIONS.fullmatch(text):
        return
    lower = text.strip(QUOTES).lower()
    mend = "A region is written like eu-west-1."
    if match := re.fullmatch(r"([a-z]{2,4}(?:-[a-z]+)+-\d+)[a-z]", lower):
        mend = f"{match[1]} is the region; {lower} is one of its zones."
    elif lower != text and _REGIONS.fullmatch(lower):
        mend = f"Write {lower}."
    yield Found(value.here, f'{value.called} is no region: "{clean(text, 60)}".', mend)


def _duration_number(value: Value) -> Iterator[Found]:
    if not value.text or re.fullmatch(r"[+-]?[0-9]+", value.text) or _only_for_python(value):
        return
    try:
        mend = f"Write {parse_duration(value.text)}."
    except ValueError:
        mend = "Write it in seconds, such as 3600."
    message = f"{value.called} is no number of seconds: the AWS CLI ignores it, the Go SDK takes 0."
    yield Found(value.here, message, mend)


def _duration_odd(value: Value) -> Iterator[Found]:
    if number := _only_for_python(value):
        message = f'{value.called} is "{clean(value.text, 20)}", which the AWS CLI takes for {number} and no other tool does.'
        yield Found(value.here, message, f"Write {number}.")


def _only_for_python(value: Value) -> int:
    """The number in what Python reads as one, though it is not written as numbers are: `3_600`; 0 for anything else."""
    try:
        return 0 if re.fullmatch(r"[+-]?[0-9]+", value.text) else int(value.text)
    except ValueError:
        return 0


def _duration_range(value: Value) -> Iterator[Found]:
    text = value.text
    is_number = re.fullmatch(r"[+-]?[0-9]+", text)
    if is_number and (len(text) > _LONGEST_NUMBER or not limits.SHORTEST <= int(text) <= limits.LONGEST_ROLE):
        message = f"{value.called} is {clean(text, 20)}; AWS takes {limits.SHORTEST} to {limits.LONGEST_ROLE} seconds."
        yield Found(value.here, message, "The default is 3600.")


def _refused(limit: Callable[[str], str], sentence: str) -> Callable[[Value], Iterator[Found]]:
    """The check of a value against AWS's limit, which has the sentence on what the value should be."""

    def check(value: Value) -> Iterator[Found]:
        if value.text and (should_be := limit(value.text)):
            yield Found(value.here, f"{value.called} {sentence}", should_be)

    return check


_external_id = _refused(limits.external_id, "cannot be one: AWS refuses it.")
_source_identity = _refused(limits.source_identity, "cannot be one: AWS refuses it.")
_start_url = _refused(limits.start_url, "is no start page.")


def _session_name(value: Value) -> Iterator[Found]:
    if value.text and not _SESSION_NAME.fullmatch(value.text):
        yield Found(value.here, f"{value.called} cannot be one: AWS refuses it.", "It has 2 to 64 letters, digits and +=,.@-_.")


def _mfa_user(value: Value) -> Iterator[Found]:
    if ":user/" in value.text:
        mend = f"The device is {clean(value.text.replace(':user/', ':mfa/', 1))}, if it has the user's name."
        yield Found(value.here, f"{value.called} is the ARN of a user, not of a device.", mend)


def _mfa_serial(value: Value) -> Iterator[Found]:
    if ":user/" not in value.text and (complaint := limits.mfa_serial(value.text)):
        yield Found(value.here, f'{value.called} is no MFA device: "{clean(value.text)}".', complaint)


def _account(value: Value) -> Iterator[Found]:
    if value.text and (complaint := limits.account_id(value.text)):
        yield Found(value.here, f'{value.called} is no account id: "{clean(value.text, 60)}".', complaint)


def _key_id(value: Value) -> Iterator[Found]:
    if value.text and value.text[0] not in QUOTES and not _KEY_ID.fullmatch(value.text):
        yield Found(value.here, f"{value.called} is no access key id.", "It has 16 to 128 capitals and digits, such as AKIA….")


def _legacy_token(value: Value) -> Iterator[Found]:
    message = f"{value.called} is an old name: the AWS CLI takes it before aws_session_token, other SDKs do not read it."
    yield Found(value.here, message, "Name it aws_session_token, and remove what an older tool left behind.")


def _endpoint(value: Value) -> Iterator[Found]:
    if _PLAIN_HTTP.match(value.text):
        message = f"{value.called} is not encrypted: session tokens and MFA codes would go there in the clear."
        yield Found(value.here, message, "Use https.")


def _token_file(value: Value) -> Iterator[Found]:
    path = paths.expand(value.text, value.environ)
    if not value.text:
        return
    if value.text.startswith("~"):
        yield Found(value.here, f"{value.called} starts with ~, which the SDKs do not expand.", "Write the whole path.")
    elif not os.path.isabs(path):
        message = f"{value.called} is a relative path: it is another file in each folder."
        yield Found(value.here, message, "Write the whole path.")
    elif not os.path.exists(path):
        yield Found(
            value.here, f"{value.called} is not there: {clean(path)}.", "It appears where the token is issued; check the path otherwise."
        )


VALUE_RULES: Mapping[str, tuple[tuple[str, ...], Rule[Value]]] = {
    "bad_role_arn": (("role_arn",), Rule("error", "A role_arn that is no role's ARN.", _role_arn)),
    "role_partition": (
        ("role_arn",),
        Rule("error", "A role ARN in another partition than the profile's region, or in none.", _role_partition),
    ),
    "bad_region": (("region", "sso_region", "target_region"), Rule("error", "A region that is none.", _region)),
    "duration_no_number": (("duration_seconds",), Rule("error", "A duration_seconds that is no number of seconds.", _duration_number)),
    "duration_written_oddly": (("duration_seconds",), Rule("warning", "A duration_seconds that only Python reads.", _duration_odd)),
    "duration_out_of_range": (("duration_seconds",), Rule("error", "A duration_seconds outside AWS's limits.", _duration_range)),
    "bad_external_id": (("external_id",), Rule("error", "An external id outside AWS's characters or length.", _external_id)),
    "bad_session_name": (("role_session_name",), Rule("error", "A role_session_name outside AWS's characters or length.", _session_name)),
    "bad_source_identity": (("source_identity",), Rule("error", "A source identity outside AWS's characters or length.", _source_identity)),
    "mfa_serial_is_a_user": (("mfa_serial",), Rule("error", "An mfa_serial that is the ARN of a user.", _mfa_user)),
    "bad_mfa_serial": (("mfa_serial",), Rule("error", "An mfa_serial that is no MFA device.", _mfa_serial)),
    "bad_account_id": (("aws_account_id", "sso_account_id"), Rule("error", "An account id without 12 digits.", _account)),
    "bad_key_id": (("aws_access_key_id",), Rule("error", "An access key id that cannot be one.", _key_id)),
    "legacy_token": (("aws_security_token",), Rule("warning", "aws_security_token, which only the AWS CLI still reads.", _legacy_token)),
    "plain_http_endpoint": (("endpoint_url",), Rule("warning", "An endpoint_url over plain http to another machine.", _endpoint)),
    "bad_start_url": (("sso_start_url",), Rule("error", "An sso_start_url that is no address.", _start_url)),
    "token_file": (("web_identity_token_file",), Rule("warning", "A web_identity_token_file that is relative or not there.", _token_file)),
}


def by_setting(*tables: Mapping[str, tuple[tuple[str, ...], Rule[Value]]]) -> Mapping[str, Mapping[str, Rule[Value]]]:
    """The rules of such tables by the setting that they look at."""
    found: dict[str, dict[str, Rule[Value]]] = {}
    for name, (settings, rule) in (item for table in tables for item in table.items()):
        for setting in settings:
            found.setdefault(setting, {})[name] = rule
    return found
