"""The first sight of an account with every call 80 ms away over TLS: all views at once against one after the other, cold and warm.

Each measurement is a process of its own, so that cold is cold. No screen: `meanwhile` has one.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time

from tests.bench.far_aws import LATENCY, ROOT, far_aws

REGIONS = ("eu-west-1", "us-east-1", "eu-central-1", "us-west-2")
CALLS = 80
FAR = "far"


def first_sight(rounds: int) -> None:
    """Each measurement in a process of its own, so that cold is cold: loaders, clients, TLS and all."""
    with tempfile.TemporaryDirectory() as folder, far_aws(folder) as environ:
        found = [_measured(environ) for _ in range(max(3, rounds // 5))]
        far = [_measured(environ, FAR) for _ in range(max(3, rounds // 5))]
    in_turn, cold, used, warm, second, bare, memory = (statistics.median(column) for column in zip(*found, strict=True))
    print(f"\nExplorer, {CALLS} calls at {LATENCY * 1000:.0f} ms over TLS")
    print(f"  one after the other, clients kept   {in_turn:6.2f} s")
    print(f"  at once, cold                       {cold:6.2f} s   {in_turn / cold:5.1f}x faster   goal <= 1.2 s, >= 6x")
    print(f"    of which CPU, imports and all     {used:6.2f} s   load of the machine {os.getloadavg()[0]:.1f}")
    print(f"  at once, warm                       {warm:6.2f} s   {in_turn / warm:5.1f}x faster   goal <= 0.4 s")
    print(f"  at once, a second session           {second:6.2f} s")
    cold, used, warm = (statistics.median(column) for column in zip(*far, strict=True))
    print("  as the screen asks, by a process of its own:")
    print(f"  at once, cold, with its start       {cold:6.2f} s   {in_turn / cold:5.1f}x faster   goal <= 1.2 s, >= 6x")
    print(f"    of which CPU of the screen's      {used:6.2f} s")
    print(f"  at once, warm                       {warm:6.2f} s   {in_turn / warm:5.1f}x faster   goal <= 0.4 s")
    print(f"  {CALLS} calls that only wait, 32 threads {bare:6.2f} s")
    print(f"  memory with ten sessions            {memory:6.0f} MiB   goal <= 250")


def _measured(environ: dict[str, str], *kind: str) -> tuple[float, ...]:
    words = [sys.executable, "-m", "tests.bench.explorer", *kind]
    ended = subprocess.run(words, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise RuntimeError(ended.stderr[-600:])
    return tuple(map(float, ended.stdout.split()))


def measure(*, far: bool) -> None:
    """Print: one after the other, cold, the CPU of that, warm, a second session, threads that only wait (seconds), and memory (MiB).

    Of the `far` door, whose calls a process of its own makes: cold, the CPU of that, warm.
    """
    from concurrent.futures import ThreadPoolExecutor

    from tui_app.aws.door import AwsDoor
    from tui_app.aws.far_door import FarDoor
    from tui_app.explorer.asking import Asker, Asking
    from tui_app.explorer.fetch import fetch_first_sight, fetch_view
    from tui_app.explorer.views import FIRST_SIGHT
    from tui_app.model import AccessKey, Credentials, Identity, Session
    from tui_app.secret import Secret

    identity = Identity("111122223333", "arn:aws:sts::111122223333:assumed-role/Bench/me", "AROA:me", 0.0, REGIONS[0])

    def session(number: int) -> Session:
        key = AccessKey(f"AKIAEXAMPLE{number}", Secret("secret"))
        return Session("arn:aws:iam::111122223333:role/Bench", "bench", Credentials(key, time.time() + 3600), identity, 0.0, 3600, 1)

    regional = [view for view in FIRST_SIGHT if view.scope == "regional"]
    views = (*(view for view in FIRST_SIGHT if view.scope == "global"), *regional)
    regions = REGIONS[: (CALLS - len(views) + len(regional)) // len(regional) + 1]

    def look(who: Session, seen: tuple[str, ...] = regions) -> float:
        began = time.perf_counter()
        found = fetch_first_sight(Asker(who, Asking(door)), seen, lambda _result: None, views=views)
        refused = {result.message for result in found if result.cause in ("out_of_reach", "broken", "not_aws", "failed")}
        if refused:
            raise RuntimeError(f"{len(found)} calls, among them: {sorted(refused)[:2]}")
        return (time.perf_counter() - began) * CALLS / len(found)

    door = (FarDoor if far else AwsDoor)(os.environ["FAR_AWS"])
    used = time.process_time()
    cold = look(session(0))
    used = time.process_time() - used
    warm = min(look(session(0)) for _ in range(3))
    if far:
        print(cold, used, warm)
        return
    second = look(session(1))
    began = time.perf_counter()
    alone = Asker(session(0), Asking(door))
    for view in views[:20]:
        fetch_view(alone, view, REGIONS[0])
    in_turn = (time.perf_counter() - began) * CALLS / 20
    began = time.perf_counter()
    with ThreadPoolExecutor(32) as pool:
        list(pool.map(lambda _: time.sleep(LATENCY), range(CALLS)))
    bare = time.perf_counter() - began
    for number in range(2, 10):
        look(session(number))
    with open("/proc/self/statm", encoding="ascii") as file:
        memory = int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    print(in_turn, cold, used, warm, second, bare, memory)


if __name__ == "__main__":
    measure(far=FAR in sys.argv)
