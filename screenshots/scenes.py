"""The scenes: which screen, how wide, what is pressed, and what the pictures are called."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bringing_in import asked, brought_in, filtered, form, grouped, new_sign_in, sign_in
from exploring import below, beside, explorer, matrix, reloading, rows, search
from world import ADMIN, AUDIT, DEVELOPER

if TYPE_CHECKING:
    from stage import Stage

WIDE = (140, 40)
MIDDLE = (120, 40)
HALF = (100, 30)
SMALL = (80, 24)


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
    """What is there."""

    async def play(stage: Stage) -> None:
        await stage.go_to(DEVELOPER)
        await stage.press("v")
        await stage.shot(name)

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
    Scene("explorer", WIDE, explorer("explorer")),
    Scene("explorer-120x40", MIDDLE, explorer("explorer-120x40")),
    Scene("explorer-80x24", SMALL, explorer("explorer-80x24")),
    Scene("explorer-light", WIDE, rows("explorer-light", "security-groups", "greater_than_sign"), "light"),
    Scene("explorer-no-color", WIDE, rows("explorer-no-color", "lambda-functions"), "plain"),
    Scene("explorer-rows-80x24", SMALL, rows("explorer-rows-80x24", "s3-buckets")),
    Scene("explorer-rows-100x30", HALF, rows("explorer-rows-100x30", "cloudformation-stacks")),
    Scene("explorer-below", WIDE, below("explorer-below")),
    Scene("explorer-details", WIDE, rows("explorer-details", "ec2-instances", "d")),
    Scene("explorer-denied", WIDE, rows("explorer-denied", "iam-users")),
    Scene("explorer-denied-80x24", SMALL, rows("explorer-denied-80x24", "iam-users")),
    Scene("explorer-beside", WIDE, beside("explorer-beside")),
    Scene("explorer-beside-80x24", SMALL, beside("explorer-beside-80x24")),
    Scene("matrix", WIDE, matrix("matrix")),
    Scene("matrix-80x24", SMALL, matrix("matrix-80x24")),
    Scene("explorer-columns", WIDE, rows("explorer-columns", "ec2-instances", "c")),
    Scene("explorer-regions", WIDE, rows("explorer-regions", "lambda-functions", "R")),
    Scene("search", WIDE, search("search")),
    Scene("search-80x24", SMALL, search("search-80x24")),
    Scene("search-answers", WIDE, search("search-answers", "tab")),
    Scene("chain", WIDE, pane("chain", AUDIT, "t", "t")),
    Scene("chain-80x24", SMALL, pane("chain-80x24", AUDIT, "t", "t")),
    Scene("trust", WIDE, pane("trust", DEVELOPER, "t")),
    Scene("help", WIDE, opened("help", "question_mark")),
    Scene("filter", WIDE, typed_filter),
    Scene("palette", WIDE, opened("palette", "colon")),
    Scene("forget-confirm", WIDE, opened("forget-confirm", "x")),
    Scene("filter-qualifiers", WIDE, filtered("filter-qualifiers", "env:prod !role:admin")),
    Scene("by-account", WIDE, grouped("by-account")),
    Scene("add-role", WIDE, form("add-role")),
    Scene("add-role-80x24", SMALL, form("add-role-80x24")),
    Scene("consent", WIDE, asked("consent")),
    Scene("sign-in", WIDE, sign_in("sign-in")),
    Scene("import", WIDE, brought_in("import")),
    Scene("new-sign-in", WIDE, new_sign_in("new-sign-in"), empty=True),
    Scene("explorer-reloading", WIDE, reloading("explorer-reloading")),
)
