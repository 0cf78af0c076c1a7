"""The files of `config.d` that the program writes: whole or not at all, and never over a file that a person wrote.

A file of ours begins with a comment that says so. What is about to be written is read back first, by the TOML reader and by the schema that
every later start uses, so that no file is left behind that cannot be used.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import tomli_w

from tui_app import paths
from tui_app.catalog.checked import Page, check_table
from tui_app.catalog.reading import ABSENT, SIZE_LIMIT, read_file
from tui_app.catalog.schema import TOP
from tui_app.errors import ConfigUnusable, RoledeckError, UsageError
from tui_app.text import clean

Tables = Mapping[str, Any]
"""What a TOML file holds: texts, numbers, flags, lists and tables of them."""

MARK = "# Written by roledeck"
_FIRST_LINE = f"{MARK}, which may write it again. Your own settings belong in config.toml, which goes before this file.\n"
_NAME = r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}"
_OTHERS_WRITE = 0o022


def fragment_text(tables: Tables) -> str:
    """The tables as the text of a file of ours; arrays of tables are written as `[[account]]`, so that every setting has its line.

    Raises:
        UsageError: a text has a character that no file can keep.
        ConfigUnusable: a later start could not use it; the sentence says what is wrong.
    """
    wanted = _plain(tables)
    _refuse_unwritable(wanted)
    text = _FIRST_LINE + draft_text(wanted)
    _read_back(text, wanted)
    return text


def draft_text(tables: Tables) -> str:
    """The tables as TOML, checked by nobody: for showing what is being typed."""
    return "".join(_table(_plain(tables), ()))


def write_fragment(environ: Mapping[str, str], name: str, tables: Tables) -> str:
    """Make `config.d/NAME.toml` hold these tables and nothing else; the path.

    A symbolic link in its place is followed: what it points to is replaced, if it is a file of ours. The file is 0600 and on disk when this
    returns; at any crash the old or the new one is there.

    Raises:
        UsageError: the name is no name, a file of that name was written by a person, or a text cannot be kept in a file.
        ConfigUnusable: a later start could not use what would be written.
        RoledeckError: the folder or the file cannot be written.
    """
    return change_fragment(environ, name, lambda _: tables)


def change_fragment(environ: Mapping[str, str], name: str, change: Callable[[dict[str, Any]], Tables]) -> str:
    """As `write_fragment`, with what `change` makes of the tables that are there now; two programs take turns."""
    path = fragment_path(environ, name)
    try:
        with _alone_in(os.path.dirname(path)):
            text = fragment_text(change(read_fragment(path)))
            _replace(os.path.realpath(path), text.encode())
    except OSError as error:
        reason = (error.strerror or "no reason given").lower()
        raise RoledeckError(f"{clean(path)} cannot be written: {reason}.", "Nothing was changed.") from None
    return path


def fragment_path(environ: Mapping[str, str], name: str) -> str:
    """Where the fragment of that name lies; nothing is opened.

    Raises:
        UsageError: the name is no name.
    """
    if not re.fullmatch(_NAME, name):
        raise UsageError(f'"{clean(name, 80)}" cannot be the name of a file in config.d.', "It has 1 to 64 letters, digits, - and _.")
    if os.path.abspath(paths.user_config_file(environ)) == os.devnull:
        raise UsageError(f"ROLEDECK_CONFIG is {os.devnull}, so there is no folder beside it.", "Let it name a config.toml.")
    return os.path.join(os.path.abspath(paths.fragments_folder(environ)), f"{name}.toml")


def read_fragment(path: str) -> dict[str, Any]:
    """The tables of a file of ours as they are written; none where there is no file.

    Raises:
        UsageError: a person wrote it.
        ConfigUnusable: it cannot be read.
    """
    content, trouble = read_file(path)
    if trouble == ABSENT and not os.path.islink(path):
        return {}
    if trouble:
        raise ConfigUnusable(f"{clean(path)} {trouble}.", "Nothing was changed; move it away first.", path)
    if content and not content.startswith(MARK.encode()):
        raise UsageError(f"{clean(path)} was not written by roledeck, so it is left alone.", "Give it another name in that folder.")
    try:
        return tomllib.loads(content.decode())
    except (ValueError, RecursionError):
        raise ConfigUnusable(f"{clean(path)} is not TOML any more.", "Nothing was changed; mend it or move it away first.", path) from None


def _plain(value: Any) -> Any:
    """The value with lists and dictionaries only, as `tomllib` gives them."""
    if isinstance(value, Mapping):
        return {str(name): _plain(inner) for name, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else value


def _refuse_unwritable(value: Any) -> None:
    if isinstance(value, str):
        surrogate = any("\ud800" <= character <= "\udfff" for character in value)
        if surrogate or "\0" in value:
            raise UsageError(f'"{clean(value, 80)}" has a character that a file cannot keep.', "Nothing was written.")
    elif isinstance(value, list):
        for inner in value:
            _refuse_unwritable(inner)
    elif isinstance(value, dict):
        for name, inner in value.items():
            _refuse_unwritable(name)
            _refuse_unwritable(inner)


def _table(table: dict[str, Any], way: tuple[str, ...], lists: int = 0) -> Iterator[str]:
    """The table's own settings, then the tables below it, inside `lists` lists; there a table of texts stands in its own line."""
    below = [name for name, value in table.items() if _has_a_header(value, listed=lists > 0)]
    indent = "  " * max(0, lists - 1)
    for name, value in table.items():
        if name not in below:
            yield f"{indent}{_key(name)} = {_value(value)}\n"
    for name in below:
        inner, place = table[name], (*way, name)
        header = f"[{'.'.join(map(_key, place))}]"
        if isinstance(inner, list):
            for each in inner:
                yield f"\n{'  ' * lists}[{header}]\n"
                yield from _table(each, place, lists + 1)
            continue
        if not inner or any(not isinstance(value, dict) for value in inner.values()):
            yield f"\n{'  ' * lists}{header}\n"
        yield from _table(inner, place, lists)


def _has_a_header(value: Any, *, listed: bool) -> bool:
    if isinstance(value, dict):
        return not (listed and all(isinstance(inner, str) for inner in value.values()))
    return isinstance(value, list) and bool(value) and all(isinstance(inner, dict) for inner in value)


def _key(name: str) -> str:
    return tomli_w.dumps({name: 0}).rpartition(" = ")[0]


def _value(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(name)} = {_value(inner)}" for name, inner in value.items()) + " }" if value else "{}"
    return tomli_w.dumps({"x": value}).removeprefix("x = ").rstrip("\n")


def _read_back(text: str, wanted: Any) -> None:
    if tomllib.loads(text) != wanted:
        raise ConfigUnusable("What would be written does not read back as it should.", "Nothing was written.")
    checked = check_table(wanted, TOP, "the file", Page("", {}))
    if checked.everything:
        problem = checked.everything[0]
        raise ConfigUnusable(f"What would be written cannot be used. {problem.message}", problem.mend or "Nothing was written.")
    if len(text.encode()) > SIZE_LIMIT:
        raise ConfigUnusable(f"What would be written is larger than {SIZE_LIMIT >> 20} MiB.", "Nothing was written.")


@contextlib.contextmanager
def _alone_in(folder: str) -> Iterator[None]:
    """The folder, made if needed, with nobody else of ours at work in it; closing it lets the lock go."""
    above = os.path.dirname(folder)
    os.makedirs(above, mode=0o700, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        os.mkdir(folder, 0o700)
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        facts = os.fstat(fd)
        if facts.st_mode & _OTHERS_WRITE and facts.st_uid == os.geteuid():
            os.fchmod(fd, facts.st_mode & 0o7777 & ~_OTHERS_WRITE)
        fcntl.flock(fd, fcntl.LOCK_EX)
        yield
    finally:
        os.close(fd)


def _replace(path: str, data: bytes) -> None:
    folder = os.open(os.path.dirname(path), os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    name = os.path.basename(path)
    temporary = f".{name}.{os.getpid()}.{os.urandom(6).hex()}.tmp"
    try:
        fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600, dir_fd=folder)
        try:
            with open(fd, "wb") as file:
                os.fchmod(fd, 0o600)
                file.write(data)
                file.flush()
                os.fsync(fd)
            os.rename(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(temporary, dir_fd=folder)
            raise
        os.fsync(folder)
    finally:
        os.close(folder)
