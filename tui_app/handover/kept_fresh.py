"""One role's session for as long as a child runs: renewed in time on a thread of its own, or taken from the cache if others renewed it."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable

from tui_app.clock import Clock, rfc3339, wall_clock
from tui_app.errors import RoledeckError
from tui_app.handover.environment import session_variables
from tui_app.model import Session
from tui_app.sessions.renewal import renewal_due

PAUSE = 1.0
"""Seconds between two looks at the clock; a suspended machine is late by no more."""
RETRY = 60.0
RETRY_WITHOUT = 5.0
"""Seconds before another try once nothing is left to give out."""
LAST_MOMENT = 1.0
"""Seconds of life with which credentials are not given out any more where new ones can be waited for."""
PATIENCE = 0.8
"""Seconds a child's question waits for a renewal under way; the JavaScript SDK gives up after one."""


Renew = Callable[[Session], Session]
"""Gets a newer session without asking anybody on the terminal, which is the child's; raises RoledeckError."""


class KeptFresh:
    """A session and its successors. `answer` is what a container's credential endpoint says, None once nothing is left."""

    def __init__(self, peek: Callable[[], Session | None], renew: Renew, session: Session, clock: Clock = wall_clock) -> None:
        self._peek = peek
        self._renew = renew
        self._clock = clock
        self._news = threading.Condition()
        self._session = session
        self._answer = endpoint_answer(session)
        self._not_before = 0.0
        self._stopped = threading.Event()
        threading.Thread(target=self._run, name="keep fresh", daemon=True).start()

    @property
    def session(self) -> Session:
        """The one that is given out now."""
        return self._session

    def answer(self, *, wait: bool = True) -> bytes | None:
        """The JSON of the credentials as they are now; without `wait` None also where newer ones may come in a moment."""
        with self._news:
            if self._left() < LAST_MOMENT and not self._stopped.is_set():
                if not wait:
                    return None
                self._news.wait_for(lambda: self._left() >= LAST_MOMENT, PATIENCE)
            return self._answer if self._left() > 0 else None

    def close(self) -> None:
        """Renew no more."""
        self._stopped.set()

    def _left(self) -> float:
        return self._session.left(self._clock())

    def _run(self) -> None:
        while not self._stopped.wait(PAUSE):
            if renewal_due(self._session, self._clock()):
                # a fault of ours costs this try, not the child; the thread lives as long as the child does
                with contextlib.suppress(Exception):
                    self._look()

    def _look(self) -> None:
        """Take what another window has got, else renew; a renewal that failed is tried again when a tenth of the life has passed."""
        self._take(self._peek())
        now = self._clock()
        if not renewal_due(self._session, now) or now < self._not_before:
            return
        life = self._session.credentials.expires - self._session.issued
        self._not_before = now + min(RETRY if self._left() > 0 else RETRY_WITHOUT, life / 10)
        with contextlib.suppress(RoledeckError):  # what is still good stays in use; the child is told when nothing is
            self._take(self._renew(self._session))

    def _take(self, session: Session | None) -> None:
        if session is None or session.credentials.expires <= self._session.credentials.expires:
            return
        answer = endpoint_answer(session)
        with self._news:
            self._session, self._answer = session, answer
            self._not_before = 0.0
            self._news.notify_all()


def endpoint_answer(session: Session) -> bytes:
    """What a container's credential endpoint answers for a session (AWS SDK guide, "Container credential provider"); it holds the keys.

    Raises:
        RoledeckError: a value has characters that no credential has.
    """
    variables = session_variables(session)
    answer = {
        "AccessKeyId": variables["AWS_ACCESS_KEY_ID"],
        "SecretAccessKey": variables["AWS_SECRET_ACCESS_KEY"],
        "Token": variables.get("AWS_SESSION_TOKEN", ""),
        "Expiration": rfc3339(session.credentials.expires),
        "AccountId": session.identity.account,
        "RoleArn": session.role_arn,
    }
    return json.dumps(answer).encode("ascii")
