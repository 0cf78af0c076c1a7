"""The schema of `config.toml` as JSON Schema (draft 2020-12), for editors.

`python -m tui_app.catalog.json_schema` prints `config/schema.json`. It never refuses what the program takes; where a limit cannot be put as
a pattern, the program alone says so.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Any

from tui_app.catalog import limits
from tui_app.catalog.limits import Check
from tui_app.catalog.schema import TOP, Setting

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]

_PATTERNS: Mapping[Check, Schema] = {
    limits.account_id: {"pattern": "^[0-9]{12}$"},
    limits.role_name: {"pattern": r"^[!-~]*[A-Za-z0-9_+=,.@-]/*$", "maxLength": limits.ROLE_PATH + limits.ROLE_NAME + 2},
    limits.external_id: {"pattern": "^[A-Za-z0-9_+=,.@:/-]{2,1224}$"},
    limits.mfa_serial: {"pattern": "^([A-Za-z0-9_+=/:,.@-]{9,256})?$"},
    limits.source_identity: {"pattern": "^[A-Za-z0-9_+=,.@-]{2,64}$"},
    limits.policy: {"minLength": 2, "maxLength": limits.POLICY},
    limits.policy_arn: {"pattern": "^arn:aws[a-z-]*:iam::([0-9]{12}|aws):policy/"},
    limits.region: {"pattern": "^[a-z]{2,5}(-[a-z]+)+-[0-9]{1,2}$"},
    limits.alias: {"pattern": "^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$"},
    limits.endpoint_url: {"pattern": "^https?://"},
    limits.start_url: {"pattern": "^https?://"},
    limits.some_text: {"minLength": 1},
    limits.path: {"minLength": 1},
    limits.session_name: {"minLength": 1},
}
_DURATION: Schema = {"type": "string", "pattern": r"^\s*([0-9]+|([0-9]+[smhdSMHD])+)\s*$"}


def json_schema() -> Schema:
    """The whole schema."""
    head = {
        "$schema": DIALECT,
        "title": "roledeck config.toml",
        "description": "Accounts, roles and settings of roledeck. An included file may hold only account and environment.",
    }
    return head | _table(TOP)


def schema_text() -> str:
    """The schema as it stands in `config/schema.json`."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def _table(settings: Mapping[str, Setting]) -> Schema:
    required = [name for name, setting in settings.items() if setting.required]
    made: Schema = {"type": "object", "properties": {name: _setting(setting) for name, setting in settings.items()}}
    return made | ({"required": required} if required else {}) | {"additionalProperties": False}


def _setting(setting: Setting) -> Schema:
    return {"description": setting.meaning} | _value(setting)


def _value(setting: Setting) -> Schema:  # noqa: PLR0911 - one answer for each kind
    below = setting.settings or {}
    match setting.kind:
        case "text":
            return _text(setting)
        case "texts":
            return {"type": "array", "items": _text(setting)} | ({"maxItems": setting.longest} if setting.longest else {})
        case "flag":
            return {"type": "boolean"}
        case "duration":
            return {"oneOf": [{"type": "integer", "minimum": setting.shortest, "maximum": setting.longest}, _DURATION]}
        case "text table":
            value = {"type": "string", "maxLength": limits.TAG_VALUE}
            return {"type": "object", "additionalProperties": value, "maxProperties": limits.TAGS}
        case "free":
            return {"type": "object"}
        case "table":
            return _table(below)
        case "tables":
            return {"type": "array", "items": _table(below)}
        case "named tables":
            return {"type": "object", "additionalProperties": _table(below)}


def _text(setting: Setting) -> Schema:
    words: Schema = {"enum": list(setting.words)} if setting.words else {}
    return {"type": "string"} | words | (_PATTERNS.get(setting.check, {}) if setting.check else {})


if __name__ == "__main__":
    sys.stdout.write(schema_text())
