"""A refusal that comes or goes while the screen is open: the list of views, the table and what is written say the same of it."""

from __future__ import annotations

from tests.ui.exploring import BUCKETS, Door, explore, no
from tui_app.ui.explorer import reloading


def listed(s, view: str) -> list[str]:
    """What the list of views says of one."""
    halves = (row.split("▏")[0] for row in s.screen.splitlines())
    return next(half.partition(view)[2].split() for half in halves if view in half)


async def test_the_list_of_views_says_what_the_table_was_answered_last(stage):
    answers = {"s3:ListBuckets": no()}
    async with stage(door=Door(s3__ListBuckets=lambda _: answers["s3:ListBuckets"]), size=(140, 40)) as s:
        await explore(s, "s3-buckets")
        await s.until(lambda: "denied" in listed(s, "S3 buckets"))
        answers["s3:ListBuckets"] = {"Buckets": BUCKETS}
        await s.press("ctrl+r")
        await s.sees("3, all shown")
        await s.until(lambda: listed(s, "S3 buckets") == ["3"])
        answers["s3:ListBuckets"] = no()
        await s.press("ctrl+r")
        await s.until(lambda: "denied" in listed(s, "S3 buckets"))


async def test_reloading_by_itself_tells_the_list_too(stage):
    answers = {"s3:ListBuckets": {"Buckets": BUCKETS}}
    async with stage(door=Door(s3__ListBuckets=lambda _: answers["s3:ListBuckets"]), size=(140, 40)) as s:
        screen = await explore(s, "s3-buckets")
        reloading.start(s.deck, screen, screen.table, 2)
        answers["s3:ListBuckets"] = {"Buckets": BUCKETS[:1]}
        reloading.now(screen, screen.table)
        await s.sees("1, all shown")
        await s.until(lambda: listed(s, "S3 buckets") == ["1"])
