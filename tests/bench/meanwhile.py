"""Keys while the screen looks round an account for the first time, and the memory of ten sessions that were looked round for.

The real program in a pty, with a far AWS over TLS: a key is written at a random moment, one at a time, and answered when the frame that
shows its effect has come out, by the clock of whoever pressed it. Every round is a process of its own, so that cold is cold.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import random
import re
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
from dataclasses import dataclass

from tests.bench.far_aws import ROOT, far_aws
from tests.bench.rounds import alone
from tui_app.ui.theme import Look

ROLES = 10
REGIONS = ("eu-west-1", "us-east-1", "eu-central-1", "us-west-2")
PATIENCE = 10.0
SETTLED = 1.0
"""Seconds after which nothing of the start is left to do."""
IDLE, DOWN = 10, 8
"""Keys after the first sight, and how far the cursor goes before it goes back."""
APART = (0.01, 0.06)
"""Seconds between a key's answer and the next key."""
_ESCAPES = re.compile(rb"\x1b(?:\[[0-9;?<>=]*[A-Za-z]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[=>()][0-9A-B]?)")
_UNDER_CURSOR = re.compile(rb"\x1b\[[0-9;]*48;2;%d;%d;%dm *" % tuple(bytes.fromhex(Look("dark").tokens["cursor"][1:])))
"""The ground of the row that has the keys, which no letter marks."""
_READY = r"account9.*:[0-9][0-9]"
_PROGRESS = r"(\d+ of \d+: )?\d+ readable(?:, \d+ denied)?(, \d+ on (?:its|their) way)?"
_ANSWERED = rf"{ROLES} roles, what each can see(?:   \S (\d+ of \d+ answered)|    )"
_ALL_THERE = r"\d+ readable, \d+ denied(?!, \d+ on (?:its|their) way)"


@dataclass(frozen=True, slots=True)
class Place:
    """Where keys are pressed: the keys that lead there, each with what its frame shows, and what tells where the cursor is."""

    title: str
    keys: tuple[tuple[bytes, str], ...]
    cursor: str
    progress: str = _PROGRESS
    """What is said of the first sight; its groups are what only stands there while answers are on their way."""


PANE = (b"v", r"Resources")
TWO_MARKED = ((b" ", r"."), (b"j", r"."), (b" ", r"."))
NAME = r"» ([A-Za-z]\w*(?: \w+)*)"
"""What is under the cursor; the counts beside it are there, too."""
PLACES = (
    Place("in the list, with the pane beside it", (PANE,), r"▸ (?:» )*(\w+(?: \w+)*)"),
    Place("in the explorer", (PANE, (b"v", r"tab rows")), NAME),
    Place("in the explorer, two roles side by side", (*TWO_MARKED, (b"v", r"tab rows")), NAME),
    Place("in the matrix of all sessions", ((b"V", r"answered"),), NAME, _ANSWERED),
)


@dataclass(frozen=True, slots=True)
class Moment:
    """When something was, by the clock on the wall and by the CPU that the program had had by then, in seconds."""

    wall: float
    cpu: float

    def since(self, other: Moment) -> Moment:
        """How much later."""
        return Moment(self.wall - other.wall, self.cpu - other.cpu)


def keys(rounds: int) -> None:
    """Print how long keys take while eighty calls run, in percentiles of all rounds, and the memory of it all."""
    with tempfile.TemporaryDirectory() as folder, far_aws(folder) as far:
        environ = home(folder, far)
        with contextlib.suppress(PermissionError):
            # whoever presses the keys has a clock of their own: theirs must not stand still while the calls have all processors
            os.setpriority(os.PRIO_PROCESS, 0, -10)
        found = {place: [_round(environ, place) for _ in range(max(3, rounds // 2))] for place in PLACES}
        now, most = _memory(environ)
    print(f"\nA key while 87 calls or more run cold, until its frame is out   goal p99 <= 16 ms   load {os.getloadavg()[0]:.1f}")
    for place in PLACES:
        print(f"  {place.title}")
        for title, taken in (
            ("meanwhile", [one for times, _ in found[place] for one in times]),
            ("afterwards", [one for _, times in found[place] for one in times]),
        ):
            for clock, times in (("the wall's clock", [one.wall for one in taken]), ("the program's CPU", [one.cpu for one in taken])):
                print(f"    {title:10}  {clock:17}  {_percentiles(times)}  {len(times)} keys")
    print(f"\nThe whole screen, {ROLES} sessions looked round for in {len(REGIONS)} regions")
    print(f"  {now:.0f} MiB, at most {most:.0f} MiB   goal <= 250")


def _percentiles(times: list[Moment]) -> str:
    ordered = sorted(times) or [0.0]
    parts = {"p50": 0.5, "p90": 0.9, "p99": 0.99, "max": 1.0}
    return "  ".join(f"{name} {ordered[min(len(ordered) - 1, int(len(ordered) * part))] * 1000:6.1f} ms" for name, part in parts.items())


def home(folder: str, far: dict[str, str]) -> dict[str, str]:
    """A home with so many live sessions."""
    environ = alone(folder) | {"AWS_CA_BUNDLE": far["AWS_CA_BUNDLE"], "ROLEDECK_ENDPOINT_URL": far["FAR_AWS"], "PYTHONPATH": ROOT}
    environ |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
    regions = ", ".join(f'"{region}"' for region in REGIONS)
    accounts = (
        f'[[account]]\nid = "{111122223300 + number}"\nname = "account{number}"\nregions = [{regions}]\n'
        '[[account.role]]\nname = "Bench"\nvia = "dev"\n'
        for number in range(ROLES)
    )
    files = {
        ".aws/credentials": "[dev]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = secret\n",
        ".aws/config": "[profile dev]\nregion = eu-west-1\n",
        "config/roledeck/config.toml": "".join(accounts),
    }
    for name, text in files.items():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
    for number in range(ROLES):
        words = [sys.executable, "-m", "tui_app", "assume", f"account{number}/Bench"]
        subprocess.run(words, env=environ, cwd=ROOT, check=True, capture_output=True)
    return environ


class Terminal:
    """A program in a pty, and what it has written, as text without its escapes."""

    def __init__(self, environ: dict[str, str]) -> None:
        self.pid, self._master = pty.fork()
        if self.pid == 0:
            os.setpriority(os.PRIO_PROCESS, 0, 0)
            os.chdir(ROOT)
            os.execve(sys.executable, [sys.executable, "-m", "tui_app"], environ)
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 140, 0, 0))
        self._bytes = b""

    def press(self, key: bytes) -> Moment:
        """Write a key and forget what was read before it; the moment."""
        self._bytes = b""
        moment = self.now()
        os.write(self._master, key)
        return moment

    def now(self) -> Moment:
        """The moment; Linux reads the CPU clock of another process by a number made of its id (`man 3 clock_getcpuclockid`)."""
        return Moment(time.perf_counter(), time.clock_gettime((~self.pid << 3) | 2))

    def read(self, seconds: float) -> str:
        """All text since the last key, after waiting at most so long for more.

        Raises:
            RuntimeError: the program has ended.
        """
        while select.select([self._master], [], [], seconds)[0]:
            try:
                self._bytes += os.read(self._master, 65536)
            except OSError:
                raise RuntimeError(f"the screen ended: {self._bytes[-300:]!r}") from None
            seconds = 0
        return _ESCAPES.sub(b"", _UNDER_CURSOR.sub("» ".encode(), self._bytes)).decode(errors="replace")

    def until(self, pattern: str) -> None:
        """Wait for a text.

        Raises:
            RuntimeError: it never came.
        """
        end = time.monotonic() + PATIENCE
        while not re.search(pattern, text := self.read(0.5)):
            if time.monotonic() > end:
                raise RuntimeError(f"{pattern} never came: {text[-300:]!r}")

    def memory(self) -> tuple[float, float]:
        """What it has now, and had at most, in MiB, with the process that calls AWS for it."""
        found = [_memory_of(pid) for pid in (self.pid, *_children(self.pid))]
        return sum(now for now, _ in found), sum(most for _, most in found)

    def end(self) -> None:
        """Kill it."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self._master)


def _children(pid: int) -> list[int]:
    """The processes that a process has started and that still run."""
    found = []
    for thread in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{thread}/children", encoding="ascii") as file:
            found += map(int, file.read().split())
    return found


def _memory_of(pid: int) -> tuple[float, float]:
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        sizes = {line.split(":")[0]: line.split()[1] for line in file if line.startswith("Vm")}
    return int(sizes["VmRSS"]) / 1024, int(sizes["VmHWM"]) / 1024


def _round(environ: dict[str, str], place: Place) -> tuple[list[Moment], list[Moment]]:
    """How long each key took while the first sight is on its way, and after it."""
    terminal = Terminal(environ)
    try:
        terminal.until(_READY)
        time.sleep(SETTLED)
        for key, shown in place.keys:
            terminal.press(key)
            terminal.until(shown)
        on_its_way, afterwards = list[Moment](), list[Moment]()
        at, looking, before = 0, True, list[str]()
        end = time.monotonic() + PATIENCE
        while len(afterwards) < IDLE and time.monotonic() < end:
            time.sleep(random.uniform(*APART))
            text = terminal.read(0)
            looking = looking and not _ended(text, place)
            pressed = terminal.press(b"j" if at % (2 * DOWN) < DOWN else b"k")
            at += 1
            before = re.findall(place.cursor, text)[-1:] or before
            took = _moved(terminal, place, before).since(pressed)
            (on_its_way if looking else afterwards).append(took)
        return on_its_way, afterwards
    finally:
        terminal.end()


def _moved(terminal: Terminal, place: Place, before: list[str]) -> Moment:
    """Wait until the cursor is elsewhere; the moment."""
    end = time.monotonic() + PATIENCE
    while not any(name not in before for name in re.findall(place.cursor, terminal.read(0.5))):
        if time.monotonic() > end:
            raise RuntimeError(f"the cursor stays at {before}: {terminal.read(0)[-300:]}")
    return terminal.now()


def _ended(text: str, place: Place) -> bool:
    """Whether the last that is said of the first sight is that all answers are there."""
    said = list(re.finditer(place.progress, text))
    return bool(said) and not any(said[-1].groups())


def _memory(environ: dict[str, str]) -> tuple[float, float]:
    """MiB now and at most, after every session was looked round for."""
    terminal = Terminal(environ)
    try:
        terminal.until(_READY)
        time.sleep(SETTLED)
        for number in range(ROLES):
            terminal.press(b"v")
            terminal.until(f"account{number} {111122223300 + number} ")
            terminal.until(_ALL_THERE)
            terminal.press(b"\x1b")
            time.sleep(0.5)
            terminal.press(b"j")
            time.sleep(0.5)
        return terminal.memory()
    finally:
        terminal.end()
