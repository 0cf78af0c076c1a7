"""The files that point a client at the embedded AWS: the demo's config, and a shared config and credentials file of its own."""

from __future__ import annotations

import os

from tui_app import paths
from tui_app.embedded_aws.world.accounts import DEVELOPMENT, IOT_FLEET, STAGING
from tui_app.embedded_aws.world.people import CONTRACTOR_USER, DEV_USER
from tui_app.embedded_aws.world.values import UserSeed

REGION = "eu-west-1"
# The JavaScript SDK does not read AWS_DEFAULT_REGION, but the region of the default profile.
_DEFAULTS = f"""\
[default]
region = {REGION}
"""
_SHARED_CONFIG = f"""\
{_DEFAULTS}
[profile dev]
region = {REGION}

[profile contractor]
region = {REGION}

[profile staging-readonly]
role_arn = arn:aws:iam::{STAGING}:role/ReadOnly
source_profile = dev
region = {REGION}

[profile contractor-staging]
role_arn = arn:aws:iam::{STAGING}:role/contractors/ContractorRole
source_profile = contractor
region = {REGION}

[profile lambda-exec]
role_arn = arn:aws:iam::{DEVELOPMENT}:role/service-role/lambda-exec
source_profile = dev
region = {REGION}

[profile iot-fleet]
role_arn = arn:aws:iam::{IOT_FLEET}:role/ExternalAccountRole
source_profile = lambda-exec
region = {REGION}

[sso-session start-page]
sso_start_url = %s/start
sso_region = {REGION}
sso_registration_scopes = sso:account:access
"""


def write_files(folder: str, url: str, *, empty: bool) -> dict[str, str]:
    """Write the files into `folder`, 0600, and return the variables that name them.

    `empty` leaves accounts, profiles and keys out.
    """
    aws = os.path.join(folder, "aws")
    os.makedirs(aws, mode=0o700, exist_ok=True)
    config = os.path.join(folder, "config.toml")
    shared_config, credentials = os.path.join(aws, "config"), os.path.join(aws, "credentials")
    _write(shared_config, _DEFAULTS if empty else _SHARED_CONFIG % url)
    _write(credentials, "" if empty else "\n".join(map(_key_section, (DEV_USER, CONTRACTOR_USER))))
    _write(config, f'[defaults]\nregion = "{REGION}"\n' if empty else _sample())
    return {"ROLEDECK_CONFIG": config, "AWS_CONFIG_FILE": shared_config, "AWS_SHARED_CREDENTIALS_FILE": credentials}


def _sample() -> str:
    with open(paths.sample("demo.toml"), encoding="utf-8") as file:
        return file.read()


def _key_section(user: UserSeed) -> str:
    return f"[{user.key}]\naws_access_key_id = {user.key_id}\naws_secret_access_key = {user.key_secret}\n"


def _write(path: str, content: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(content)
