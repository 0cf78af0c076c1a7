"""`roledeck keys store` and `restore`: exactly two lines of the file change, and come back byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tui_app.catalog.shared_config import parse_shared_config
from tui_app.catalog.sources import KEYRING
from tui_app.errors import ConfigUnusable, UsageError
from tui_app.secret import Secret
from tui_app.sessions import keyring_key
from tui_app.sessions.keyring_key import Keyring
from tui_app.sessions.moved_keys import drop, keep, kept, put_back, take_out

KEYS = "aws_access_key_id = AKIAEXAMPLE000000001\naws_secret_access_key = planted-secret\n"
OTHER_KEYS = KEYS.replace("0001", "0002").replace("planted", "another")
READ_ONLY = "staging-readonly"

FILES = {
    "plain": f"[dev]\n{KEYS}",
    "no end": f"[dev]\n{KEYS}".rstrip("\n"),
    "others around": f"# mine\n[a]\nx = 1\n\n[dev]\n# before\n{KEYS}# after\nregion = eu-west-1\n[z]\n{OTHER_KEYS}",
    "apart": "[dev]\naws_access_key_id=AKIAEXAMPLE000000001\n# between\n\nregion = x\naws_secret_access_key   =   planted-secret  \n[z]\n",
    "the other way round": "[dev]\naws_secret_access_key = planted-secret\naws_access_key_id = AKIAEXAMPLE000000001",
    "carriage returns": f"[dev]\n{KEYS}region = x\n".replace("\n", "\r\n"),
    "old Mac": f"[dev]\n{KEYS}region = x\n".replace("\n", "\r"),
    "a mark in front": "\ufeff" + f"[dev]\n{KEYS}",
    "not UTF-8": f"# \udce9t\udce9\n[dev]\n{KEYS}",
}


def part_of(content: bytes):
    text = content.decode("utf-8", "replace").removeprefix("\ufeff")
    return parse_shared_config("", text).in_credentials["dev"]


@pytest.mark.parametrize("kind", FILES)
def test_out_and_back_is_byte_for_byte(kind):
    before = FILES[kind].encode("utf-8", "surrogateescape")

    after, moved = take_out(before, part_of(before))

    assert b"planted" not in after
    assert part_of(after).get(KEYRING) == "AKIAEXAMPLE000000001" == moved.key.id
    assert moved.key.secret == Secret("planted-secret")
    assert len(after.splitlines()) == len(before.splitlines()) - 1
    assert put_back(after, part_of(after), moved) == before


@given(st.lists(st.sampled_from(["# x", "", "region = x", "   ", "output=json ; y"]), max_size=8), st.integers(0, 8), st.integers(0, 8))
def test_wherever_the_lines_stand(others, one, two):
    lines = list(others)
    lines.insert(min(one, len(lines)), "aws_access_key_id = AKIAEXAMPLE000000001")
    lines.insert(min(two, len(lines)), "aws_secret_access_key = planted-secret")
    before = "\n".join(["[dev]", *lines]).encode()
    part = part_of(before)
    assume(part.get("aws_access_key_id") == "AKIAEXAMPLE000000001")
    assume(part.get("aws_secret_access_key") == "planted-secret")

    after, moved = take_out(before, part)

    assert put_back(after, part_of(after), moved) == before


def test_lines_that_came_between_stay_and_the_keys_are_whole():
    before = FILES["apart"].encode()
    after, moved = take_out(before, part_of(before))
    edited = after.replace(b"# between\n\nregion = x\n", b"output = json\n").replace(b"[z]", b"[y]\n[z]")

    back = put_back(edited, part_of(edited), moved)

    part = part_of(back)
    assert (part.get("aws_access_key_id"), part.get("aws_secret_access_key")) == ("AKIAEXAMPLE000000001", "planted-secret")
    assert KEYRING not in part.values
    assert b"output = json\n" in back


@pytest.mark.parametrize(
    "text",
    ["[dev]\naws_access_key_id : AKIA\naws_secret_access_key = x\n", "[dev]\naws_access_key_id = AKIA # x\naws_secret_access_key = x\n"],
)
def test_lines_that_are_not_plain_are_left_alone(text):
    part = part_of(text.encode())

    with pytest.raises(ConfigUnusable, match="not a plain line"):
        take_out(text.encode(), part)


def test_a_keyring_that_forgets_is_found_out_before_the_file_is_touched(monkeypatch):
    class Forgetful:
        def get_password(self, *_):
            return None

        def set_password(self, *_):
            pass

    _, moved = take_out(FILES["plain"].encode(), part_of(FILES["plain"].encode()))
    monkeypatch.setattr(keyring_key, "_backends", lambda: [Forgetful()])

    with pytest.raises(ConfigUnusable):
        keep(Keyring(), moved)


def test_what_is_kept_comes_back_and_goes(monkeypatch):
    values: dict[tuple[str, str], str] = {}

    class Working:
        def get_password(self, *name):
            return values.get(name)

        def set_password(self, service, account, password):
            values[service, account] = password

        def delete_password(self, *name):
            del values[name]

    monkeypatch.setattr(keyring_key, "_backends", lambda: [Working()])
    _, moved = take_out(FILES["carriage returns"].encode(), part_of(FILES["carriage returns"].encode()))
    keep(Keyring(), moved)

    assert kept(Keyring(), moved.key.id) == moved
    drop(Keyring(), moved.key.id)
    with pytest.raises(ConfigUnusable, match=r"no key \*\*\*\*0001"):
        kept(Keyring(), moved.key.id)
    values["roledeck", f"access-key {moved.key.id}"] = '{"id": 1}'
    with pytest.raises(ConfigUnusable):
        kept(Keyring(), moved.key.id)


def test_a_chain_that_starts_there_reads_the_keyring(bus, environ, files_of):
    file = Path(environ["AWS_SHARED_CREDENTIALS_FILE"])
    before = file.read_bytes()
    secret = before.partition(b"aws_secret_access_key = ")[2].partition(b"\n")[0]
    store, chain, assume_it, again, restore = bus(
        ["unlock"],
        ["keys", "store", "dev", "--yes"],
        ["chain", READ_ONLY, "--json"],
        ["assume", READ_ONLY],
        ["keys", "store", "dev", "--yes"],
        ["keys", "restore", "dev", "--yes"],
    )

    assert [step[0] for step in (store, chain, assume_it, again, restore)] == [0, 0, 0, UsageError.exit_code, 0], store[2] + assume_it[2]
    assert '"kind": "static"' in chain[1]
    assert secret.decode() not in "".join(text for step in (store, chain, assume_it, restore) for text in step[1:3])
    assert file.read_bytes() == before
    assert "in the keyring already" in again[2]
    for path in (*files_of(environ["XDG_CACHE_HOME"]), *files_of(environ["XDG_STATE_HOME"])):
        assert secret not in Path(path).read_bytes()


def test_without_a_yes_or_a_keyring_nothing_changes(bus, environ):
    file = Path(environ["AWS_SHARED_CREDENTIALS_FILE"])
    before = file.read_bytes()

    asked, nobody = bus(["unlock"], ["keys", "store", "dev"], ["keys", "store", "nobody", "--yes"])
    (locked,) = bus(["keys", "store", "dev", "--yes"])

    assert (asked[0], nobody[0], locked[0]) == (3, 2, 6)
    assert "it is locked" in locked[2]
    assert file.read_bytes() == before
