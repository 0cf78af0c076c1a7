"""The name that a session goes by in CloudTrail, made of the user's template."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import datetime

NAME_LIMIT = 64
_NAME_LEAST = 2
_REFUSED_CHARACTER = re.compile(r"[^\w+=,.@-]", re.ASCII)


def session_name(template: str, role_name: str, environ: Mapping[str, str], now: float) -> str:
    """The session name of a template: known words replaced, what AWS refuses replaced by `-`, 2 to 64 characters."""
    moment = datetime.fromtimestamp(now)  # noqa: DTZ006 - people read it in local time
    words = {
        "{user}": environ.get("USER") or environ.get("LOGNAME") or environ.get("USERNAME") or "roledeck",
        "{host}": environ.get("HOSTNAME") or os.uname().nodename.partition(".")[0] or "host",
        "{role}": role_name.rpartition("/")[2],
        "{date}": f"{moment:%Y-%m-%d}",
        "{time}": f"{moment:%H%M%S}",
    }
    name = template
    for word, value in words.items():
        name = name.replace(word, value)
    name = _REFUSED_CHARACTER.sub("-", name)[:NAME_LIMIT]
    return name if len(name) >= _NAME_LEAST else (name + "roledeck")[:NAME_LIMIT]
