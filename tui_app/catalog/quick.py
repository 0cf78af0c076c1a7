"""Role names without a full reading: `ls --names`, completion, and the first frame of the screen with thousands of profiles.

Imports only `os` (through the modules it needs) until there is more to read than names.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from tui_app import paths
from tui_app.catalog.scan import Scan, role_profiles, scan_files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tui_app.catalog.quick_rows import QuickRows

LARGE = 200 * 1024
"""Shared files smaller than this together are read in full at once: it takes no longer than a frame."""


def names_fast(environ: Mapping[str, str], config_file: str | None = None) -> list[str]:
    """What `ls --names` prints, in the catalog's order: our own roles as account/role, then profiles that are roles."""
    environ = {**environ, "ROLEDECK_CONFIG": config_file} if config_file else environ
    config, credentials = scan_files(environ)
    if not (config.depends or credentials.depends):
        profiles = role_profiles(config, credentials)
        if not _discovered(environ):
            return [*own_names(environ, config, credentials), *profiles]
        from tui_app.catalog.quick_discovered import discovered_names

        others = None if _has_own_files(environ) else discovered_names(environ, config, credentials, profiles)
        if others is not None:
            return [*profiles, *others]
    from tui_app.catalog.load import load_catalog  # where a name depends on more than names

    return load_catalog(environ).keys


def quick_rows(environ: Mapping[str, str], config_file: str | None = None) -> QuickRows | None:
    """Names at once and each role when it is asked for, where the shared files are large; None where a full load is as quick.

    The rows are those of `load_catalog`, in its order: `rows.names[i]` is `catalog.roles[i].key` and `rows.role(i)` equals
    `catalog.roles[i]`. So a screen can draw them at once, load the catalog on a thread, and put it in their place.
    """
    files = (paths.shared_config_file(environ), paths.shared_credentials_file(environ))
    if sum(_size(path) for path in files) < LARGE or _discovered(environ):
        return None
    from tui_app.catalog.quick_rows import QuickRows

    rows = QuickRows(environ, config_file)
    return None if rows.depends else rows


def own_names(environ: Mapping[str, str], config: Scan, credentials: Scan) -> list[str]:
    """The keys of the roles in our own config; without such files nothing is imported."""
    if not _has_own_files(environ):
        return []
    from tui_app.catalog.accounts import Accounts
    from tui_app.catalog.own_profiles import taken_pieces
    from tui_app.catalog.user_config import read_user_config
    from tui_app.catalog.user_roles import user_roles

    user = read_user_config(environ)
    return [role.key for role in user_roles(user.accounts, Accounts(user.accounts, {}), taken_pieces(config, credentials)).roles]


def _has_own_files(environ: Mapping[str, str]) -> bool:
    return os.path.exists(paths.user_config_file(environ)) or os.path.isdir(paths.fragments_folder(environ))


def _discovered(environ: Mapping[str, str]) -> bool:
    """Whether Identity Center has told of roles before."""
    try:
        return bool(os.listdir(paths.discovered_folder(environ)))
    except OSError:
        return False


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except (OSError, ValueError):
        return 0
