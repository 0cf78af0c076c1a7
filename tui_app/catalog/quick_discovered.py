"""The names of remembered Identity Center roles, without a full reading: for `ls --names` and completion.

On the hot path, so it imports only `os` (through the modules it needs). A remembered file is taken apart only where it is written exactly
as `tui_app.discovery.memory` writes it; whatever is unusual is left to the full reader, so that the names are always the catalog's own.
"""

from __future__ import annotations

import os
from collections.abc import Container, Iterable, Mapping

from tui_app import paths
from tui_app.catalog.own_profiles import taken_pieces
from tui_app.catalog.reading import read_file
from tui_app.catalog.scan import Scan, header_of, is_plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

_ROLE_NAME, _ACCOUNT_ID = "sso_role_name", "sso_account_id"
_ROLE_NAME_LINE = f"\n{_ROLE_NAME} = "
_NAME_CHARACTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+=,.@-"
_LONGEST_NAME, _DIGITS = 64, 12
"""As `limits` has them for roles and accounts, which the hot path does not import."""
_HEAD: Final = 7
"""Strings of a remembered file before its accounts: names and values of what it says of the sign-in."""

Pairs = list[tuple[str, str]]


class Memory:
    """One remembered file: `accounts` as id and name, `roles` as account id and name."""

    __slots__ = ("accounts", "region", "roles", "sign_in", "start_url")

    def __init__(self, sign_in: str, start_url: str, region: str, accounts: Pairs, roles: Pairs) -> None:
        self.sign_in = sign_in
        self.start_url = start_url
        self.region = region
        self.accounts = accounts
        self.roles = roles


def discovered_names(environ: Mapping[str, str], config: Scan, credentials: Scan, profiles: Iterable[str]) -> list[str] | None:
    """The keys of the remembered roles that no profile names, where our own config has none; None where it takes a full reading.

    `profiles` are the profiles that are roles.
    """
    memories = _memories(environ)
    written = _sign_ins(config) if memories else {}
    if memories is None or written is None:
        return None
    if any(memory.sign_in not in written for memory in memories):
        return None
    found = [memory for memory in memories if written[memory.sign_in] == (memory.start_url, memory.region)]
    labels = {number: name for memory in found for number, name in memory.accounts if name}
    wanted = {name for memory in found for _, name in memory.roles}
    known = _permission_sets(config, credentials, profiles, wanted)
    taken = {*taken_pieces(config, credentials), *profiles}
    names: list[str] = []
    for memory in found:
        for number, name in memory.roles:
            if (number, name) not in known:
                known.add((number, name))
                names.append(_key(number, name, labels.get(number, number), memory.sign_in, taken))
                taken.add(names[-1])
    return names


def _key(number: str, name: str, label: str, sign_in: str, taken: Container[str]) -> str:
    """The same choice as in `discovered`."""
    for key in (f"{label}/{name}", f"{number}/{name}"):
        if key not in taken:
            return key
    return f"{number}/{name} {sign_in}"


def _memories(environ: Mapping[str, str]) -> list[Memory] | None:
    """What is remembered, in the order of the files' names; None where one of them is unusual."""
    folder = paths.discovered_folder(environ)
    try:
        names = sorted(name for name in os.listdir(folder) if name.endswith(".json") and not name.startswith("."))
    except OSError:
        return []
    found = []
    for name in names:
        content, trouble = read_file(os.path.join(folder, name))
        memory = None if trouble else memory_of(content)
        if memory is None:
            return None
        found.append(memory)
    return found


def memory_of(content: bytes) -> Memory | None:
    """A remembered file taken apart at its quotes, which is all there is to it where nothing is escaped; None for any other."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return None
    pieces = text.split('"')
    said, between = pieces[1::2], pieces[::2]
    try:
        roles = said.index("roles", _HEAD + 2)
    except ValueError:
        return None
    accounts = said[_HEAD + 2 : roles]
    while len(accounts) % 2 or between[roles] != "\n  ]\n ],\n ":
        return None  # an account may be called "roles"
    names = said[roles + 1 :]
    good = (
        "\\" not in text
        and all(map(str.isprintable, said))
        and said[0] == "version"
        and between == _layout(between, len(accounts) // 2, len(names) // 2)
        and [said[1], said[3], said[5], said[7], said[8]] == ["sso_session", "start_url", "region", "at", "accounts"]
    )
    if not good or not _is_number(between[8]) or len(names) % 2:
        return None
    known, found = list(zip(accounts[::2], accounts[1::2], strict=True)), list(zip(names[::2], names[1::2], strict=True))
    if not all(map(_is_account, (*accounts[::2], *names[::2]))) or not all(map(_is_permission_set, names[1::2])):
        return None
    return Memory(said[2], said[4], said[6], known, found)
