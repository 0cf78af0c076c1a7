"""The audit journal: who became what, when, for how long, how it was handed over. JSON lines, private, no secrets."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from typing import Any

from tui_app import paths
from tui_app.clock import Clock, parse_moment, rfc3339, wall_clock
from tui_app.model import Session
from tui_app.sessions.folder import PrivateFolder
from tui_app.sessions.locks import held
from tui_app.text import clean

FILE = "journal.jsonl"
OLDER = "journal.1.jsonl"
LARGE = 1024 * 1024
"""A journal of this many bytes becomes the older one, and a new one is begun."""
_PATIENCE = 2.0
"""Seconds to wait for another window that does it."""


class Journal:
    """Appends to the journal of a user (or of a demo); a journal that cannot be written never stops the work."""

    def __init__(self, environ: Mapping[str, str], clock: Clock = wall_clock) -> None:
        self._folder = PrivateFolder(paths.state_folder(environ))
        self._clock = clock

    def record(self, event: str, session: Session | None = None, **facts: str | int) -> None:
        """Write one event (`assume`, `renew`, `handover`, `forget`, …); `facts` are texts and numbers that are no secrets."""
        entry: dict[str, Any] = {"at": rfc3339(self._clock()), "event": event}
        if session is not None:
            entry |= {
                "role": session.role_key,
                "role_arn": session.role_arn,
                "account": session.identity.account,
                "arn": session.identity.arn,
                "expires": rfc3339(session.credentials.expires),
                "duration": session.duration,
                "hops": session.hops,
                "source": session.source_profile,
                "source_of_code": session.source_of_code,
                "key_ends": session.credentials.key.id[-4:],
            }
        line = json.dumps(entry | facts, ensure_ascii=True).encode("ascii") + b"\n"
        with contextlib.suppress(OSError):
            self._begin_anew_when_large()
            self._folder.append(FILE, line)

    def entries(self, limit: int = 1000) -> tuple[Mapping[str, Any], ...]:
        """The latest events, oldest first; lines that are not ours are left out."""
        lines: list[bytes] = []
        with contextlib.suppress(OSError):
            lines = b"".join(self._folder.get(name, 2 * LARGE) or b"" for name in (OLDER, FILE)).splitlines()
        found = (_entry(line) for line in lines[-limit:])
        return tuple(entry for entry in found if entry)

    def _begin_anew_when_large(self) -> None:
        if self._folder.size(FILE) <= LARGE:
            return
        with held(self._folder, "journal", stop=lambda: False, patience=_PATIENCE):
            # another window may just have done it, and what it began must not take the place of the older one
            if self._folder.size(FILE) > LARGE:
                self._folder.rename(FILE, OLDER)


def _entry(line: bytes) -> Mapping[str, Any]:
    try:
        entry = json.loads(line)
        parse_moment(entry["at"])
        return (
            {str(name): value if isinstance(value, int) else clean(value, 2048) for name, value in entry.items()} if entry["event"] else {}
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}
