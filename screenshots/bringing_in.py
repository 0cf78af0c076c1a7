"""The scenes of bringing roles in and finding them again: filter, groups, form, sign-in, import, and the question about a program."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

from world import DEVELOPER

if TYPE_CHECKING:
    from stage import Stage

    from tui_app.ui.screens.sign_in import SignInScreen

TYPED = (
    ("role", "cross-account/DataReader"),
    ("account", "111122223333"),
    ("name", ""),
    ("environment", ""),
    ("via", "dev"),
    ("external_id", "UniqueExternalId12345"),
    ("mfa_serial", ""),
    ("duration", "13h"),
)
"""What the form is given, field by field; the last one is more than AWS allows."""
PROGRAM = """
[profile vault]
credential_process = "/opt/company/bin/aws-keys" --account 777788889999 --for "read only"

[profile vault-reader]
role_arn = arn:aws:iam::777788889999:role/ReadOnly
source_profile = vault
"""


def filtered(name: str, query: str) -> Callable[[Stage], Awaitable[None]]:
    """The list while a filter with qualifiers is typed."""

    async def play(stage: Stage) -> None:
        await stage.press("slash")
        await stage.type(query)
        await stage.shot(name)

    return play


def grouped(name: str) -> Callable[[Stage], Awaitable[None]]:
    """The list by account."""

    async def play(stage: Stage) -> None:
        await stage.go_to(DEVELOPER)
        await stage.press("b")
        await stage.shot(name)
        await stage.press("b", "b", "b")

    return play


def form(name: str) -> Callable[[Stage], Awaitable[None]]:
    """The form of a role, one field of it wrong."""

    async def play(stage: Stage) -> None:
        await stage.press("a")
        for number, (_, text) in enumerate(TYPED):
            if number:
                await stage.press("down")
            await stage.type(text)
        await stage.shot(name)
        await stage.press("escape", "y")

    return play


async def _sign_in(stage: Stage) -> SignInScreen:
    from tui_app.ui.screens.sign_in import SignInScreen

    await stage.until(lambda: isinstance(stage.deck.screen, SignInScreen) and stage.deck.screen.prompt)
    await stage.rest()
    return cast("SignInScreen", stage.deck.screen)


def sign_in(name: str) -> Callable[[Stage], Awaitable[None]]:
    """The device code, and where to compare it."""

    async def play(stage: Stage) -> None:
        stage.deck.run_command("sso.login")
        await _sign_in(stage)
        await stage.shot(name)
        await stage.press("escape")

    return play


def brought_in(name: str) -> Callable[[Stage], Awaitable[None]]:
    """What an import would write; signed in on the way where that is needed."""

    async def play(stage: Stage) -> None:
        from tui_app.ui.screens.discover import Discover
        from tui_app.ui.screens.sign_in import SignInScreen

        stage.deck.run_command("roles.import")
        await stage.until(lambda: isinstance(stage.deck.screen, SignInScreen) or _found(stage))
        if isinstance(stage.deck.screen, SignInScreen):
            screen = await _sign_in(stage)
            if stage.aws and screen.prompt:
                stage.aws.service.identity_center.approve({"user_code": screen.prompt.user_code})
        await stage.until(lambda: isinstance(stage.deck.screen, Discover) and _found(stage))
        await stage.shot(name)
        await stage.press("escape")

    return play


def _found(stage: Stage) -> bool:
    return bool(getattr(stage.deck.screen, "found", None))


@contextmanager
def _with_program(environ: Mapping[str, str]) -> Iterator[None]:
    """A profile whose keys come from a program."""
    config = Path(environ["AWS_CONFIG_FILE"])
    before = config.read_text(encoding="utf-8")
    config.write_text(before + PROGRAM, encoding="utf-8")
    try:
        yield
    finally:
        config.write_text(before, encoding="utf-8")


def asked(name: str) -> Callable[[Stage], Awaitable[None]]:
    """A program of the files is asked about before it runs."""

    async def play(stage: Stage) -> None:
        from tui_app.ui.screens.confirm import Confirm

        with _with_program(stage.deck.environ):
            stage.deck.reload()
            await stage.until(lambda: stage.deck.store.entry("vault-reader"))
            await stage.go_to("vault-reader")
            await stage.press("enter")
            await stage.until(lambda: isinstance(stage.deck.screen, Confirm))
            await stage.shot(name)
            await stage.press("escape")

    return play


def new_sign_in(name: str) -> Callable[[Stage], Awaitable[None]]:
    """From the first page to a start page that no file names, half typed."""

    async def play(stage: Stage) -> None:
        await stage.until(lambda: len(stage.deck.screen_stack) > 1)
        await stage.press("s")
        await stage.type("https://acme.awsapps.com/start")
        await stage.press("down")
        await stage.type("eu-west")
        await stage.shot(name)

    return play
