"""The first sight of an account with every call 80 ms away: all views at once against one after the other."""

from __future__ import annotations

import statistics
import time
from typing import Any

from tui_app.aws.door import AwsDoor
from tui_app.explorer.fetch import fetch_first_sight, fetch_view
from tui_app.explorer.views import VIEWS
from tui_app.model import AccessKey, Credentials, Identity, Session
from tui_app.secret import Secret

LATENCY = 0.08
REGIONS = ("eu-west-1", "us-east-1", "eu-central-1", "us-west-2")


class FarDoor:
    """A door to an AWS that is `LATENCY` away and answers nothing: what is left is our own work."""

    def call(self, service: str, operation: str, **_rest: Any) -> dict[str, Any]:
        """Wait, and answer with no rows."""
        time.sleep(LATENCY)
        return {}


def first_sight(rounds: int) -> None:
    """Against one call after the other, and what making the clients costs."""
    key = AccessKey("AKIAEXAMPLE", Secret("secret"))
    identity = Identity("111122223333", "arn:aws:sts::111122223333:assumed-role/Bench/me", "AROA:me", 0.0, REGIONS[0])
    session = Session("arn:aws:iam::111122223333:role/Bench", "bench", Credentials(key, time.time() + 3600), identity, 0.0, 3600, 1)
    door = FarDoor()
    jobs = sum(1 if view.scope == "global" else len(REGIONS) for view in VIEWS)
    began = time.perf_counter()
    for view in VIEWS:
        for region in REGIONS[:1] if view.scope == "global" else REGIONS:
            fetch_view(view, door, key, region, identity)
    in_turn = time.perf_counter() - began
    at_once = []
    for _ in range(max(3, rounds // 5)):
        began = time.perf_counter()
        fetch_first_sight(door, session, REGIONS, lambda _result: None)
        at_once.append(time.perf_counter() - began)
    taken = statistics.median(at_once)
    print(f"\nExplorer, {jobs} calls at {LATENCY * 1000:.0f} ms")
    print(f"  one after the other {in_turn:.2f} s, at once {taken:.2f} s, {in_turn / taken:.1f}x faster   goal >= 6")
    began = time.perf_counter()
    _make_clients(key)
    print(f"  making {jobs} clients {time.perf_counter() - began:.2f} s, once a session")


def _make_clients(key: AccessKey) -> None:
    door = AwsDoor("http://127.0.0.1:9")
    for view in VIEWS:
        for region in REGIONS[:1] if view.scope == "global" else REGIONS:
            door._client((view.service, region, key, 10.0, 1))
