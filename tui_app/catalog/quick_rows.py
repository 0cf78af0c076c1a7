"""The rows of a large catalog before it is loaded: names from a scan, each role from its own few lines when it is looked at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tui_app.catalog import limits
from tui_app.catalog.accounts import Accounts
from tui_app.catalog.ini_file import IniFile, Section
from tui_app.catalog.ini_headers import CONFIG, CREDENTIALS, PROFILE, SSO_SESSION
from tui_app.catalog.own_profiles import taken_pieces
from tui_app.catalog.scan import role_profiles, scan_files
from tui_app.catalog.shared_config import SharedConfig, shared_files
from tui_app.catalog.shared_roles import SharedRoles
from tui_app.catalog.user_config import UserConfig, read_user_config
from tui_app.catalog.user_roles import user_roles
from tui_app.model import Role


class QuickRows:
    """`names[i]` and `role(i)` are the key and the role of row `i`, as the full catalog will have them. `user` is our own config.

    Not so where `depends`: there a role may depend on what another profile says.
    """

    def __init__(self, environ: Mapping[str, str], config_file: str | None = None) -> None:
        self.user: UserConfig = read_user_config(environ, config_file)
        self._files = shared_files(environ)
        self._scans = scan_files(environ)
        self.depends = any(scan.depends for scan in self._scans)
        self._accounts = Accounts(self.user.accounts, self.user.settings.environments)
        self._starts = ([0], [0])
        taken = taken_pieces(*self._scans)
        self._own = user_roles(self.user.accounts, self._accounts, taken).roles
        self.names: tuple[str, ...] = (*(role.key for role in self._own), *role_profiles(*self._scans))
        self._roles: dict[int, Role] = {}
        self._sessions: dict[str, Section] | None = None

    def __len__(self) -> int:
        return len(self.names)

    def role(self, row: int) -> Role:
        """The role of that row; parsed when first asked for."""
        if row < len(self._own):
            return self._own[row]
        found = self._roles.get(row)
        if found is None:
            found = self._roles[row] = self._parsed(self.names[row])
        return found

    def account_id(self, row: int) -> str:
        """The account's id, without parsing the profile where its ARN is written plainly; for grouping by environment."""
        if row >= len(self._own) and row not in self._roles and (number := self._plain_account_id(self.names[row])):
            return number
        return self.role(row).account.id

    def _plain_account_id(self, name: str) -> str:
        numbers = self._scans[0].of(name)
        if len(numbers) != 1 or name in self._scans[1].profiles:
            return ""
        piece = self._scans[0].pieces[numbers[0]]
        start = piece.find("\nrole_arn")
        end = piece.find("\n", start + 1)
        if start < 0 or piece[end + 1 : end + 2].isspace() or piece.lower().count("role_arn") > 1:
            return ""
        parts = limits.split_role_arn(piece[start : end if end > 0 else None].partition("=")[2].strip())
        return parts[1] if parts else ""

    def _parsed(self, name: str) -> Role:
        config = self._file(0, CONFIG, self._scans[0].of(name))
        credentials = self._file(1, CREDENTIALS, self._scans[1].of(name))
        first, second = config.sections[PROFILE].get(name), credentials.sections[PROFILE].get(name)
        section = Section(name, first.path, first.line, {**first.values, **second.values}) if first and second else first or second
        if self._sessions is None:
            self._sessions = self._file(0, CONFIG, self._scans[0].sessions).sections[SSO_SESSION]
        shared = SharedConfig({}, self._sessions, {}, {}, {})
        role = SharedRoles(shared, self._accounts).role(section) if section else None
        if role is None:
            message = f"the scan took {name!r} for a role, the reader does not"
            raise LookupError(message)
        return role

    def _file(self, which: int, kind: str, numbers: Iterable[int]) -> IniFile:
        file, pieces = IniFile(self._files[which], kind), self._scans[which].pieces
        for number in numbers:
            file.read("[" + pieces[number], self._line(which, number))
        return file

    def _line(self, which: int, number: int) -> int:
        """The line on which the piece starts, counted once, and only as far down as anybody has looked."""
        starts, pieces = self._starts[which], self._scans[which].pieces
        for before in range(len(starts) - 1, number):
            starts.append(starts[before] + pieces[before].count("\n") + 1)
        return starts[number]
