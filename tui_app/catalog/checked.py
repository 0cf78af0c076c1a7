"""A TOML table held against the schema: what is good, where each setting stands, and a problem with file and line for all that is not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from tui_app.catalog import limits
from tui_app.catalog.schema import SHARED, Setting
from tui_app.catalog.toml_lines import Place, line_of
from tui_app.model import Origin, Problem
from tui_app.text import clean, nearest
from tui_app.values import frozen

SHOWN = 60
_TYPES = {"text": "a text in quotes", "texts": "a list of texts", "flag": "true or false", "text table": "a table of texts"}


@frozen
class Checked:
    """A table's good settings. Tables below it are `Checked` themselves, or tuples or mappings of them.

    `refused` are the values that did not pass, for those who must not go on as if nothing had been said.
    `problems` are those of this table's own settings; `everything` those of all tables below it too.
    """

    values: Mapping[str, Any]
    origins: Mapping[str, Origin]
    here: Origin
    problems: tuple[Problem, ...] = ()
    everything: tuple[Problem, ...] = field(default=(), repr=False)
    refused: Mapping[str, Any] = field(default_factory=dict, repr=False)


@frozen
class Page:
    """The file a table is in: its path and the lines of its settings. `shared`: others write it, so it may say less."""

    path: str
    lines: dict[Place, int]
    shared: bool = False

    def origin(self, place: Place) -> Origin:
        """File and line of `place`."""
        return Origin(self.path, line_of(self.lines, place))


def check_table(table: Mapping[str, Any], settings: Mapping[str, Setting], called: str, page: Page, place: Place = ()) -> Checked:
    """Hold `table` against its settings; nothing is raised, whatever it holds."""
    values: dict[str, Any] = {}
    refused: dict[str, Any] = {}
    own: list[Problem] = []
    below: list[Problem] = []
    for name, value in table.items():
        here = (*place, name)
        setting = settings.get(name)
        if setting is None:
            own.append(_unknown(name, settings, called, page.origin(here)))
            continue
        if page.shared and _is_own(setting, name, value, place):
            own.append(_not_shared(name, called, page.origin(here)))
            continue
        found, wrong = _value(value, setting, page, here)
        if wrong:
            sentence = f'"{clean(name, SHOWN)}" of {called} cannot be used. {wrong}'
            mend = "Change it." if setting.required else "Change it, or take it out."
            own.append(Problem("bad_value", sentence, page.origin((*here, _bad_item(value, setting))), mend))
            refused[name] = value
            continue
        values[name] = found
        below += _problems_below(found)
    wanting = [name for name, setting in settings.items() if setting.required and name not in table]
    what = called.rpartition(" ")[2]
    own += [Problem("missing_setting", f'"{name}" is missing.', page.origin(place), f"Every {what} has one.") for name in wanting]
    origins = {name: page.origin((*place, name)) for name in values}
    return Checked(values, origins, page.origin(place), tuple(own), (*own, *below), refused)


def complaint(value: Any, setting: Setting) -> str:
    """What the value of one setting should be; an empty text where it is so already."""
    return _value(value, setting, Page("", {}), ())[1]


def _unknown(name: str, settings: Mapping[str, Setting], called: str, where: Origin) -> Problem:
    meant = nearest(name, settings)
    mend = f'Did you mean "{meant}"?' if meant else f"There are: {', '.join(settings)}."
    return Problem("unknown_key", f'"{clean(name, SHOWN)}" is not a setting of {called}.', where, mend)


def _is_own(setting: Setting, name: str, value: Any, place: Place) -> bool:
    """Whether only a file of one's own may say so; to be asked before hand-over is nothing that others may switch off."""
    return setting.own or (not place and name not in SHARED) or (name == "confirm" and value is False)


def _not_shared(name: str, called: str, where: Origin) -> Problem:
    message = f'"{name}" of {called} is not taken from an included file: others write it.'
    return Problem("not_shared", message, where, "Put it into config.toml if you want it.")


def _bad_item(value: Any, setting: Setting) -> int:
    """The number of the first item of a list that is not as it should be; any other value has one place, its own."""
    if setting.kind != "texts" or not isinstance(value, list):
        return 0
    wrong = (number for number, text in enumerate(value) if not isinstance(text, str) or (setting.check and setting.check(text)))
    return next(wrong, 0)


def _problems_below(found: Any) -> tuple[Problem, ...]:
    if isinstance(found, Checked):
        return found.everything
    tables = found.values() if isinstance(found, dict) else found if isinstance(found, tuple) else ()
    return tuple(problem for table in tables if isinstance(table, Checked) for problem in table.everything)


def _value(value: Any, setting: Setting, page: Page, place: Place) -> tuple[Any, str]:  # noqa: PLR0911 - one answer for each kind
    match setting.kind:
        case "free":
            return (_free(value, page, place), "") if isinstance(value, dict) else (None, "It is a table.")
        case "table" | "tables" | "named tables":
            return _tables(value, setting, page, place)
        case "flag":
            return value, "" if isinstance(value, bool) else f"It is {_TYPES['flag']}."
        case "duration":
            if isinstance(value, bool) or not isinstance(value, str | int):
                return 0, 'A duration is written "15m", "1h" or 3600.'
            return limits.seconds(value, setting.longest, setting.shortest)
        case "text":
            return value, _text(value, setting)
        case "texts":
            return _texts(value, setting)
        case "text table":
            if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
                return None, f"It is {_TYPES['text table']}."
            return dict(value), limits.tags(value)


def _free(value: dict[str, Any], page: Page, place: Place) -> Checked:
    """A table whose settings are read elsewhere."""
    return Checked(value, {name: page.origin((*place, name)) for name in value}, page.origin(place))


def _tables(value: Any, setting: Setting, page: Page, place: Place) -> tuple[Any, str]:
    settings = setting.settings or {}
    if setting.kind == "table":
        return (check_table(value, settings, setting.called, page, place), "") if isinstance(value, dict) else (None, "It is a table.")
    if setting.kind == "tables":
        if not isinstance(value, list) or not all(isinstance(table, dict) for table in value):
            return None, f"It is a list of tables: [[{'.'.join(part for part in place if isinstance(part, str))}]]."
        return tuple(check_table(table, settings, setting.called, page, (*place, number)) for number, table in enumerate(value)), ""
    if not isinstance(value, dict) or not all(isinstance(table, dict) for table in value.values()):
        return None, f"It is a table for each name: [{place[-1]}.NAME]."
    return {name: check_table(table, settings, setting.called, page, (*place, name)) for name, table in value.items()}, ""


def _text(value: Any, setting: Setting) -> str:
    if not isinstance(value, str):
        return f"It is {_TYPES['text']}."
    if setting.words and value not in setting.words:
        meant = nearest(value, setting.words)
        return f"It is one of: {', '.join(setting.words)}." + (f' Did you mean "{meant}"?' if meant else "")
    return setting.check(value) if setting.check else ""


def _texts(value: Any, setting: Setting) -> tuple[tuple[str, ...], str]:
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        return (), f"It is {_TYPES['texts']}."
    if setting.longest and len(value) > setting.longest:
        return (), f"There may be {setting.longest} of them."
    complaints = [complaint for text in value if setting.check and (complaint := setting.check(text))]
    return tuple(value), complaints[0] if complaints else ""
