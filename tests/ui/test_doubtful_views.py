"""The screen says what is wrong with views of one's own, once, as it does of all that stands in the files."""

from __future__ import annotations

import pytest

from tui_app.catalog.load import load_catalog
from tui_app.ui.loading import load

VIEW = """
[[explorer.view]]
name = "groups"
service = "rds"
operation = "DescribeDBSubnetGroup"
rows = "DBSubnetGroups"
columns = ["Name = DBSubnetGroupName"]
"""
DOUBT = "botocore knows no operation of rds called DescribeDBSubnetGroup."


@pytest.fixture
def catalog(tmp_path):
    def read(text):
        (tmp_path / "config.toml").write_text(text)
        return load_catalog({"HOME": str(tmp_path), "ROLEDECK_CONFIG": str(tmp_path / "config.toml")})

    return read


def notes(s):
    return [note.text for note in s.store.activity]


async def test_it_stands_on_the_page_and_in_activity(stage, catalog):
    async with stage(catalog=catalog(VIEW)) as s:
        await s.sees("~/config.toml:2")
        await s.sees("botocore knows no operation of rds")
        assert len([text for text in notes(s) if DOUBT in text]) == 1


async def test_a_second_reading_says_nothing_again_and_calls_nothing_mended(stage, catalog):
    async with stage(catalog=catalog(VIEW)) as s:
        await s.until(lambda: s.store.problems)
        before = s.deck.loaded
        load(s.deck)
        await s.until(lambda: s.deck.loaded is not before and s.store.problems)
        assert len([text for text in notes(s) if DOUBT in text]) == 1
        assert "The files can be used again" not in notes(s)


async def test_a_name_that_is_taken_is_said_too(stage, catalog):
    async with stage(catalog=catalog(VIEW.replace("groups", "s3-buckets", 1))) as s:
        await s.until(lambda: s.store.problems)
        assert [problem.kind for problem in s.store.problems] == ["view_taken"]


async def test_good_views_are_no_problem(stage, catalog, monkeypatch):
    from tui_app.ui import doubtful_views

    ended = []
    told = doubtful_views.tell
    monkeypatch.setattr(doubtful_views, "tell", lambda *given: (told(*given), ended.append(1)))
    async with stage(catalog=catalog(VIEW.replace("DescribeDBSubnetGroup", "DescribeDBSubnetGroups"))) as s:
        await s.until(lambda: ended)
        assert s.store.problems == ()
