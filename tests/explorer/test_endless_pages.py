"""Pages that never end: tokens that go round in a circle, and tokens that are always new and bring nothing."""

from __future__ import annotations

import itertools

import pytest

from tests.explorer.test_pages_and_refusals import NAMED, SESSION, Scripted, asker, first, page
from tui_app.errors import UsageError
from tui_app.explorer import asking
from tui_app.explorer.again import as_far_as
from tui_app.explorer.descend import fetch_in
from tui_app.explorer.estate.answers import Searcher
from tui_app.explorer.estate.calls import indexes
from tui_app.explorer.estate.engines import Task, ask_engine
from tui_app.explorer.estate.query import parse
from tui_app.explorer.fetch import fetch_pages
from tui_app.explorer.onward import EMPTY_PAGES


class Turning(Scripted):
    """Answers what `answers` yields."""

    def call(self, service, operation, *, region, key, parameters, retry=True):
        self.calls.append((operation, region, dict(parameters)))
        return next(self.answers[0])


def test_tokens_that_go_round_in_a_circle_end_where_the_circle_closes():
    door = Turning(itertools.cycle([page("a", more="1"), page("b", more="2")]))

    result = fetch_pages(asker(door), first(door))

    assert [call[2].get("ContinuationToken") for call in door.calls] == [None, "1", "2"]
    assert list(result.ids) == ["a", "b", "a"]
    assert result.more, "nobody has said that these are all"


def test_pages_that_bring_nothing_are_followed_for_a_while_only():
    door = Turning(page(more=str(number)) for number in itertools.count())

    result = fetch_pages(asker(door), first(door))

    assert len(door.calls) == EMPTY_PAGES
    assert (result.count, result.more) == (0, True)


def test_a_reload_to_where_the_rows_ended_follows_pages_that_bring_nothing_for_a_while_only():
    known = first(Scripted(page("a")))
    door = Turning(page(more=str(number)) for number in range(3 * EMPTY_PAGES))

    result = as_far_as(lambda: asker(door), first(door), known, lambda _count: None)

    assert len(door.calls) == EMPTY_PAGES
    assert (result.count, result.more) == (0, True)


def test_rows_after_many_empty_pages_are_found():
    empty = EMPTY_PAGES - 1
    pages = [page(more=str(number)) for number in range(empty)]
    door = Turning(iter([*pages, page("late", more="x"), *[page(more=f"y{number}") for number in range(empty)], page("later")]))

    result = fetch_pages(asker(door), first(door))

    assert list(result.ids) == ["late", "later"]
    assert not result.more


def test_a_row_is_not_looked_for_on_pages_that_go_round():
    door = Turning(itertools.cycle([page("a", more="1"), page("b", more="2")]))

    with pytest.raises(UsageError, match="no nowhere in s3-buckets"):
        fetch_in(asker(door), NAMED["s3-objects"], ["nowhere"], ("eu-west-1",))

    assert len(door.calls) == 3


def test_the_list_of_indexes_ends_where_its_token_comes_back():
    door = Turning(itertools.repeat({"Indexes": [{"Region": "eu-west-1", "Type": "LOCAL"}], "NextToken": "again"}))

    assert indexes(asker(door), "eu-west-1").regions == ("eu-west-1",)
    assert len(door.calls) == 2


def test_a_search_ends_where_the_tagging_service_brings_nothing_page_after_page():
    door = Turning({"ResourceTagMappingList": [], "PaginationToken": str(number)} for number in itertools.count())
    searcher = Searcher("r", "production/Reader", SESSION, ("eu-west-1",))
    task = Task(searcher, parse("x"), "tagging", "eu-west-1")

    part = ask_engine(task, asker(door))

    assert (part.looked, part.more) == (0, True)
    assert len(door.calls) == EMPTY_PAGES


def test_of_a_page_with_more_rows_than_any_of_aws_the_first_are_taken_and_it_is_said(monkeypatch):
    monkeypatch.setattr(asking, "MOST_ON_A_PAGE", 2)

    result = first(Scripted(page("a", "b", "c")))

    assert (list(result.ids), result.more) == (["a", "b"], True)
    assert result.note == "Only the first 2 of the 3 rows on one page."
    assert first(Scripted(page("a", "b"))).note == ""
