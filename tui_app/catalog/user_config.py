"""Our own config: `config.toml` and the fragments in `config.d`; never raises for what they hold, and costs nothing where there is none."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING

from tui_app import paths
from tui_app.catalog.settings import Defaults, Settings
from tui_app.catalog.stamps import FileStamp, stamp
from tui_app.model import Problem
from tui_app.values import frozen

if TYPE_CHECKING:
    from tui_app.catalog.checked import Checked


@frozen
class UserConfig:
    """All files of ours together: `accounts` as checked tables in the order they are written, `config.toml` first."""

    accounts: tuple[Checked, ...] = ()
    defaults: Defaults = field(default_factory=Defaults)
    settings: Settings = field(default_factory=Settings)
    problems: tuple[Problem, ...] = ()
    stamps: tuple[FileStamp, ...] = ()


def read_user_config(environ: Mapping[str, str], config_file: str | None = None) -> UserConfig:
    """`config.toml` (or `config_file`) and the fragments beside it; the first file that has a setting wins."""
    environ = {**environ, "ROLEDECK_CONFIG": config_file} if config_file else environ
    main, folder = os.path.abspath(paths.user_config_file(environ)), os.path.abspath(paths.fragments_folder(environ))
    expected, fragments = bool(environ.get("ROLEDECK_CONFIG")), _fragments(folder)
    stamps = (stamp(main), stamp(folder), *map(stamp, fragments))
    if not expected and not fragments and not os.path.lexists(main):
        return UserConfig(stamps=stamps)
    from tui_app.catalog.user_tables import join, read_tables  # 20 ms, with the schema and tomllib

    first, problems = read_tables(main, expected=expected)
    unread = bool(problems) and first is None
    found = [] if first is None else [first]
    for path in fragments:
        fragment, more = read_tables(path, expected=True)
        problems += more
        found += [] if fragment is None else [fragment]
    return UserConfig(*join(found, unread=unread), tuple(problems), stamps)


def toml_files(environ: Mapping[str, str]) -> tuple[str, ...]:
    """The files of ours that exist, so that a quick look can skip `tomllib` where there are none."""
    main = paths.user_config_file(environ)
    return (*([main] if os.path.exists(main) else []), *_fragments(paths.fragments_folder(environ)))


def _fragments(folder: str) -> list[str]:
    try:
        return sorted(os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(".toml") and not name.startswith("."))
    except OSError:
        return []
