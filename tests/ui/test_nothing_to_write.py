"""A table without rows is written into no file: one sentence says why; one with rows says which are missing."""

from __future__ import annotations

import pytest

from tests.ui.exploring import BUCKETS, DEPLOYER, DEVELOPER, Door, beside, explore, live, no, rows_of
from tests.ui.made_tables import ME, OTHER, VIEW, named, result, table_of, visitor
from tui_app.errors import OutOfReach
from tui_app.explorer.refusals import Refusal
from tui_app.explorer.results import ViewResult, joined, refused
from tui_app.ui.explorer.choices import Choice
from tui_app.ui.explorer.matrix import Matrix
from tui_app.ui.explorer.places import Table
from tui_app.ui.explorer.unwritten import missing_rows, no_rows


def refusal(cause="denied", sentence="It is denied. Ask for it.", identity=ME, region="eu-west-1"):
    return refused(ViewResult(VIEW, region, identity, 100.0), Refusal(cause, sentence, action="s3:ListThings"))


def matching(query: str, *results) -> Table:
    table = table_of(*results)
    table.filter_by(query)
    return table


def pending() -> Table:
    table = table_of()
    table.pending.add((0, "eu-west-1"))
    return table


@pytest.mark.parametrize(
    ("table", "why"),
    [
        (lambda: table_of(refusal()), "s3:ListThings is denied"),
        (lambda: table_of(refusal("out_of_reach", "AWS is out of reach. Try again.")), "AWS is out of reach"),
        (
            lambda: table_of(refusal(), refusal("region_off", "af-south-1 is off.", region="af-south-1")),
            "s3:ListThings is denied, and 1 more",
        ),
        (lambda: matching("zzz\x1b", named("a")), 'none matches "zzz␛"'),
        (pending, "AWS has not answered yet"),
        (table_of, "AWS has not been asked yet"),
        (lambda: table_of(result([])), "AWS shows none"),
    ],
)
def test_why_there_is_nothing_is_one_sentence(table, why):
    assert no_rows(table()) == f"There are no rows to write: {why}."


def test_without_a_difference_there_is_nothing_either():
    table = Table(VIEW, (visitor(ME, "one"), visitor(OTHER, "two")), ("eu-west-1",))
    table.differences = True
    table.take(0, named("a"))
    table.take(1, named("a", identity=OTHER))
    assert no_rows(table) == "There are no rows to write: all were shown the same."


def test_what_is_missing_is_told_with_whose_and_where():
    assert missing_rows(table_of(named("a"))) == ""
    table = table_of(named("a"), refusal(region="us-east-1"), refusal(region="us-west-2"))
    assert missing_rows(table) == "Not among them: us-east-1, us-west-2, as s3:ListThings is denied."
    first = named("a", more=True)
    assert missing_rows(table_of(joined(first, refusal()))) == "Not among them: further rows of eu-west-1, as s3:ListThings is denied."
    many = [refusal("region_off", f"{region} is off.", region=region) for region in ("a-1", "b-1", "c-1", "d-1", "e-1")]
    assert missing_rows(table_of(named("x"), *many)).endswith("c-1, as c-1 is off; 2 more.")


def test_of_several_roles_the_one_without_rows_is_named():
    table = Table(VIEW, (visitor(ME, "one"), visitor(OTHER, "two")), ("eu-west-1",))
    table.take(0, named("a"))
    table.take(1, refusal(identity=OTHER))
    assert missing_rows(table) == "Not among them: two in eu-west-1, as s3:ListThings is denied."


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (no(), "There are no rows to write: s3:ListAllMyBuckets is denied."),
        ({"Buckets": []}, "There are no rows to write: AWS shows none."),
        (OutOfReach("AWS cannot be reached.", "Try again."), "There are no rows to write: AWS cannot be reached."),
    ],
)
async def test_w_offers_no_file_without_rows(stage, tmp_path, monkeypatch, answer, said):
    monkeypatch.chdir(tmp_path)
    async with stage(door=Door(s3__ListBuckets=answer), size=(80, 24)) as s:
        screen = await explore(s, "s3-buckets")
        await s.press("w")
        await s.until(lambda: screen.toasts.texts)
        assert screen.toasts.texts == [said]
        assert not isinstance(s.deck.screen, Choice)
    assert not list(tmp_path.glob("roledeck-*.*"))


async def test_w_names_the_role_whose_rows_are_missing_and_writes_the_others(stage, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    answers = iter(({"Buckets": BUCKETS}, no()))
    async with stage(door=Door(s3__ListBuckets=lambda _: next(answers))) as s:
        await beside(s, DEVELOPER, DEPLOYER)
        screen = await rows_of(s, "s3-buckets")
        await s.press("w")
        await s.sees("Write 3 rows so far as")
        assert "Not among them: " in s.screen
        assert s.deck.screen.note.endswith(", as s3:ListAllMyBuckets is denied.")
        await s.press("1")
        await s.until(lambda: any(text.startswith("Written to") for text in screen.toasts.texts))


async def test_a_matrix_that_knows_nothing_yet_is_not_written(stage):
    door = Door()
    async with stage(door=door) as s:
        await live(s, DEVELOPER)
        s.deck.findings.sights.clear()
        door.gate.clear()
        await s.press("V")
        await s.until(lambda: isinstance(s.deck.screen, Matrix))
        await s.press("w")
        await s.until(lambda: s.deck.screen.toasts.texts)
        assert s.deck.screen.toasts.texts == ["There are no counts to write: AWS has not answered yet."]
        door.gate.set()
