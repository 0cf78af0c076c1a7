"""Measuring in rounds: every contestant once a round, so that a slow moment of the machine hits them all alike."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Run = Callable[[], float]
"""Does the work once; seconds it took."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the report: a median time, and the median of the per-round ratios to the floor."""

    name: str
    milliseconds: float
    ratio: float
    goal: str = ""


def process(words: Sequence[str], environ: Mapping[str, str], code: int = 0) -> Run:
    """A whole process from start to end, its output thrown away.

    Raises:
        RuntimeError: from the run, where the process ends with another exit code.
    """

    def run() -> float:
        began = time.perf_counter()
        ended = subprocess.run(words, env=dict(environ), stdin=subprocess.DEVNULL, capture_output=True, check=False)
        taken = time.perf_counter() - began
        if ended.returncode != code:
            raise RuntimeError(f"{' '.join(words[:6])} ended with {ended.returncode}: {ended.stderr.decode(errors='replace')[-400:]}")
        return taken

    return run


def work(function: Callable[[], object]) -> Run:
    """CPU time of a function in this process."""

    def run() -> float:
        began = time.process_time()
        function()
        return time.process_time() - began

    return run


def compare(contestants: Mapping[str, Run], goals: Mapping[str, str], rounds: int) -> list[Line]:
    """One line a contestant; the first is the floor. One round before the count warms caches and .pyc files."""
    for run in contestants.values():
        run()
    times: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, run in contestants.items():
            times[name].append(run())
    floor = times[next(iter(contestants))]
    return [
        Line(
            name,
            statistics.median(taken) * 1000,
            statistics.median([one / base if base else 0.0 for one, base in zip(taken, floor, strict=True)]),
            goals.get(name, ""),
        )
        for name, taken in times.items()
    ]


def show(title: str, lines: Sequence[Line]) -> None:
    """Print a table of ratios."""
    print(f"\n{title}")
    width = max(len(line.name) for line in lines)
    for line in lines:
        goal = f"   goal {line.goal}" if line.goal else ""
        print(f"  {line.name.ljust(width)}  {line.milliseconds:9.2f} ms  {line.ratio:7.2f}x{goal}")


def quiet(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment without what would slow Python down or reach for the network."""
    dropped = ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "PYTHONPROFILEIMPORTTIME", "PYTHONDEVMODE")
    return {name: value for name, value in environ.items() if name not in dropped and not name.startswith(("AWS_", "ROLEDECK_"))}


def alone(folder: str) -> dict[str, str]:
    """An environment whose home is `folder`."""
    homes = {
        name: os.path.join(folder, tail)
        for name, tail in (("XDG_CONFIG_HOME", "config"), ("XDG_CACHE_HOME", "cache"), ("XDG_STATE_HOME", "state"))
    }
    return quiet(os.environ) | homes | {"HOME": folder, "AWS_EC2_METADATA_DISABLED": "true"}
