"""First useful frame in a pty: ten roles, 10,000, and the demo, as ratios to an empty Textual app started in the same rounds."""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import select
import signal
import statistics
import struct
import sys
import tempfile
import termios
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
GOAL = 1.25
EMPTY = """
from textual.app import App
from textual.widgets import Static
class Empty(App):
    def compose(self):
        yield Static("first-role")
Empty().run()
"""


def config(folder: str, roles: int) -> dict[str, str]:
    """A home whose shared config has so many roles."""
    home = os.path.join(folder, str(roles))
    os.makedirs(os.path.join(home, ".aws"))
    with open(os.path.join(home, ".aws", "config"), "w", encoding="utf-8") as file:
        file.write("[profile dev]\nregion = eu-west-1\n")
        for number in range(roles):
            name = "first-role" if number == 0 else f"account-{number % 977:04d}-{number}"
            arn = f"arn:aws:iam::{100000000000 + number:012d}:role/{name}"
            file.write(f"\n[profile {name}]\nrole_arn = {arn}\nsource_profile = dev\nregion = eu-west-1\n")
    return {"HOME": home}


def frame(argv: list[str], environ: dict[str, str], words: bytes) -> float:
    """Seconds from the start of the process until `words` are on its terminal."""
    start = time.perf_counter()
    pid, master = pty.fork()
    if pid == 0:
        os.chdir(ROOT)
        os.execve(argv[0], argv, environ)
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    output, end = b"", time.monotonic() + 20
    while words not in output:
        if time.monotonic() > end or not select.select([master], [], [], 5)[0]:
            raise RuntimeError(f"no frame: {output[-500:]!r}")
        output += os.read(master, 65536)
    took = time.perf_counter() - start
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    os.close(master)
    return took


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    base = {"PATH": os.environ.get("PATH", ""), "TERM": "xterm-256color", "LANG": "C.UTF-8", "PYTHONPATH": ROOT}
    with tempfile.TemporaryDirectory() as folder:
        program = [sys.executable, "-m", "tui_app"]
        contestants = {
            "empty Textual app": ([sys.executable, "-c", EMPTY], base, b"first-role"),
            "10 roles": (program, base | config(folder, 10), b"first-role"),
            "10,000 roles": (program, base | config(folder, 10_000), b"first-role"),
            "demo": ([*program, "demo"], base | {"HOME": folder, "TMPDIR": folder}, b"CrossAccountDeveloperRole"),
        }
        times: dict[str, list[float]] = {name: [] for name in contestants}
        for number in range(rounds + 1):
            for name, (argv, environ, words) in contestants.items():
                took = frame(argv, environ, words)
                if number:
                    times[name].append(took)
    floor = times["empty Textual app"]
    print(f"{'':20}{'median ms':>10}{'x':>8}{'goal':>9}")
    for name, found in times.items():
        ratio = statistics.median(mine / other for mine, other in zip(found, floor, strict=True))
        goal = f"<= {GOAL}" if "roles" in name else ""
        print(f"{name:20}{statistics.median(found) * 1000:>10.0f}{ratio:>8.2f}{goal:>9}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
