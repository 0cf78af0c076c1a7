"""The files that point a client at the embedded AWS: the demo's config, and a shared config and credentials file of its own."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import stat
import tempfile

from tui_app import paths
from tui_app.embedded_aws.world.accounts import DEVELOPMENT, IOT_FLEET, STAGING
from tui_app.embedded_aws.world.people import CONTRACTOR_USER, DEV_USER
from tui_app.embedded_aws.world.values import UserSeed

REGION = "eu-west-1"
_OWNER = ".owner"
"""Locked by the demo whose folder it lies in, as long as that lives; the system unlocks it however the demo ends."""

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


def new_folder() -> tuple[str, int]:
    """A folder of one's own for a demo, and the descriptor that is open while the demo lives; folders of dead demos are removed.

    Raises:
        OSError: there is no place for temporary files.
    """
    _sweep(tempfile.gettempdir())
    folder = tempfile.mkdtemp(prefix=paths.DEMO_FOLDER)
    owner = os.path.join(folder, _OWNER)
    # locked before it has its name: nobody ever sees it unlocked while the demo lives
    descriptor = os.open(owner + ".new", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    with contextlib.suppress(OSError):  # a file system without locks: nobody can take ours either
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.rename(owner + ".new", owner)
    return folder, descriptor


def _sweep(place: str) -> None:
    """Remove the folders of this user's demos that were killed: those whose lock can be had."""
    with contextlib.suppress(OSError):
        for name in os.listdir(place):
            if name.startswith(paths.DEMO_FOLDER):
                _remove_if_dead(os.path.join(place, name))


def _remove_if_dead(folder: str) -> None:
    with contextlib.suppress(OSError):
        status = os.lstat(folder)
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid() or stat.S_IMODE(status.st_mode) != stat.S_IRWXU:
            return
        descriptor = os.open(os.path.join(folder, _OWNER), os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            remove_files(folder)
        finally:
            os.close(descriptor)


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


def remove_files(folder: str) -> None:
    """Remove a demo's folder with all that a demo has put into it."""
    shutil.rmtree(folder, ignore_errors=True)


def _sample() -> str:
    with open(paths.sample("demo.toml"), encoding="utf-8") as file:
        return file.read()


def _key_section(user: UserSeed) -> str:
    return f"[{user.key}]\naws_access_key_id = {user.key_id}\naws_secret_access_key = {user.key_secret}\n"


def _write(path: str, content: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(content)
