"""Our own config: `config.toml`, the fragments in `config.d`, and what both include; costs nothing where there is none.

Never raises for what the files hold.
"""

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
    """All files of ours together: `accounts` as checked tables in the order they are written, `config.toml` first.

    `remarks` cost nothing: what another file has already said, an `include` that matches nothing.
    """

    accounts: tuple[Checked, ...] = ()
    defaults: Defaults = field(default_factory=Defaults)
    settings: Settings = field(default_factory=Settings)
    problems: tuple[Problem, ...] = ()
    stamps: tuple[FileStamp, ...] = ()
    remarks: tuple[Problem, ...] = ()


def read_user_config(environ: Mapping[str, str], config_file: str | None = None) -> UserConfig:
    """`config.toml` (or `config_file`), the fragments beside it, and what they include; the first file that has a setting wins."""
    environ = {**environ, "ROLEDECK_CONFIG": config_file} if config_file else environ
    main, folder = os.path.abspath(paths.user_config_file(environ)), os.path.abspath(paths.fragments_folder(environ))
    expected, fragments = bool(environ.get("ROLEDECK_CONFIG")), _fragments(folder)
    stamps = (stamp(main), stamp(folder), *map(stamp, fragments))
    if not expected and not fragments and not os.path.lexists(main):
        return UserConfig(stamps=stamps)
    from tui_app.catalog.user_tables import join, read_tables  # 20 ms, with the schema and tomllib

    read = [read_tables(main, expected=expected), *(read_tables(path, expected=True) for path in fragments)]
    unread, remarks = bool(read[0].problems) and read[0].tables is None, tuple[Problem, ...]()
    if any(file.includes for file in read):
        from tui_app.catalog.includes import read_includes

        included = read_includes(read, environ)
        read, stamps, remarks = [*read, *included.files], (*stamps, *included.stamps), included.remarks
    found = [file.tables for file in read if file.tables is not None]
    if len(found) > 1:
        from tui_app.catalog.overridden import overridden

        remarks += overridden(found)
    return UserConfig(*join(found, unread=unread), tuple(problem for file in read for problem in file.problems), stamps, remarks)


def _fragments(folder: str) -> list[str]:
    try:
        return sorted(os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(".toml") and not name.startswith("."))
    except OSError:
        return []
