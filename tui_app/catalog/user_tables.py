"""What our own config says: TOML held against the schema, and all files' tables in one; imported only where there is such a file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, cast

from tui_app.catalog.checked import Checked, Page, check_table
from tui_app.catalog.reading import ABSENT, read_file
from tui_app.catalog.schema import TOP
from tui_app.catalog.settings import Defaults, EnvironmentSettings, Settings, Storage
from tui_app.catalog.toml_lines import setting_lines
from tui_app.model import Origin, Problem

_DEEP = "The tables are nested too deep."


class Joined(NamedTuple):
    """The tables of all files as one; `accounts` in the order they are written."""

    accounts: tuple[Checked, ...]
    defaults: Defaults
    settings: Settings


def read_tables(path: str, *, expected: bool) -> tuple[Checked | None, list[Problem]]:
    """The file's tables and its problems; no tables where there is no file or it is not TOML."""
    content, trouble = read_file(path)
    if trouble == ABSENT and not expected:
        return None, []
    if trouble:
        return None, [Problem("unreadable", f"{path} {trouble}.", Origin(path, 0), "Nothing in it is used.")]
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        sentence = "This line is not UTF-8, so nothing in the file is used."
        return None, [Problem("not_utf8", sentence, Origin(path, line), "Save it as UTF-8.")]
    parsed, problem = _parsed(text, path)
    if problem:
        return None, [problem]
    checked = check_table(parsed, TOP, "the file", Page(path, setting_lines(text.replace("\r\n", "\n"))))
    return checked, list(checked.everything)


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
    except RecursionError:
        return {}, Problem("syntax", _DEEP, Origin(path, 1))


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
            origins.update(dict.fromkeys(table, file.origins[name]))
    return values, origins


def _settings(found: Sequence[Checked], *, unread: bool, mfa_command: tuple[str, ...]) -> Settings:
    tables = {name: _one_table(found, name) for name in ("storage", "aws", "keys", "theme", "explorer", "shell", "environment")}
    storage_refused = any(file.values["storage"].problems for file in found if "storage" in file.values)
    endpoint_refused = [str(file.values["aws"].refused["endpoint_url"]) for file in found if "endpoint_url" in _refused(file, "aws")]
    environments = {
        name: EnvironmentSettings(name, **table.values) for name, table in tables["environment"][0].items() if isinstance(table, Checked)
    }
    settings = Settings(
        storage=cast(Storage, tables["storage"][0].get("sessions", "file")),
        endpoint_url=tables["aws"][0].get("endpoint_url") or next(iter(endpoint_refused), ""),
        mfa_command=mfa_command,
        environments=environments,
        theme=tables["theme"][0],
        keys=tables["keys"][0],
        explorer=tables["explorer"][0],
        shell=tables["shell"][0],
        origins={f"{table}.{name}": origin for table, (_, origins) in tables.items() for name, origin in origins.items()},
    )
    return replace(settings, storage="memory") if unread or storage_refused else settings


def _refused(file: Checked, name: str) -> Mapping[str, Any]:
    table = file.values.get(name)
    return table.refused if isinstance(table, Checked) else {}
