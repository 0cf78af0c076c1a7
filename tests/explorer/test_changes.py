"""What differs between two answers of a view, and asking again for the same pages."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_app.aws.paging import Paging
from tui_app.errors import OutOfReach, Refused, WrongIdentity
from tui_app.explorer import again
from tui_app.explorer.again import Pace, fetch_again, interval, said, with_rest
from tui_app.explorer.asking import Asker, Asking, Tally
from tui_app.explorer.changes import compare, counted, same_row
from tui_app.explorer.fetch import fetch_more, fetch_view
from tui_app.explorer.refusals import Refusal
from tui_app.explorer.results import ViewResult, of_rows, refused
from tui_app.explorer.view import Column, View
from tui_app.model import AccessKey, Credentials, Identity, Session
from tui_app.secret import Secret

VIEW = View(
    "things",
    "Things",
    "Data",
    "s3",
    "ListThings",
    "s3:ListThings",
    "Things",
    (Column("Name", "Name"), Column("Size", "Size", "size"), Column("Since", "Since", "date"), Column("Status", "Status")),
    id="Id",
    parameters={"MaxKeys": 3},
    tags="Tags",
)
ME = Identity("111122223333", "arn:aws:sts::111122223333:assumed-role/Reader/me", "AROA:me", 0.0, "eu-west-1")
KEY = AccessKey("ASIAEXAMPLE", Secret("s"), Secret("t"))
SESSION = Session("arn:aws:iam::111122223333:role/Reader", "one/Reader", Credentials(KEY, time.time() + 900), ME, 0.0, 900, 1)


def answer(rows, *, more: bool = False, view: View = VIEW, identity: Identity = ME):
    made = of_rows(ViewResult(view, "eu-west-1", identity, 100.0), tuple(rows), more=more)
    return replace(made, next={"Token": "2"}) if more else made


def rows_of(*pairs, **more):
    """Rows by id and status."""
    return answer([{"Id": name, "Name": name, "Status": status} for name, status in pairs], **more)


ROWS = st.lists(st.tuples(st.sampled_from("abcde") | st.just(""), st.sampled_from("xyz")), max_size=12)


@given(ROWS.flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(rows))))
def test_rows_in_another_order_are_no_change(both):
    before, now = both
    assert not compare(rows_of(*before), rows_of(*now))


@given(ROWS, ROWS)
def test_every_row_is_the_same_as_one_other_or_new_or_gone(before, now):
    found = compare(rows_of(*before), rows_of(*now))
    paired = [was for was in found.pairs if was >= 0]
    assert len(found.pairs) == len(now)
    assert len(set(paired)) == len(paired)
    assert len(paired) + len(found.added) == len(now)
    assert len(paired) + len(found.gone) == len(before)
    assert all(before[was][0] == now[index][0] for index, was in enumerate(found.pairs) if was >= 0)
    assert set(found.changed) == {index for index, was in enumerate(found.pairs) if was >= 0 and before[was] != now[index]}


@given(ROWS, ROWS)
def test_what_came_went_the_other_way_round(before, now):
    there, back = compare(rows_of(*before), rows_of(*now)), compare(rows_of(*now), rows_of(*before))
    assert len(there.added) == len(back.gone)
    assert len(there.gone) == len(back.added)
    assert len(there.changed) == len(back.changed)


@given(ROWS, ROWS, ROWS)
def test_marks_go_with_their_rows(first, second, extra):
    before, now = rows_of(*first), rows_of(*second)
    found = compare(before, now)
    later = rows_of(*extra, *second[::-1]) if not {name for name, _ in extra} & {name for name, _ in second} else rows_of(*second[::-1])
    carried = compare(now, later).carried(found)
    assert len(carried.changed) == len(found.changed)
    assert len(carried.added) == len(found.added)
    assert carried.gone == found.gone


def test_the_cells_that_changed_are_named():
    before = answer([{"Id": "a", "Name": "a", "Size": 10, "Status": "starting"}, {"Id": "b", "Name": "b"}])
    now = answer([{"Id": "c", "Name": "c"}, {"Id": "a", "Name": "a", "Size": 20, "Status": "running"}])
    found = compare(before, now)
    assert found.changed == {1: frozenset({1, 3})}
    assert found.added == {0}
    assert found.gone == ("b",)
    assert counted([found]) == "1 changed, 1 new, 1 gone"


def test_what_looks_the_same_and_what_only_looks_otherwise_are_no_changes():
    before = answer([{"Id": "a", "Name": "a", "Size": 1_400_001, "Since": "2026-11-21T10:00:00Z"}])
    now = answer([{"Id": "a", "Name": "a", "Size": 1_400_002, "Since": "2026-11-21T10:00:09Z"}])
    assert not compare(before, now)
    older = replace(now, rows=(("a", "1.4 MB", "9 s ago", ""),))
    newer = replace(now, rows=(("a", "1.4 MB", "19 s ago", ""),))
    assert not compare(older, newer)


def test_other_columns_are_no_change():
    fewer = replace(VIEW, columns=VIEW.columns[:1] + VIEW.columns[3:])
    row = {"Id": "a", "Name": "a", "Size": 9, "Status": "on"}
    assert not compare(answer([row], view=fewer), answer([row]))
    assert compare(answer([row], view=fewer), answer([{**row, "Status": "off", "Size": 8}])).changed == {0: frozenset({3})}


def test_tags_that_are_asked_about_are_cells_behind_the_others():
    before = answer([{"Id": "a", "Tags": [{"Key": "team", "Value": "x"}, {"Key": "cost", "Value": "1"}]}])
    now = answer([{"Id": "a", "Tags": [{"Key": "team", "Value": "y"}, {"Key": "cost", "Value": "2"}]}])
    assert not compare(before, now)
    assert compare(before, now, ("none", "team")).changed == {0: frozenset({5})}


@pytest.mark.parametrize(
    ("before", "now", "added", "gone"),
    [
        # a row was taken out, and one that was on the page behind moved up
        ((("a", "x"), ("b", "x"), ("c", "x")), (("a", "x"), ("c", "x"), ("d", "x")), 0, ("b",)),
        # a row was put in, and the last one went over to the page behind
        ((("a", "x"), ("c", "x"), ("d", "x")), (("a", "x"), ("b", "x"), ("c", "x")), 1, ()),
        # the latest first: three have come, so three went over the end
        ((("3", "x"), ("2", "x"), ("1", "x")), (("6", "x"), ("5", "x"), ("4", "x")), 3, ()),
    ],
)
def test_what_slips_over_the_end_of_a_page_is_neither_new_nor_gone(before, now, added, gone):
    found = compare(rows_of(*before, more=True), rows_of(*now, more=True))
    assert (len(found.added), found.gone) == (added, gone)


def test_an_answer_without_rows_of_its_own_changes_nothing():
    before = rows_of(("a", "x"), ("b", "y"))
    throttled = replace(before, state="error", cause="throttled", message="Slowly.")
    no = refused(ViewResult(VIEW, "eu-west-1", ME, 1.0), Refusal("denied", "No."))
    assert not compare(before, throttled)
    assert list(compare(before, throttled).pairs) == [0, 1]
    assert not compare(before, no)
    assert not compare(no, before)
    assert compare(rows_of(), before).added == {0, 1}


def test_answers_of_two_identities_are_not_compared():
    other = replace(ME, arn=ME.arn + "2")
    with pytest.raises(WrongIdentity):
        compare(rows_of(("a", "x")), rows_of(("a", "x"), identity=other))


def test_a_row_is_followed():
    before = rows_of(("a", "x"), ("a", "y"), ("b", "z"))
    now = rows_of(("b", "w"), ("a", "y"))
    assert [same_row(before, index, now) for index in range(3)] == [None, 1, 0]


class Door:
    """Pages of three rows each; what `fails` has is raised at that page."""

    def __init__(self, names) -> None:
        self.names, self.fails, self.calls = list(names), {}, 0

    def call(self, service, operation, *, region, key, parameters, retry=True):
        del service, operation, region, key, retry
        self.calls += 1
        at = int(parameters.get("Token", 0))
        if at in self.fails:
            raise self.fails[at]
        rows = [{"Id": name, "Name": name} for name in self.names[at : at + 3]]
        return {"Things": rows, "Next": str(at + 3) if at + 3 < len(self.names) else ""}

    def paging(self, service, operation):
        del service, operation
        return Paging(("Token",), ("Next",))


PAGED = replace(VIEW, more="Next")


def asker(door, session=SESSION, **how) -> Asker:
    return Asker(session, Asking(door, **how))


def known(door: Door, pages: int):
    result = fetch_view(asker(door), PAGED, "eu-west-1")
    for _ in range(pages - 1):
        result = fetch_more(asker(door), result)
    door.calls = 0
    return result


def test_as_many_pages_as_are_known():
    door, tally = Door("abcdefghijklm"), Tally()
    result = known(door, 3)
    door.names.remove("b")
    found = fetch_again(asker(door, tally=tally), result)
    assert (door.calls, tally.calls) == (3, 3)
    assert "".join(found.result.ids) == "acdefghij"
    assert compare(result, found.result).gone == ("b",)
    assert not compare(result, found.result).added


def test_all_pages_where_all_were_known():
    door = Door("abcd")
    result = known(door, 2)
    door.names += "efgh"
    found = fetch_again(asker(door), result)
    assert "".join(found.result.ids) == "abcdefgh"
    assert len(compare(result, found.result).added) == 4


def test_a_long_table_is_asked_for_its_first_pages_only_and_keeps_the_others(monkeypatch):
    monkeypatch.setattr(again, "MOST_PAGES", 2)
    door = Door("abcdefghijklm")
    result = known(door, 4)
    door.names.remove("b")
    found = fetch_again(asker(door), result)
    assert door.calls == 2
    assert found.asked_rows == 6
    assert "".join(found.result.ids) == "acdefghijkl"
    assert found.result.next == result.next
    assert len(found.result.rows) == len(found.result.raw) == len(found.result.arns) == 11
    assert compare(result, found.result).gone == ("b",)


@given(st.lists(st.sampled_from("abcdefgh"), unique=True), st.lists(st.sampled_from("abcdefgh"), unique=True))
def test_the_rest_of_a_long_table_has_no_row_twice(before, now):
    joined = with_rest(rows_of(*((name, "x") for name in before)), rows_of(*((name, "y") for name in now)))
    assert len(set(joined.ids)) == len(joined.ids)
    assert list(joined.ids[: len(now)]) == now


@pytest.mark.parametrize(
    ("before", "now", "whole"),
    [
        ("abcdef", "fab", "fabcde"),  # moved up from far below
        ("abcdea", "ab", "abcdea"),  # one id twice, the second far below
        ("abcdef", "xa", "xabcdef"),
    ],
)
def test_the_rest_of_a_long_table_loses_no_row(before, now, whole):
    joined = with_rest(rows_of(*((name, "x") for name in before)), rows_of(*((name, "x") for name in now)))
    assert "".join(joined.ids) == whole


def test_rows_without_ids_have_a_rest_too():
    def nameless(values):
        return rows_of(*(("", value) for value in values))

    assert [row[-1] for row in with_rest(nameless("abcd"), nameless("ab")).rows] == list("abcd")


@pytest.mark.parametrize(
    "failure", [OutOfReach("No network."), Refused("Slowly.", code="ThrottlingException", status=400, aws_message="Rate exceeded")]
)
@pytest.mark.parametrize("page", [0, 3])
def test_rows_stay_where_a_page_fails(failure, page):
    door = Door("abcdef")
    result = known(door, 2)
    door.fails[page] = failure
    found = fetch_again(asker(door), result).result
    assert (found.state, found.ids) == ("error", result.ids)
    assert not compare(result, found)


def test_a_denial_takes_the_rows_away():
    door = Door("abc")
    result = known(door, 1)
    door.fails[0] = Refused("No.", code="AccessDenied", status=403)
    assert fetch_again(asker(door), result).result.rows == ()


def test_nobody_elses_session_asks_again():
    door = Door("abc")
    result = known(door, 1)
    with pytest.raises(WrongIdentity):
        fetch_again(asker(door, replace(SESSION, identity=replace(ME, arn=ME.arn + "x"))), result)
    assert door.calls == 0


def test_the_pause_doubles_after_each_failure_up_to_a_limit():
    pace = Pace(10)
    pauses = []
    for _ in range(9):
        pauses.append(pace.pause)
        pace = pace.after(well=False)
    assert pauses[:4] == [10, 20, 40, 80]
    assert pauses[-1] == again.LONGEST_PAUSE
    assert pace.after(well=True).pause == 10
    assert Pace(3600, 30).pause == 3600


@pytest.mark.parametrize(("text", "seconds"), [("2s", 2), ("10s", 10), ("5m", 300), ("1h", 3600), ("30", 30), (" 1M30S ", 90)])
def test_times_between_reloads(text, seconds):
    assert interval(text) == seconds


@pytest.mark.parametrize("text", ["1s", "0", "", "-5s", "2h", "soon", "10 s", "1e9", "٣s", "9" * 30 + "s"])
def test_times_that_are_none(text):
    with pytest.raises(ValueError, match="2s to 1h"):
        interval(text)


@given(st.integers(2, 3600))
def test_a_time_in_a_sentence_is_the_same_time(seconds):
    figure, unit = said(seconds).split()
    assert int(figure) * {"s": 1, "min": 60, "h": 3600}[unit] == seconds
