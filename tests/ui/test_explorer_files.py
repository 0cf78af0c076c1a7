"""Files of what the explorer shows: private, never another one's, and with nothing in them that is not shown."""

from __future__ import annotations

import csv
import io
import json
import os
import stat

import pytest

from tests.ui.made_tables import ME, named, table_of
from tui_app.errors import Cancelled, RoledeckError
from tui_app.explorer.results import joined
from tui_app.ui.explorer.saving import write_file
from tui_app.ui.explorer.writing import Taken, rows_text


def test_the_file_is_private_and_never_another_ones(tmp_path):
    names = [write_file("../../s3\x1bbuckets", "111122223333", "csv", "x\n", 0.0, str(tmp_path)) for _ in range(2)]
    assert len(set(names)) == 2
    assert all(name.startswith("roledeck-111122223333-s3buckets-1970") for name in names)
    assert {stat.S_IMODE(os.stat(tmp_path / name).st_mode) for name in names} == {0o600}


def test_a_link_that_lies_there_is_not_followed(tmp_path):
    name = write_file("things", "", "csv", "mine\n", 0.0, str(tmp_path))
    (tmp_path / name).unlink()
    (tmp_path / name).symlink_to(tmp_path / "victim")
    assert write_file("things", "", "csv", "mine\n", 0.0, str(tmp_path)) != name
    assert not (tmp_path / "victim").exists()


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path):
    with pytest.raises(RoledeckError, match="Nothing can be written"):
        write_file("things", "", "csv", "x", 0.0, str(tmp_path / "missing"))


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
    monkeypatch.setattr("tui_app.ui.explorer.writing.SAID_EVERY", 2)
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


def test_a_working_folder_that_is_no_more_is_a_sentence(tmp_path, monkeypatch):
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(RoledeckError, match="the working folder, which is no more"):
        write_file("s3-buckets", "", "csv", "x", 0.0)
    monkeypatch.chdir(tmp_path)
