"""The shared files cut into sections by their brackets, and the names of the profiles in them that are roles.

On the hot path, so it imports only `os` (through the modules it needs). Sections are looked at only for the few settings that make
a profile a role; one that is written in an unusual way is handed to the full reader, so that the names are always the catalog's own.
"""

from __future__ import annotations

from collections.abc import Mapping

from tui_app import paths
from tui_app.catalog.reading import read_file

_ROLE_ARN, _SSO_ACCOUNT, _SSO_ROLE, _OTHER_ACCOUNT, _OTHER_ROLE, _LOGIN, _KEYS = 1, 2, 4, 8, 16, 32, 64
_IDENTITY_CENTER, _EXTEND_SWITCH_ROLES = _SSO_ACCOUNT | _SSO_ROLE, _OTHER_ACCOUNT | _OTHER_ROLE
_SETTINGS = {
    "role_arn": _ROLE_ARN,
    "sso_account_id": _SSO_ACCOUNT,
    "sso_role_name": _SSO_ROLE,
    "aws_account_id": _OTHER_ACCOUNT,
    "role_name": _OTHER_ROLE,
    "granted_sso_account_id": _SSO_ACCOUNT,
    "granted_sso_role_name": _SSO_ROLE,
    "login_session": _LOGIN,
    "aws_access_key_id": _KEYS,
}
_ABOUT_OTHERS = ("include_profile", "target_role_name", "aws_account_alias")
_PLAIN = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./%@:+"
_PREFIX = "profile "
_LINE_END = ("\n", "")
_FEW = 100


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
        del lowered  # two megabytes: what comes next is quicker in memory that has been used before
        self.pieces = _pieces(text)
        self.profiles: dict[str, int] = {}
        self.again: dict[str, list[int]] = {}
        self.sessions: list[int] = []
        if self._sort_plain():
            return
        self._sort(careful=False)
        if not is_plain("".join(self.profiles)):
            self._sort(careful=True)

    def of(self, name: str) -> tuple[int, ...]:
        """The numbers of the profile's pieces."""
        return (self.profiles[name], *self.again.get(name, ())) if name in self.profiles else ()

    def _sort_plain(self) -> bool:
        """As `_sort` does, in half the time; False where it takes a closer look.

        That is where a name is unusual or stands twice, or where a section that is no plain profile of the file comes behind one and may
        be a profile after all: there the order counts.
        """
        pieces, prefix = self.pieces, _PREFIX if self.kind == "config" else ""
        start, ends = len(prefix), [piece.find("]\n") for piece in pieces]
        names = [piece[start:end] if piece.startswith(prefix) else "" for piece, end in zip(pieces, ends, strict=True)]
        names[0] = ""
        plain = {name: number for number, name in enumerate(names) if name}
        others = [number for number, name in enumerate(names) if number and not name]
        if -1 in ends[1:] or len(plain) + len(others) + 1 != len(pieces) or len(others) > _FEW or not plain or "DEFAULT" in plain:
            return False
        self.profiles, self.again, self.sessions = {}, {}, []
        default_is_plain = False
        for number in others:
            default_is_plain = self._unusual(pieces[number], number, default_is_plain=default_is_plain)
        first = next(iter(plain.values()))
        if self.again or not plain.keys().isdisjoint(self.profiles) or any(number > first for number in self.profiles.values()):
            return False
        self.profiles.update(plain)
        return is_plain("".join(plain))

    def _sort(self, *, careful: bool) -> None:
        """Put the pieces down by name; `careful` takes no unusual name on trust."""
        self.profiles, self.again, self.sessions = {}, {}, []
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


def _pieces(text: str) -> list[str]:
    """What stands between the brackets that start a line; the first piece is what stands before them all."""
    pieces = text.split("\n[")
    if text.startswith("["):
        return ["", pieces[0][1:], *pieces[1:]]
    pieces[0] = "\n" + pieces[0]
    return pieces


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
            or (
                (name in again or name in also or _may_be_role(piece))
                and (_in_capitals(piece) or _is_role(_flags_of(config, credentials, name)))
            )
        ):
            names.append(name)
    return names + [name for name in also if name not in config.profiles and _is_role(_flags_of(config, credentials, name))]


def _is_role(flags: int) -> bool:
    return (
        bool(flags & _ROLE_ARN)
        or flags & _IDENTITY_CENTER == _IDENTITY_CENTER
        or flags & _EXTEND_SWITCH_ROLES == _EXTEND_SWITCH_ROLES
        or flags & (_LOGIN | _KEYS) == _LOGIN
    )


def _in_capitals(piece: str) -> bool:
    """Whether it is as plainly a role, only with capitals."""
    lowered = piece.lower()
    return "\nrole_arn =" in lowered or "\nrole_arn=" in lowered or _plainly(lowered)


def _plainly(piece: str) -> bool:
    """Whether the piece has, as most write them, the two settings that make a profile of Identity Center or extend-switch-roles."""
    if "\ngranted_sso_role_name =" in piece:
        return "\ngranted_sso_account_id =" in piece
    if "\nsso_role_name =" in piece or "\nsso_role_name=" in piece:
        return "\nsso_account_id =" in piece or "\nsso_account_id=" in piece
    return "\nrole_name =" in piece and "\naws_account_id =" in piece


def _may_be_role(piece: str) -> bool:
    """Whether any of the settings that make a role may be in the piece."""
    lowered = piece.lower()
    return "role" in lowered or "account_id" in lowered or "login_session" in lowered


def _flags_of(config: Scan, credentials: Scan, name: str) -> int:
    """Which of the settings that make a role, or keep one from being one, the profile has in either file."""
    flags = _flags(config, name) | _flags(credentials, name)
    if flags & _LOGIN:
        # keys count wherever they are, and matter to no other role
        flags |= _flags(config, name, every=True) | _flags(credentials, name, every=True)
    return flags


def _flags(scan: Scan, name: str, *, every: bool = False) -> int:
    """The same in one file; `every` piece of the profile is read, not only those that look like a role's."""
    flags = 0
    for number in scan.of(name):
        piece = scan.pieces[number]
        if every or _may_be_role(piece):
            flags |= _parsed_flags(piece, scan.kind)
    return flags


def _parsed_flags(piece: str, kind: str) -> int:
    from tui_app.catalog.ini_file import IniFile

    flags = 0
    for section in IniFile("", kind).read("[" + piece).sections["profile"].values():
        for setting, flag in _SETTINGS.items():
            flags |= flag if setting in section.values else 0
    return flags


def _text(path: str) -> str:
    content, _ = read_file(path)
    return "" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else content.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
