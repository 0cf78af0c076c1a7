"""Rules about environment variables that win over what the files say, or that tools read differently. No value of a secret is shown.

Sources: botocore 1.44 configprovider.py and credentials.py, AWS CLI v2, smithy-typescript getProfileName.ts, aws-sdk-go-v2 env_config.go.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from tui_app import paths
from tui_app.catalog import limits
from tui_app.catalog.lint.findings import ENVIRONMENT, Found, Rule
from tui_app.catalog.shared_config import SharedConfig, chosen_profile
from tui_app.catalog.sources import is_hop, source_of
from tui_app.clock import parse_moment
from tui_app.model import Origin
from tui_app.text import clean, nearest

KEY, SECRET, TOKEN, OLD_TOKEN = "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN"
PROFILE, DEFAULT_PROFILE = "AWS_PROFILE", "AWS_DEFAULT_PROFILE"
ROLE, TOKEN_FILE = "AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE"
_FILES = ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE")
_GO_BEFORE: Mapping[str, str] = {
    "AWS_DEFAULT_OUTPUT": "output",
    "AWS_CA_BUNDLE": "ca_bundle",
    "AWS_ENDPOINT_URL": "endpoint_url",
    **{
        f"AWS_{setting.upper()}": setting
        for setting in (
            *("retry_mode", "max_attempts", "defaults_mode", "sts_regional_endpoints", "use_fips_endpoint", "use_dualstack_endpoint"),
            *("ignore_configured_endpoint_urls", "metadata_service_timeout", "metadata_service_num_attempts", "sdk_ua_app_id"),
            *("ec2_metadata_service_endpoint", "ec2_metadata_service_endpoint_mode", "ec2_metadata_v1_disabled"),
            *("account_id_endpoint_mode", "request_checksum_calculation", "response_checksum_validation"),
        )
    },
}
_PLAIN_HTTP = re.compile(r"http://(?!(?:127(?:\.\d{1,3}){3}|localhost|\[::1\])(?:[:/]|$))", re.IGNORECASE)


class Surroundings(NamedTuple):
    """The variables, the files they are held against, and the present moment in epoch seconds."""

    environ: Mapping[str, str]
    shared: SharedConfig
    now: float

    def has(self, name: str) -> bool:
        """Whether the variable is set to something."""
        return bool(self.environ.get(name))

    def chosen(self) -> str:
        """The variable that chooses the profile, or an empty text."""
        return next((name for name in (PROFILE, DEFAULT_PROFILE) if self.has(name)), "")


def at(name: str) -> Origin:
    """The place of a variable."""
    return Origin(ENVIRONMENT + name, 0)


def _keys_win(around: Surroundings) -> Iterator[Found]:
    if around.has(KEY) and (chosen := around.chosen()):
        profile = clean(around.environ[chosen], 60)
        message = f"{KEY} wins over {chosen}: AWS tools use these keys, and take only the region and the like from {profile}."
        yield Found(at(KEY), message, f"Run unset {KEY} {SECRET} {TOKEN}, or unset {chosen}.")


def _keys_over_default(around: Surroundings) -> Iterator[Found]:
    section = around.shared.profiles.get("default")
    if around.has(KEY) and not around.chosen() and section is not None and (is_hop(section) or source_of(around.shared, section).source):
        yield Found(at(KEY), f"{KEY} wins over the profile default.", f"Run unset {KEY} {SECRET} {TOKEN}, if the profile is meant.")


def _half_keys(around: Surroundings) -> Iterator[Found]:
    for name, other in ((KEY, SECRET), (SECRET, KEY)):
        if around.has(name) and not around.has(other):
            mend = f"Set both, or unset {name}."
            yield Found(at(name), f"{name} is set and {other} is not: AWS tools fail, or pass it by.", mend)


def _blank(around: Surroundings) -> Iterator[Found]:
    for name in (KEY, SECRET, PROFILE, DEFAULT_PROFILE):
        if around.has(name) and not around.environ[name].strip():
            yield Found(at(name), f"{name} holds only spaces, which the AWS CLI takes for a value.", f"Run unset {name}.")


def _two_profiles(around: Surroundings) -> Iterator[Found]:
    one, other = around.environ.get(PROFILE), around.environ.get(DEFAULT_PROFILE)
    if one and other and one != other:
        message = f"{DEFAULT_PROFILE} and {PROFILE} differ: boto3 uses {clean(other, 60)}, the AWS CLI v2 and the SDKs {clean(one, 60)}."
        yield Found(at(DEFAULT_PROFILE), message, f"Run unset {DEFAULT_PROFILE}.")


def _default_profile_only(around: Surroundings) -> Iterator[Found]:
    if around.has(DEFAULT_PROFILE) and not around.has(PROFILE):
        message = f"The JavaScript SDK does not read {DEFAULT_PROFILE}: it uses the profile default."
        yield Found(at(DEFAULT_PROFILE), message, f"Set {PROFILE} instead.")


def _no_such_profile(around: Surroundings) -> Iterator[Found]:
    for name in (PROFILE, DEFAULT_PROFILE):
        profile = around.environ.get(name, "")
        if profile.strip() and profile not in around.shared.profiles and profile != "default":
            meant = nearest(profile, around.shared.profiles)
            mend = f'Did you mean "{clean(meant, 60)}"?' if meant else f"Run unset {name}, or write that profile."
            yield Found(at(name), f'{name} is "{clean(profile, 60)}", and no file has that profile.', mend)


def _old_token(around: Surroundings) -> Iterator[Found]:
    if not around.has(OLD_TOKEN):
        return
    if not around.has(TOKEN):
        yield Found(at(OLD_TOKEN), f"{OLD_TOKEN} is an old name, which only the AWS CLI and boto3 still read.", f"Set {TOKEN} instead.")
    elif around.environ[OLD_TOKEN] != around.environ[TOKEN]:
        message = f"{OLD_TOKEN} and {TOKEN} differ: the AWS CLI and boto3 use the first, other SDKs the second."
        yield Found(at(OLD_TOKEN), message, f"Run unset {OLD_TOKEN}.")


def _expired(around: Surroundings) -> Iterator[Found]:
    name = "AWS_CREDENTIAL_EXPIRATION"
    if not around.has(name):
        return
    try:
        moment = parse_moment(around.environ[name])
    except ValueError:
        yield Found(at(name), f"{name} is no point in time; the AWS CLI refuses it.", f"Run unset {name}, or get new credentials.")
        return
    if moment <= around.now:
        whose = "The keys in the environment have" if around.has(KEY) else f"{name} says that credentials have"
        yield Found(at(name), f"{whose} expired; the AWS CLI refuses them.", f"Run unset {KEY} {SECRET} {TOKEN} {name}, or get new ones.")


def _endpoints(around: Surroundings) -> Iterator[Found]:
    ours = around.environ.get("ROLEDECK_ENDPOINT_URL")
    for name in sorted(around.environ):
        url = around.environ[name]
        if (name == "AWS_ENDPOINT_URL" or name.startswith("AWS_ENDPOINT_URL_")) and url and url != ours and not _PLAIN_HTTP.match(url):
            message = f"{name} sends other tools to {clean(_host(url), 120)} instead of AWS; roledeck does not follow it."
            yield Found(at(name), message, f"Run unset {name}, if AWS itself is meant.")


def _host(url: str) -> str:
    return re.sub(r"//[^/@]*@", "//", url)


def _plain_endpoints(around: Surroundings) -> Iterator[Found]:
    for name in sorted(around.environ):
        if (name == "AWS_ENDPOINT_URL" or name.startswith("AWS_ENDPOINT_URL_")) and _PLAIN_HTTP.match(around.environ[name]):
            message = f"{name} is not encrypted: session tokens and MFA codes would go there in the clear."
            yield Found(at(name), message, f"Run unset {name}, or use https.")


def _web_identity(around: Surroundings) -> Iterator[Found]:
    role, file = around.has(ROLE), around.has(TOKEN_FILE)
    if role and not file:
        yield Found(at(ROLE), f"{ROLE} does nothing without {TOKEN_FILE}.", f"Run unset {ROLE}, or set {TOKEN_FILE} too.")
    elif file and not role:
        yield Found(at(TOKEN_FILE), f"{TOKEN_FILE} is set without {ROLE}: AWS tools fail.", f"Run unset {TOKEN_FILE}, or set {ROLE} too.")


def _web_identity_wins(around: Surroundings) -> Iterator[Found]:
    if around.has(ROLE) and around.has(TOKEN_FILE) and not around.has(KEY):
        chosen = around.chosen()
        whom = f"{chosen}" if chosen else "the profile default"
        yield Found(at(ROLE), f"{ROLE} with {TOKEN_FILE} can win over {whom}.", f"Run unset {ROLE} {TOKEN_FILE}, if the profile is meant.")


def _empty_file(around: Surroundings) -> Iterator[Found]:
    for name in _FILES:
        if name in around.environ and not around.environ[name].strip():
            message = f"{name} is set to nothing: boto3 and the AWS CLI then read no such file, other SDKs and roledeck the usual one."
            yield Found(at(name), message, f"Run unset {name}, or set it to {os.devnull} for no file.")


def _absent_file(around: Surroundings) -> Iterator[Found]:
    if around.shared.profiles:
        return
    for name, path in zip(_FILES, (paths.shared_config_file, paths.shared_credentials_file), strict=True):
        if around.environ.get(name, "").strip() and not os.path.lexists(found := path(around.environ)):
            yield Found(
                at(name),
                f"{name} names {clean(found, 200)}, which is not there, and no profile is anywhere else.",
                f"Run unset {name}, or write that file.",
            )


def _two_regions(around: Surroundings) -> Iterator[Found]:
    one, other = around.environ.get("AWS_REGION"), around.environ.get("AWS_DEFAULT_REGION")
    if one and other and one != other:
        message = f"AWS_REGION and AWS_DEFAULT_REGION differ: boto3 uses {clean(other, 60)}, the AWS CLI v2 and the SDKs {clean(one, 60)}."
        yield Found(at("AWS_REGION"), message, "Set both to the same region, or unset one.")


def _region_wins(around: Surroundings) -> Iterator[Found]:
    chosen = chosen_profile(around.environ)
    section = around.shared.profiles.get(chosen)
    theirs = section.get("region") if section else ""
    for name, but in (("AWS_REGION", ", but not to boto3"), ("AWS_DEFAULT_REGION", "")):
        if theirs and around.has(name) and around.environ[name] != theirs:
            message = f"{name} goes before {clean(theirs, 60)}, the region of {clean(chosen, 60)}{but}."
            yield Found(at(name), message, f"Run unset {name}, if the profile's region is meant.")
            return


def _setting_wins(around: Surroundings) -> Iterator[Found]:
    """Other variables that go before the same setting of the chosen profile."""
    chosen = chosen_profile(around.environ)
    section = around.shared.profiles.get(chosen)
    if section is None:
        return
    for name, setting in _GO_BEFORE.items():
        theirs = section.get(setting)
        if theirs and around.has(name) and around.environ[name] != theirs:
            message = f"{name} goes before {clean(theirs, 60)}, the {setting} of {clean(chosen, 60)}."
            yield Found(at(name), message, f"Run unset {name}, if the profile's {setting} is meant.")


def _bad_region(around: Surroundings) -> Iterator[Found]:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        region = around.environ.get(name, "")
        if region and limits.region(region) and not region.endswith("-global"):
            yield Found(at(name), f'{name} is no region: "{clean(region, 60)}".', "A region is written like eu-west-1.")


ENVIRONMENT_RULES: Mapping[str, Rule[Surroundings]] = {
    "environment_keys_win": Rule("warning", "Keys in the environment that win over AWS_PROFILE.", _keys_win),
    "environment_keys_over_default": Rule("hint", "Keys in the environment that win over the profile default.", _keys_over_default),
    "environment_half_keys": Rule("error", "Half a pair of keys in the environment.", _half_keys),
    "environment_blank": Rule("warning", "A variable of only spaces.", _blank),
    "environment_two_profiles": Rule("warning", "AWS_PROFILE and AWS_DEFAULT_PROFILE that differ.", _two_profiles),
    "environment_default_profile": Rule(
        "warning", "AWS_DEFAULT_PROFILE alone, which the JavaScript SDK does not read.", _default_profile_only
    ),
    "environment_no_such_profile": Rule("error", "AWS_PROFILE that names no profile.", _no_such_profile),
    "environment_old_token": Rule("warning", "AWS_SECURITY_TOKEN, which tools read differently.", _old_token),
    "environment_expired": Rule("error", "AWS_CREDENTIAL_EXPIRATION in the past, or no point in time.", _expired),
    "environment_endpoint": Rule("hint", "AWS_ENDPOINT_URL, which sends other tools elsewhere.", _endpoints),
    "environment_plain_http": Rule("warning", "AWS_ENDPOINT_URL over plain http to another machine.", _plain_endpoints),
    "environment_half_web_identity": Rule(
        "error", "AWS_ROLE_ARN without AWS_WEB_IDENTITY_TOKEN_FILE, or without the other.", _web_identity
    ),
    "environment_web_identity": Rule("hint", "AWS_ROLE_ARN with a token file, which can win over a profile.", _web_identity_wins),
    "environment_empty_file": Rule("warning", "AWS_CONFIG_FILE or AWS_SHARED_CREDENTIALS_FILE set to nothing.", _empty_file),
    "environment_absent_file": Rule("hint", "AWS_CONFIG_FILE or AWS_SHARED_CREDENTIALS_FILE that is not there.", _absent_file),
    "environment_two_regions": Rule("warning", "AWS_REGION and AWS_DEFAULT_REGION that differ.", _two_regions),
    "environment_region_wins": Rule("hint", "AWS_REGION or AWS_DEFAULT_REGION that wins over the chosen profile's region.", _region_wins),
    "environment_setting_wins": Rule("hint", "A variable that wins over the same setting of the chosen profile.", _setting_wins),
    "environment_bad_region": Rule("error", "A region in the environment that is none.", _bad_region),
}
