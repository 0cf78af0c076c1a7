"""The clock is set forward and back, and the machine sleeps: no session is used after its end, and the countdown is right at each look."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tui_app.clock import time_left
from tui_app.model import AccessKey, Credentials, Identity, session_state
from tui_app.secret import Secret
from tui_app.sessions.cache import SessionCache
from tui_app.sessions.folder import PrivateFolder
from tui_app.sessions.record import Record, digest
from tui_app.sessions.renewal import lead, renewal_due

BEGIN = 1_800_000_000.0
NAME = digest("clock")
LIVES = st.sampled_from([5, 20, 60, 900, 3600, 43200])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("tick"), st.floats(0.05, 5)),
        st.tuples(st.just("sleep"), st.floats(60, 9 * 3600)),
        st.tuples(st.just("jump"), st.sampled_from([-8 * 3600.0, -3600.0, -600.0, -5.0, 5.0, 600.0, 3600.0, 8 * 3600.0])),
        st.tuples(st.just("renew"), LIVES.map(float)),
    ),
    min_size=1,
    max_size=40,
)


class Wall:
    now = BEGIN

    def __call__(self):
        return self.now


def record_of(now, life, number):
    key = AccessKey(f"ASIA{number:012}", Secret("secret"), Secret("token"))
    identity = Identity("111122223333", "arn:aws:sts::111122223333:assumed-role/R/me", "AROA", now)
    return Record("role", NAME, NAME, Credentials(key, now + life), now, int(life), identity, "arn:aws:iam::111122223333:role/R", "r")


def seconds_of(text):
    parts = text.replace("h ", ":").replace("m", "").split(":")
    return sum(int(part) * size for part, size in zip(parts, (3600, 60) if "h" in text else (60, 1), strict=True))


@settings(max_examples=200)
@given(steps=STEPS, life=LIVES)
def test_no_session_is_used_after_its_end_whatever_the_clock_does(steps, life):
    wall, over = Wall(), set()
    cache = SessionCache(PrivateFolder("/nowhere/at/all"), wall, memory=True)
    given_at = cache.put(record_of(wall.now, life, 0))
    for number, (kind, size) in enumerate(steps, 1):
        if kind == "renew":
            given_at = cache.put(record_of(wall.now, size, number))
        else:
            wall.now += size
        if wall.now >= given_at.expires:
            over.add(given_at.credentials.key.id)

        found = cache.get(NAME)

        if found is not None:
            left = found.expires - wall.now
            assert left > 0
            assert found.credentials.key.id not in over, "one that was over stays over"
            assert abs(seconds_of(time_left(left)) - left) <= (60 if left >= 3600 else 1), "hours are told in minutes"
            assert session_state(found.expires, wall.now) in ("live", "expiring")
            session = found.session(from_cache=True)
            assert renewal_due(session, wall.now) == (left <= lead(session.credentials.expires - session.issued))
