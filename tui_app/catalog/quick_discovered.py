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

_ROLE_NAME, _ACCOUNT_ID = "sso_role_name", "sso_account_id"
_ROLE_NAME_LINE, _ACCOUNT_LINE, _ROLE_ARN_LINE = f"\n{_ROLE_NAME} = ", f"\n{_ACCOUNT_ID} = ", "\nrole_arn ="
_FEW = 100
"""Profiles that may be read in full: more of them, and the full reader is as quick."""
_NAME_CHARACTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+=,.@-"
_LONGEST_NAME, _DIGITS = 64, 12
"""As `limits` has them for roles and accounts, which the hot path does not import."""
_HEAD, _AT = 9, 8
"""The place of the first account among a remembered file's strings, and of the moment among what stands between them."""
_FIXED = {0: "version", 1: "sso_session", 3: "start_url", 5: "region", 7: "at", 8: "accounts"}
_BETWEEN = ("{\n ", ": 1,\n ", *(": ", ",\n ") * 3)
_ROLES_START, _END = "\n  ]\n ],\n ", "\n  ]\n ]\n}"

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
    wanted = {role for memory in found for role in memory.roles}
    known = _permission_sets(config, credentials, profiles, {name for _, name in wanted})
    candidates = {key for number, name in wanted for key in (f"{labels.get(number, number)}/{name}", f"{number}/{name}")}
    if known is None:
        return None
    taken = _taken(config, credentials, profiles, candidates)
    names: list[str] = []
    for memory in found:
        for number, name in memory.roles:
            if (number, name) not in known:
                known.add((number, name))
                keys = (f"{labels.get(number, number)}/{name}", f"{number}/{name}")
                names.append(next((key for key in keys if key not in taken), f"{number}/{name} {memory.sign_in}"))
                taken.add(names[-1])
    return names


def _taken(config: Scan, credentials: Scan, profiles: Iterable[str], candidates: set[str]) -> set[str]:
    """Those candidates that a profile is called, other than one that leads back to a role of ours; as in `discovered`."""
    also = {name for name in candidates if name in config.profiles or name in credentials.profiles}
    return also & {*taken_pieces(config, credentials), *profiles} if also else also


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
    """A remembered file taken apart at its quotes, which is all it takes where nothing is escaped; None for any other."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return None
    pieces = text.split('"')
    said, between = pieces[1::2], pieces[::2]
    if "\\" in text or _ROLES_START not in between or len(between) <= _HEAD or not all(map(str.isprintable, said)):
        return None
    roles = between.index(_ROLES_START)
    accounts, found = _pairs(said[_HEAD:roles]), _pairs(said[roles + 1 :])
    if (
        between != [*_BETWEEN, between[_AT], *_between_pairs(len(accounts), _ROLES_START), *_between_pairs(len(found), _END)]
        or not _is_moment(between[_AT])
        or [said[place] for place in _FIXED] != [*_FIXED.values()]
        or said[roles] != "roles"
        or not all(_is_account(number) for number, _ in (*accounts, *found))
        or not all(_is_permission_set(name) for _, name in found)
    ):
        return None
    return Memory(said[2], said[4], said[6], accounts, found)


def _pairs(said: list[str]) -> Pairs:
    return list(zip(said[::2], said[1::2], strict=False))


def _between_pairs(count: int, end: str) -> list[str]:
    """What stands round the strings of a list of `count` pairs, from its start to its end."""
    return [": [\n  [\n   ", *((",\n   ", "\n  ],\n  [\n   ") * (count - 1)), ",\n   ", end]


def _is_moment(between: str) -> bool:
    written = between[2:-3]
    try:
        return between == f": {written},\n " and repr(float(written)) == written and written[-1].isdigit()
    except (ValueError, IndexError):
        return False


def _is_account(number: str) -> bool:
    return len(number) == _DIGITS and number.isascii() and number.isdigit()


def _is_permission_set(name: str) -> bool:
    return 0 < len(name) <= _LONGEST_NAME and name.isascii() and not name.encode().translate(None, _NAME_CHARACTERS)


def _sign_ins(config: Scan) -> dict[str, tuple[str, str]] | None:
    """Start page and region of each plain `[sso-session NAME]`; None where one takes a closer look."""
    found: dict[str, tuple[str, str]] = {}
    for number in config.sessions:
        head, _, body = config.pieces[number].partition("\n")
        name, said = header_of(head, config.kind)[1], _plain_settings(body)
        if said is None or name in found or not (said.get("sso_start_url") and said.get("sso_region")):
            return None
        found[name] = said["sso_start_url"], said["sso_region"]
    return found


def _plain_settings(body: str) -> dict[str, str] | None:
    """The settings of a section of which each is `name = value` on a line of its own; None for any other."""
    found: dict[str, str] = {}
    for line in body.split("\n"):
        if not line or line[0] in "#;":
            continue
        name, sign, value = line.partition("=")
        name, value = name.rstrip(" ").lower(), value.strip(" ")
        plain = sign and is_plain(name) and ":" not in name and value.isascii() and value.isprintable()
        if not plain or name in found or " " in value or not value or value[0] in "#;":
            return None
        found[name] = value
    return found


def _permission_sets(config: Scan, credentials: Scan, profiles: Iterable[str], wanted: Container[str]) -> set[tuple[str, str]] | None:
    """Account and name of the profiles that stand for permission sets, as far as one of the wanted names may be meant.

    None where many of them are written in an unusual way.
    """
    plain: dict[str, str] = {}
    others = []
    also, again, pieces = credentials.profiles, config.again, config.pieces
    for name in profiles:
        piece = pieces[config.profiles[name]] if name not in again and name not in also else ""
        if _ROLE_ARN_LINE in piece:
            continue
        value = piece.partition(_ROLE_NAME_LINE)[2].partition("\n")[0]
        if value and piece.lower().count(_ROLE_NAME) == 1:
            plain[name] = value
        else:
            others.append(name)
    every, found = is_plain("".join(plain.values())), set()
    for name, value in plain.items():
        if value in wanted or not (every or is_plain(value)):
            account = _plain_account(pieces[config.profiles[name]])
            found.add((account, value)) if account else others.append(name)
    if len(others) > _FEW:
        return None
    return found | {pair for name in others if (pair := _permission_set(config, credentials, name))}


def _plain_account(piece: str) -> str:
    """The account of a permission set's profile where everything about it is plain; an empty text where it takes a closer look."""
    account = piece.partition(_ACCOUNT_LINE)[2].partition("\n")[0]
    lowered = piece.lower()
    plain = (
        _is_account(account)
        and lowered.count(_ACCOUNT_ID) == 1
        and "role_arn" not in lowered
        and "\n " not in piece
        and "\n\t" not in piece
    )
    return account if plain and is_plain(piece.partition(_ROLE_NAME_LINE)[2].partition("\n")[0]) else ""


def _permission_set(config: Scan, credentials: Scan, name: str) -> tuple[str, str] | None:
    from tui_app.catalog.foreign_settings import filled
    from tui_app.catalog.ini_file import IniFile, Section, Values

    values: Values = {}
    for scan in (config, credentials):
        file = IniFile("", scan.kind)
        for number in scan.of(name):
            file.read("[" + scan.pieces[number])
        section = file.sections["profile"].get(name)
        values |= section.values if section else {}
    section = filled({}, Section(name, "", 0, values))
    if "role_arn" in section.values or _ROLE_NAME not in section.values:
        return None
    return section.get(_ACCOUNT_ID), section.get(_ROLE_NAME)
