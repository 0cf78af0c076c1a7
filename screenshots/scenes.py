"""The scenes: which screen, how wide, what is pressed, and what the pictures are called."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from world import ADMIN, AUDIT, DEVELOPER

if TYPE_CHECKING:
    from stage import Stage

WIDE = (140, 40)
MIDDLE = (120, 40)
HALF = (100, 30)
SMALL = (80, 24)
BUCKETS = 5
"""How far down the views the S3 buckets are."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A run of the screen. `empty` scenes know no role; `look` is dark, light or plain (what NO_COLOR gives)."""

    name: str
    size: tuple[int, int]
    play: Callable[[Stage], Awaitable[None]]
    look: str = "dark"
    empty: bool = False


def main_list(name: str) -> Callable[[Stage], Awaitable[None]]:
    """The list as it is after a morning: live, soon over, expired, refused."""

    async def play(stage: Stage) -> None:
        for key in ("sandbox/PowerUser", "staging/DatabaseAdmin"):
            await stage.go_to(key)
            await stage.press("enter")
            if stage.deck.codes.open is not None:
                await stage.press("escape")
        await stage.go_to(DEVELOPER)
        await stage.shot(name)

    return play


def pane(name: str, key: str, *keys: str) -> Callable[[Stage], Awaitable[None]]:
    """One tab of the pane of a role."""

    async def play(stage: Stage) -> None:
        await stage.go_to(key)
        for pressed in keys:
            await stage.press(pressed)
        await stage.shot(name)

    return play


async def code(stage: Stage) -> None:
    """The modal for the code: half typed, then refused."""
    await stage.go_to(ADMIN)
    await stage.press("enter")
    await stage.until(lambda: stage.deck.codes.open)
    await stage.rest()
    await stage.type("481")
    await stage.shot("mfa-modal")
    await stage.press("backspace", "backspace", "backspace")
    serial = stage.deck.codes.open.request.serial if stage.deck.codes.open else ""
    right = stage.aws.code(serial)[0] if stage.aws else ""
    await stage.type("".join("0" if digit == "9" else str(int(digit) + 1) for digit in right))
    await stage.press("enter")
    await stage.until(lambda: stage.deck.codes.open and stage.deck.codes.open.request.refusal)
    await stage.shot("mfa-refused")
    await stage.press("escape")


async def typed_filter(stage: Stage) -> None:
    """The filter while it is typed."""
    await stage.press("slash")
    await stage.type("read")
    await stage.shot("filter")


def opened(name: str, *keys: str) -> Callable[[Stage], Awaitable[None]]:
    """What a key opens over the list."""

    async def play(stage: Stage) -> None:
        await stage.go_to(DEVELOPER)
        await stage.press(*keys)
        await stage.shot(name)

    return play


async def first_run(stage: Stage) -> None:
    """No role anywhere."""
    await stage.until(lambda: len(stage.deck.screen_stack) > 1)
    await stage.shot("first-run")


def resources(name: str) -> Callable[[Stage], Awaitable[None]]:
    """What is there; then the rows of one view."""

    async def play(stage: Stage) -> None:
        await stage.go_to(DEVELOPER)
        await stage.press("v")
        await stage.shot(name)
        await stage.press(*["j"] * BUCKETS, "enter")
        await stage.shot(name.replace("resources", "resources-rows"))

    return play


SCENES: tuple[Scene, ...] = (
    Scene("main-wide", WIDE, main_list("main-wide")),
    Scene("main-120x40", MIDDLE, main_list("main-120x40")),
    Scene("main-100x30", HALF, main_list("main-100x30")),
    Scene("main-80x24", SMALL, main_list("main-80x24")),
    Scene("main-light", WIDE, main_list("main-light"), "light"),
    Scene("main-no-color", WIDE, main_list("main-no-color"), "plain"),
    Scene("first-run", WIDE, first_run, empty=True),
    Scene("mfa", WIDE, code),
    Scene("identity", WIDE, pane("identity", DEVELOPER, "tab")),
    Scene("resources", WIDE, resources("resources")),
    Scene("resources-80x24", SMALL, resources("resources-80x24")),
    Scene("chain", WIDE, pane("chain", AUDIT, "t", "t")),
    Scene("chain-80x24", SMALL, pane("chain-80x24", AUDIT, "t", "t")),
    Scene("trust", WIDE, pane("trust", DEVELOPER, "t")),
    Scene("help", WIDE, opened("help", "question_mark")),
    Scene("filter", WIDE, typed_filter),
    Scene("palette", WIDE, opened("palette", "colon")),
    Scene("forget-confirm", WIDE, opened("forget-confirm", "x")),
)
