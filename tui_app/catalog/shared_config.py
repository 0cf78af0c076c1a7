"""The AWS shared config and credentials files together, with file and line for every value; never raises for what they hold."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from tui_app import paths
from tui_app.catalog.ini_faults import finding
from tui_app.catalog.ini_file import IniFile, Section
from tui_app.catalog.ini_headers import CONFIG, CREDENTIALS, PROFILE, SERVICES, SSO_SESSION
from tui_app.catalog.reading import ABSENT, read_file
from tui_app.catalog.stamps import FileStamp, stamp
from tui_app.model import Origin, Problem
from tui_app.values import frozen

_BOM = b"\xef\xbb\xbf"
_WIDE_BOMS = (b"\xff\xfe", b"\xfe\xff")


@frozen
class SharedConfig:
    """Profiles, sso-sessions and services by name.

    `profiles` merges both files, the credentials file winning setting by setting; the two unmerged readings stay beside it, because AWS
    tools take a pair of static keys from one file. `problems` cost a line or more; `remarks` are read differently by other AWS tools.
    """

    profiles: Mapping[str, Section]
    sso_sessions: Mapping[str, Section]
    services: Mapping[str, Section]
    in_config: Mapping[str, Section]
    in_credentials: Mapping[str, Section]
    problems: tuple[Problem, ...] = ()
    remarks: tuple[Problem, ...] = ()
    stamps: tuple[FileStamp, ...] = ()


def read_shared_config(environ: Mapping[str, str]) -> SharedConfig:
    """Both files, from where `environ` says they are; a file that is absent is empty."""
    files, stamps = [], []
    with without_collecting():
        for path, kind in zip(shared_files(environ), (CONFIG, CREDENTIALS), strict=True):
            stamps.append(stamp(path))
            files.append(_read(path, kind))
        return _merged(files[0], files[1], tuple(stamps))


@contextmanager
def without_collecting() -> Iterator[None]:
    """Ten thousand profiles are many small values and no garbage: looking through them over and over would double the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def shared_files(environ: Mapping[str, str]) -> tuple[str, str]:
    """Where the config and the credentials file are, from the root on, as every `Origin` has it."""
    return os.path.abspath(paths.shared_config_file(environ)), os.path.abspath(paths.shared_credentials_file(environ))


def parse_shared_config(config: str, credentials: str, config_path: str = "config", credentials_path: str = "credentials") -> SharedConfig:
    """The same from texts."""
    return _merged(IniFile(config_path, CONFIG).read(config), IniFile(credentials_path, CREDENTIALS).read(credentials), ())


def chosen_profile(environ: Mapping[str, str]) -> str:
    """The profile AWS tools use when none is named: as in AWS CLI v2, AWS_PROFILE, then AWS_DEFAULT_PROFILE, then `default`."""
    return environ.get("AWS_PROFILE") or environ.get("AWS_DEFAULT_PROFILE") or "default"


def nested(text: str) -> dict[str, str]:
    """The settings of a nested block, such as those under `s3 =`."""
    pairs = (line.partition("=") for line in text.splitlines() if "=" in line)
    return {name.strip(): value.strip() for name, _, value in pairs}


def _read(path: str, kind: str) -> IniFile:
    file = IniFile(path, kind)
    content, trouble = read_file(path)
    if trouble and trouble != ABSENT:
        file.problems.append(Problem("unreadable", f"This {trouble}.", Origin(path, 0), "Nothing in it is used."))
    if not content:
        return file
    if content.startswith(_WIDE_BOMS):
        file.problems.append(finding("not_text", path, 1))
        return file
    if content.startswith(_BOM):
        file.remarks.append(finding("byte_order_mark", path, 1))
        content = content[len(_BOM) :]
    return file.read(_decoded(content, file))


def _decoded(content: bytes, file: IniFile) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        file.problems.append(finding("not_utf8", file.path, before.count(b"\n") + 1))
        return content.decode("utf-8", "replace")


def _merged(config: IniFile, credentials: IniFile, stamps: tuple[FileStamp, ...]) -> SharedConfig:
    in_config, in_credentials = config.sections[PROFILE], credentials.sections[PROFILE]
    profiles = dict(in_config)
    for name, section in in_credentials.items():
        first = in_config.get(name)
        profiles[name] = Section(name, first.path, first.line, first.values | section.values) if first is not None else section
    return SharedConfig(
        profiles,
        config.sections[SSO_SESSION],
        config.sections[SERVICES],
        in_config,
        in_credentials,
        (*config.problems, *credentials.problems),
        (*config.remarks, *credentials.remarks),
        stamps,
    )
