"""The scenes of the resources: views and rows, details, what is denied, several roles side by side."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from world import AUDIT, DEVELOPER

if TYPE_CHECKING:
    from stage import Stage

Play = Callable[["Stage"], Awaitable[None]]
DEVELOPMENT = "development/S3Developer"


async def _at(stage: Stage, view: str) -> None:
    """The explorer of the developer's role, with the keys on the list of views, at one of them."""
    await stage.go_to(DEVELOPER)
    await stage.press("v")
    await stage.press("v")
    explorer = stage.deck.explorer
    names = [item.name for item in explorer.views.listed.views]
    explorer.move(names.index(view) - explorer.views.at)
    # the rows follow a cursor that rests
    explorer.update()
    await stage.rest()


def explorer(name: str) -> Play:
    """All views, with the rows of one beside them where there is room."""

    async def play(stage: Stage) -> None:
        await _at(stage, "s3-buckets")
        await stage.shot(name)

    return play


def rows(name: str, view: str, *keys: str) -> Play:
    """The rows of one view, and what keys make of them."""

    async def play(stage: Stage) -> None:
        await _at(stage, view)
        await stage.press("enter", *keys)
        await stage.shot(name)

    return play


def below(name: str) -> Play:
    """What lies in a bucket, after the one question about its price."""

    async def play(stage: Stage) -> None:
        await _at(stage, "s3-buckets")
        await stage.press("enter", "enter")
        await stage.press("y")
        await stage.until(lambda: stage.deck.explorer.table.results)
        await stage.shot(name)

    return play


def beside(name: str) -> Play:
    """Two marked roles: the counts of each, and the rows with what differs."""

    async def play(stage: Stage) -> None:
        for key in (DEVELOPER, DEVELOPMENT):
            await stage.go_to(key)
            await stage.press("space")
        await stage.press("v")
        await stage.until(lambda: stage.deck.explorer and not stage.deck.explorer.working)
        explorer = stage.deck.explorer
        explorer.move([item.name for item in explorer.views.listed.views].index("s3-buckets") - explorer.views.at)
        await stage.press("enter", "greater_than_sign")
        await stage.shot(name)

    return play


def reloading(name: str) -> Play:
    """A table that reloads itself, after somebody else has been at work in the account."""

    async def play(stage: Stage) -> None:
        from tui_app.ui.explorer import reloading as itself

        await _at(stage, "ssm-parameters")
        await stage.press("enter", "e", "enter")
        _work_elsewhere(stage)
        explorer = stage.deck.explorer
        itself.now(explorer, explorer.table)
        await stage.until(lambda: itself.of(explorer).counted() and itself.of(explorer).round is None)
        await stage.press("down")
        await stage.shot(name)

    return play


def _work_elsewhere(stage: Stage) -> None:
    """One parameter is changed, one comes, one goes; scenes after this one see it."""
    import boto3

    if stage.aws is None:
        return
    headers = {"x-moto-account-id": "111122223333", "x-roledeck-demo": stage.aws.secret}
    keys = {"aws_access_key_id": "seed", "aws_secret_access_key": "seed"}
    ssm = boto3.client("ssm", endpoint_url=stage.aws.url, region_name="eu-west-1", **keys)
    ssm.meta.events.register("before-call", lambda params, **_: params["headers"].update(headers))
    ssm.put_parameter(Name="/storefront/log-level", Value="debug", Type="String", Overwrite=True)
    ssm.put_parameter(Name="/storefront/search/timeout", Value="2s", Type="String")
    ssm.delete_parameter(Name="/baseline/version")
    ssm.close()


def matrix(name: str) -> Play:
    """Every live session by every view."""

    async def play(stage: Stage) -> None:
        await stage.go_to(AUDIT)
        await stage.press("V")
        await stage.until(lambda: not stage.deck.screen.working)
        stage.deck.screen.update()
        await stage.shot(name)

    return play


def search(name: str, *keys: str) -> Play:
    """Every live session searched for a word, and who answered by which engine."""

    async def play(stage: Stage) -> None:
        await stage.go_to(AUDIT)
        await stage.press("F", *"receipts", "enter")
        await stage.until(lambda: stage.deck.screen.search and not stage.deck.screen.working)
        await stage.press(*keys)
        await stage.shot(name)

    return play
