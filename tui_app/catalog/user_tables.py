"""What our own config says: TOML held against the schema, and all files' tables in one; imported only where there is such a file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, cast

from tui_app.catalog.checked import Checked, Page, check_table
from tui_app.catalog.reading import ABSENT, read_file
from tui_app.catalog.schema import TOP
from tui_app.catalog.settings import Defaults, EnvironmentSettings, Settings, Storage
from tui_app.catalog.toml_lines import setting_lines
from tui_app.model import Origin, Problem, SsoSession

_DEEP = "The tables are nested too deep. Nothing in the file is used."
_LONG = "The number has too many digits. Nothing in the file is used."


class Read(NamedTuple):
    """One file: its path, its tables where it could be read, what is wrong with it, and where each item of its `include` stands."""

    path: str
    tables: Checked | None
    problems: tuple[Problem, ...] = ()
    includes: tuple[tuple[str, Origin], ...] = ()


class Joined(NamedTuple):
    """The tables of all files as one; `accounts` in the order they are written."""

    accounts: tuple[Checked, ...]
    defaults: Defaults
    settings: Settings


def read_tables(path: str, *, expected: bool, shared: bool = False) -> Read:
    """The file's tables; none where there is no file or it is not TOML. `shared`: others write it, so it may say less."""
    content, trouble = read_file(path)
    if trouble == ABSENT and not expected:
        return Read(path, None)
    if trouble:
        sentence = "There is no such file." if trouble == ABSENT else f"This {trouble}."
        return Read(path, None, (Problem("unreadable", sentence, Origin(path, 0), "Nothing in it is used."),))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        sentence = "This line is not UTF-8, so nothing in the file is used."
        return Read(path, None, (Problem("not_text", sentence, Origin(path, line), "Save it as UTF-8."),))
    parsed, problem = _parsed(text, path)
    if problem:
        return Read(path, None, (problem,))
    page = Page(path, setting_lines(text.replace("\r\n", "\n")), shared)
    checked = check_table(parsed, TOP, "the file", page)
    includes = tuple((item, page.origin(("include", number))) for number, item in enumerate(checked.values.get("include", ())))
    return Read(path, checked, checked.everything, includes)


def join(found: Sequence[Checked], *, unread: bool) -> Joined:
    """The files' tables in one, the first file with a setting winning; `unread` is whether the main file could not be used."""
    defaults, origins = _one_table(found, "defaults")
    return Joined(
        tuple(account for file in found for account in file.values.get("account", ())),
        Defaults(**defaults, origins=origins),
        _settings(found, unread=unread, mfa_command=defaults.get("mfa_command", ())),
    )


def _parsed(text: str, path: str) -> tuple[dict[str, Any], Problem | None]:
    try:
        return tomllib.loads(text), None
    except tomllib.TOMLDecodeError as error:
        said, line = _where(str(error), text)
        return {}, Problem("syntax", f"This is not TOML: {said}. Nothing in the file is used.", Origin(path, line), "Mend this line.")
    except ValueError:
        # the only other one: Python makes no number of thousands of digits
        line = next((number for number, row in enumerate(text.split("\n"), 1) if re.search(r"[0-9_]{4000}", row)), 1)
        return {}, Problem("syntax", _LONG, Origin(path, line), "Write a shorter number.")
    except RecursionError:
        return {}, Problem("syntax", _DEEP, Origin(path, 1), "Write fewer brackets inside brackets.")


def _where(said: str, text: str) -> tuple[str, int]:
    sentence, _, place = said.partition(" (at ")
    match = re.match(r"line (\d+)", place)
    last = text.rstrip("\n").count("\n") + 1
    return sentence[:1].lower() + sentence[1:], min(int(match[1]), text.count("\n") + 1) if match else last


def _one_table(found: Sequence[Checked], name: str) -> tuple[dict[str, Any], dict[str, Origin]]:
    """That table of all files in one; the first file wins."""
    values: dict[str, Any] = {}
    origins: dict[str, Origin] = {}
    for file in reversed(found):
        table = file.values.get(name)
        if isinstance(table, Checked):
            values.update(table.values)
            origins.update(table.origins)
        elif isinstance(table, dict):
            values.update(table)
            origins.update({key: inner.here for key, inner in table.items()})
    return values, origins


_TABLES = ("storage", "aws", "keys", "theme", "explorer", "shell", "console", "environment", "sso")


def _settings(found: Sequence[Checked], *, unread: bool, mfa_command: tuple[str, ...]) -> Settings:
    tables = {name: _one_table(found, name) for name in _TABLES}
    storage_refused = any("storage" in file.refused or ("storage" in file.values and file.values["storage"].problems) for file in found)
    endpoint_refused = [str(refused[name]) for file in found for refused, name in _refused_endpoints(file)]
    environments = {
        name: EnvironmentSettings(name, **table.values) for name, table in tables["environment"][0].items() if isinstance(table, Checked)
    }
    settings = Settings(
        storage=cast("Storage", tables["storage"][0].get("sessions", "file")),
        share_with_aws_cli=tables["storage"][0].get("share_with_aws_cli", False),
        endpoint_url=tables["aws"][0].get("endpoint_url") or next(iter(endpoint_refused), ""),
        mfa_command=mfa_command,
        environments=environments,
        theme=tables["theme"][0],
        keys=tables["keys"][0],
        explorer=tables["explorer"][0],
        shell=tables["shell"][0],
        console=tables["console"][0],
        sign_ins={name: _sign_in(name, table) for name, table in tables["sso"][0].items() if isinstance(table, Checked)},
        origins={f"{table}.{name}": origin for table, (_, origins) in tables.items() for name, origin in origins.items()},
    )
    return replace(settings, storage="memory") if unread or storage_refused else settings


def _sign_in(name: str, table: Checked) -> SsoSession:
    said = table.values
    return SsoSession(name, said.get("start_url", ""), said.get("region", ""), said.get("scopes", ()), table.here)


def _refused_endpoints(file: Checked) -> Iterator[tuple[Mapping[str, Any], str]]:
    """Where the file says an endpoint that cannot be used: whoever connects must hear of it."""
    if "aws" in file.refused:
        yield file.refused, "aws"
    table = file.values.get("aws")
    if isinstance(table, Checked) and "endpoint_url" in table.refused:
        yield table.refused, "endpoint_url"
