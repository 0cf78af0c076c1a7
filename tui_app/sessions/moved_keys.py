"""Long-term keys that were moved out of a shared file into the OS keyring: what the file's lines become, and back, byte for byte.

In the file stays one line, `roledeck_keyring = AKIA…`, in the place of the first line taken out; the keyring holds the keys together with
the lines as they were and how far apart they stood.
"""

from __future__ import annotations

import base64
import json
import re
from typing import Any

from tui_app.catalog.ini_file import Section
from tui_app.catalog.sources import KEY_ID, KEYRING, SECRET_KEY
from tui_app.errors import ConfigUnusable
from tui_app.model import AccessKey
from tui_app.secret import Secret
from tui_app.sessions.keyring_key import Keyring
from tui_app.text import clean
from tui_app.values import frozen

_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


@frozen
class MovedKey:
    """A key with the lines that it was written in; `second_at` is how many lines the second stood after the first."""

    key: AccessKey
    first: bytes
    second: bytes
    second_at: int


def take_out(content: bytes, part: Section) -> tuple[bytes, MovedKey]:
    """The file without the profile's keys, and what was taken; `part` is the profile in that file alone.

    Raises:
        ConfigUnusable: the lines are not plain settings, or the file has changed since it was read.
    """
    lines = _LINE.findall(content)
    places = sorted(part.values[setting][1] - 1 for setting in (KEY_ID, SECRET_KEY))
    for setting in (KEY_ID, SECRET_KEY):
        text, number, _ = part.values[setting]
        written = lines[number - 1].decode("utf-8", "replace") if number <= len(lines) else ""
        name, _, value = written.partition("=")
        if name.strip().lower() != setting or value.strip() != text:
            where = f"{part.path}:{number}"
            raise ConfigUnusable(f"The {setting} of {clean(part.name)} is not a plain line.", "Write it as NAME = VALUE.", where)
    first, second = lines[places[0]], lines[places[1]]
    moved = MovedKey(AccessKey(part.get(KEY_ID), Secret(part.get(SECRET_KEY))), first, second, places[1] - places[0])
    lines[places[0]] = f"{KEYRING} = {moved.key.id}".encode() + _ending(first)
    del lines[places[1]]
    return b"".join(lines), moved


def put_back(content: bytes, part: Section, moved: MovedKey) -> bytes:
    """The file with the lines where they were; where others have come between, the second stands behind the first.

    Raises:
        ConfigUnusable: the line that stands for them has gone.
    """
    lines = _LINE.findall(content)
    number = part.values[KEYRING][1]
    if number > len(lines) or not lines[number - 1].strip().startswith(KEYRING.encode()):
        raise ConfigUnusable(f"{clean(part.name)} has no line {KEYRING} any more.", "Run this again.", f"{part.path}:{number}")
    at = number - 1
    lines[at] = moved.first
    between = lines[at + 1 : at + moved.second_at]
    whole = len(between) == moved.second_at - 1 and not any(line.lstrip().startswith(b"[") for line in between)
    place = at + moved.second_at if whole else at + 1
    if not _ending(lines[place - 1]):
        lines[place - 1] += _ending(moved.first) or b"\n"
    lines.insert(place, moved.second if place == len(lines) or _ending(moved.second) else moved.second + b"\n")
    return b"".join(lines)


def keep(keyring: Keyring, moved: MovedKey) -> None:
    """Put a key into the keyring, and see that it is there.

    Raises:
        ConfigUnusable: no keyring can be used, or it does not give back what it was given.
    """
    lines = [base64.b64encode(line).decode("ascii") for line in (moved.first, moved.second)]
    said = {"id": moved.key.id, "secret": moved.key.secret.reveal(), "lines": lines, "second_at": moved.second_at}
    keyring.put(_account(moved.key.id), Secret(json.dumps(said)))
    if kept(keyring, moved.key.id) != moved:
        raise ConfigUnusable("The keyring does not give back what it was given.", "Nothing was changed.")


def kept(keyring: Keyring, key_id: str) -> MovedKey:
    """The key of that id.

    Raises:
        ConfigUnusable: no keyring can be used, or it has no such key.
    """
    found = keyring.get(_account(key_id))
    moved = _read(found.reveal()) if found else None
    if moved is None or moved.key.id != key_id:
        ending = clean(key_id)[-4:]
        raise ConfigUnusable(f"The keyring has no key ****{ending}.", "Write the keys into the file again, or make new ones in AWS.")
    return moved


def drop(keyring: Keyring, key_id: str) -> None:
    """Take a key out of the keyring.

    Raises:
        ConfigUnusable: no keyring can be used.
    """
    keyring.remove(_account(key_id))


def _account(key_id: str) -> str:
    return f"access-key {key_id}"


def _read(text: str) -> MovedKey | None:
    try:
        said: dict[str, Any] = json.loads(text)
        first, second = (base64.b64decode(line, validate=True) for line in said["lines"])
        key = AccessKey(str(said["id"]), Secret(str(said["secret"])))
        return MovedKey(key, first, second, int(said["second_at"]))
    except (ValueError, KeyError, TypeError):
        return None


def _ending(line: bytes) -> bytes:
    return line[len(line.rstrip(b"\r\n")) :]
