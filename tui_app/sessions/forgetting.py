"""Dropping sessions: their files, what the door and the AWS CLI hold of them, and the words for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from tui_app.clock import Clock, time_left
from tui_app.sessions import index
from tui_app.sessions.cache import SessionCache
from tui_app.sessions.journal import Journal
from tui_app.sessions.record import Record
from tui_app.text import clean


class Forgetting:
    """Drops records of a cache. `elsewhere` hears the key id of each, so that nobody else goes on with it."""

    def __init__(
        self, cache: SessionCache, journal: Journal, environ: Mapping[str, str], clock: Clock, elsewhere: Callable[[str], None]
    ) -> None:
        self._cache = cache
        self._journal = journal
        self._environ = environ
        self._clock = clock
        self._elsewhere = elsewhere

    def drop(self, records: Iterable[Record]) -> tuple[str, ...]:
        """Drop these; what was dropped, in words."""
        dropped = []
        for record in list(records):
            if not self._cache.remove(record.name):
                continue
            self._elsewhere(record.credentials.key.id)
            dropped.append(_named(record, self._clock()))
            self._journal.record("forget", role=clean(record.role_key), role_arn=record.role_arn, kind=record.kind)
        index.clear(self._environ)
        return tuple(dropped)


def _named(record: Record, now: float) -> str:
    left = record.expires - now
    state = f"{time_left(left)} left" if left > 0 else "expired"
    what = f"the MFA session of {clean(record.source_profile)}" if record.kind == "mfa" else clean(record.role_key)
    return f"{what}, {state}"
