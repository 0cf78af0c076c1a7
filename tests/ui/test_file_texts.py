"""The text of the explorer's files: all that is shown and nothing else, and how far it is."""

from __future__ import annotations

import csv
import io
import json

import pytest

from tests.ui.made_tables import ME, named, table_of
from tui_app.errors import Cancelled
from tui_app.explorer.results import joined
from tui_app.ui.explorer.file_texts import Taken, rows_text


def test_what_is_written_is_what_is_shown():
    table = table_of(named("b", "a", "=1+1"))
    table.grid.sort_by(0)
    table.grid.set_query("!name:b")
    rows = list(csv.DictReader(io.StringIO(rows_text(Taken(table), "csv"))))
    assert [row["Name"] for row in rows] == ["'=1+1", "a"]
    assert rows[1]["ARN"] == "arn:aws:s3:::a"
    document = json.loads(rows_text(Taken(table), "json"))
    assert [row["Name"] for row in document["rows"]] == ["=1+1", "a"]
    assert document["identities"] == [{"account": ME.account, "arn": ME.arn}]
    assert document["complete"] is True


@pytest.mark.parametrize("names", [(), ("a",), ("b", "a", "c\nd", "é\x1b")])
def test_the_document_is_what_json_writes_of_it(names):
    text = rows_text(Taken(table_of(named(*names))), "json")
    assert text == json.dumps(json.loads(text), indent=2) + "\n"
    assert len(json.loads(text)["rows"]) == len(names)


@pytest.mark.parametrize("form", ["csv", "json"])
def test_how_far_a_file_is_is_said_and_stops_it(monkeypatch, form):
    monkeypatch.setattr("tui_app.ui.explorer.file_texts.SAID_EVERY", 2)
    taken, said = Taken(table_of(named(*"abcdefgh"))), []

    def say(done: int) -> None:
        said.append(done)
        if done == 4:
            raise Cancelled("Enough.")

    with pytest.raises(Cancelled):
        rows_text(taken, form, say)
    assert said == [0, 2, 4]


def test_what_comes_while_a_file_is_written_is_not_in_it():
    first = named("a", "b", more=True)
    table = table_of(first)
    taken = Taken(table)
    table.take(0, joined(first, named("c")))
    table.take(0, named("x", "y", at=200.0))
    assert [row["Name"] for row in json.loads(rows_text(taken, "json"))["rows"]] == ["a", "b"]


def test_a_filter_that_is_not_finished_is_finished_for_the_file(monkeypatch):
    monkeypatch.setattr("tui_app.ui.explorer.filtering.STEP", 1)
    monkeypatch.setattr("tui_app.ui.explorer.grid.SCREENFUL", 1)
    table = table_of(named(*"abacada"))
    table.grid.look_for("a")
    assert table.grid.finding is not None
    names = [row["Name"] for row in json.loads(rows_text(Taken(table), "json"))["rows"]]
    assert names == list("aaaa")


def test_an_incomplete_table_says_so_in_its_file():
    table = table_of(named("a", more=True))
    assert json.loads(rows_text(Taken(table), "json"))["complete"] is False
