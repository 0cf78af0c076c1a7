"""Role names without a full reading: `ls --names`, completion, and the first frame of the screen with thousands of profiles.

Imports only `os` (through the modules it needs). Sections are split by their brackets and looked at only for the few settings that make a
profile a role; any section that is written in an unusual way is handed to the full reader, so that the names are always the catalog's own.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from tui_app import paths
from tui_app.catalog.reading import read_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tui_app.catalog.quick_rows import QuickRows

LARGE = 200 * 1024
"""Shared files smaller than this together are read in full at once: it takes no longer than a frame."""

_ROLE_ARN, _SSO_ACCOUNT, _SSO_ROLE, _OTHER_ACCOUNT, _OTHER_ROLE = 1, 2, 4, 8, 16
_IDENTITY_CENTER, _EXTEND_SWITCH_ROLES = _SSO_ACCOUNT | _SSO_ROLE, _OTHER_ACCOUNT | _OTHER_ROLE
_SETTINGS = {
    "role_arn": _ROLE_ARN,
    "sso_account_id": _SSO_ACCOUNT,
    "sso_role_name": _SSO_ROLE,
    "aws_account_id": _OTHER_ACCOUNT,
    "role_name": _OTHER_ROLE,
    "granted_sso_account_id": _SSO_ACCOUNT,
    "granted_sso_role_name": _SSO_ROLE,
}
_ABOUT_OTHERS = ("include_profile", "target_role_name", "aws_account_alias")
_PLAIN = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./%@:+"
_PREFIX = "profile "
_LINE_END = ("\n", "")


class Scan:
    """One file's sections, unparsed. `pieces` are the sections without their first bracket, in the file's order.

    `profiles` has the number of each profile's piece by its name, `again` those of further pieces of the same profile, `sessions` those of
    sso-sessions. `depends`: whether a role may depend on what another profile says.
    """

    __slots__ = ("again", "depends", "kind", "pieces", "profiles", "sessions")

    def __init__(self, text: str, kind: str) -> None:
        text = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
        self.kind = kind
        lowered = text.lower()
        self.depends = any(setting in lowered for setting in _ABOUT_OTHERS)
        self.pieces = ("\n" + text).split("\n[")
        self._sort(careful=False)
        if not is_plain("".join(self.profiles)):
            self._sort(careful=True)

    def of(self, name: str) -> tuple[int, ...]:
        """The numbers of the profile's pieces."""
        return (self.profiles[name], *self.again.get(name, ())) if name in self.profiles else ()

    def _sort(self, *, careful: bool) -> None:
        """Put the pieces down by name; `careful` takes no unusual name on trust."""
        self.profiles: dict[str, int] = {}
        self.again: dict[str, list[int]] = {}
        self.sessions: list[int] = []
        profiles, usual, default_is_plain = self.profiles, self.kind == "config", False
        for number, piece in enumerate(self.pieces):
            if usual and piece.startswith(_PREFIX):
                end = piece.find("]")
                name = piece[8:end]
                if name and name not in profiles and piece[end + 1 : end + 2] in _LINE_END and (not careful or is_plain(name)):
                    profiles[name] = number
                    continue
            if number:
                default_is_plain = self._unusual(piece, number, default_is_plain=default_is_plain)

    def _unusual(self, piece: str, number: int, *, default_is_plain: bool) -> bool:
        """A section that is no plain new profile; whether `default` is now the one without a prefix."""
        kind, name = header_of(piece.partition("\n")[0], self.kind)
        known = name in self.profiles
        if kind == "sso-session":
            self.sessions.append(number)
        elif kind == "default" and known and not default_is_plain:
            return False
        elif kind in {"profile", "default"}:
            if not known or (kind == "profile" and name == "default" and default_is_plain):
                self.profiles[name] = number
                self.again.pop(name, None)
            else:
                self.again.setdefault(name, []).append(number)
            return kind == "default" or (default_is_plain and name != "default")
        return default_is_plain


def header_of(line: str, file_kind: str) -> tuple[str, str]:
    """Kind (of `ini_headers`) and name in a section's first line, which is without its bracket; what is plain needs no reader."""
    if line.endswith("]"):
        inside = line[:-1]
        if file_kind == "config" and inside == "default":
            return "default", inside
        kind, _, name = inside.partition(" ") if file_kind == "config" else ("profile", " ", inside)
        if kind in {"profile", "sso-session"} and name and name != "DEFAULT" and is_plain(name):
            return kind, name
    from tui_app.catalog.ini_headers import read_header

    header = read_header("[" + line, file_kind)
    return header.kind, header.name


def is_plain(name: str) -> bool:
    """Whether the name has only the characters that need no second look."""
    return name.isascii() and not name.encode().translate(None, _PLAIN)


def names_fast(environ: Mapping[str, str], config_file: str | None = None) -> list[str]:
    """What `ls --names` prints, in the catalog's order: our own roles as account/role, then profiles that are roles."""
    config, credentials = scan_files(environ)
    if _discovered(environ) or config.depends or credentials.depends:
        from tui_app.catalog.load import load_catalog  # which remembered roles no file names takes a full reading to know

        return load_catalog(environ, config_file).keys
    return [*own_names(environ, config_file, config, credentials), *role_profiles(config, credentials)]


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


def scan_files(environ: Mapping[str, str]) -> tuple[Scan, Scan]:
    """The shared config and credentials files."""
    return Scan(_text(paths.shared_config_file(environ)), "config"), Scan(_text(paths.shared_credentials_file(environ)), "credentials")


def role_profiles(config: Scan, credentials: Scan) -> list[str]:
    """The profiles of both files that are roles, those of the config file first."""
    also = credentials.profiles
    names = []
    pieces, again = config.pieces, config.again
    for name, number in config.profiles.items():
        piece = pieces[number]
        if (
            "\nrole_arn =" in piece
            or "\nrole_arn=" in piece
            or _plainly(piece)
            or ((name in again or name in also or _may_be_role(piece)) and _is_role(_flags(config, name) | _flags(credentials, name)))
        ):
            names.append(name)
    return names + [name for name in also if name not in config.profiles and _is_role(_flags(credentials, name))]


def own_names(environ: Mapping[str, str], config_file: str | None, config: Scan, credentials: Scan) -> list[str]:
    """The keys of the roles in our own config; without such files nothing is imported."""
    environ = {**environ, "ROLEDECK_CONFIG": config_file} if config_file else environ
    if not os.path.exists(paths.user_config_file(environ)) and not os.path.isdir(paths.fragments_folder(environ)):
        return []
    from tui_app.catalog.accounts import Accounts
    from tui_app.catalog.own_profiles import taken_pieces
    from tui_app.catalog.user_config import read_user_config
    from tui_app.catalog.user_roles import user_roles

    user = read_user_config(environ)
    return [role.key for role in user_roles(user.accounts, Accounts(user.accounts, {}), taken_pieces(config, credentials)).roles]


def _is_role(flags: int) -> bool:
    return bool(flags & _ROLE_ARN) or flags & _IDENTITY_CENTER == _IDENTITY_CENTER or flags & _EXTEND_SWITCH_ROLES == _EXTEND_SWITCH_ROLES


def _plainly(piece: str) -> bool:
    """Whether the piece has, as most write them, the two settings that make a profile of Identity Center or extend-switch-roles."""
    if "\nsso_role_name =" in piece or "\nsso_role_name=" in piece:
        return "\nsso_account_id =" in piece or "\nsso_account_id=" in piece
    return "\nrole_name =" in piece and "\naws_account_id =" in piece


def _may_be_role(piece: str) -> bool:
    """Whether any of the settings that make a role may be in the piece."""
    lowered = piece.lower()
    return "role" in lowered or "account_id" in lowered


def _flags(scan: Scan, name: str) -> int:
    """Which of the settings that make a role the profile has."""
    flags = 0
    for number in scan.of(name):
        piece = scan.pieces[number]
        if _may_be_role(piece):
            flags |= _parsed_flags(piece, scan.kind)
    return flags


def _parsed_flags(piece: str, kind: str) -> int:
    from tui_app.catalog.ini_file import IniFile

    flags = 0
    for section in IniFile("", kind).read("[" + piece).sections["profile"].values():
        for setting, flag in _SETTINGS.items():
            flags |= flag if setting in section.values else 0
    return flags


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


def _text(path: str) -> str:
    content, _ = read_file(path)
    return "" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else content.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
