"""What crosses between the two processes: every failure with all its fields, plain values, and nothing that could run."""

from __future__ import annotations

import inspect
import pickle
import socket
import threading
from collections import OrderedDict
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from dateutil.tz import tzlocal, tzoffset, tzutc
from hypothesis import given
from hypothesis import strategies as st

from tui_app import errors
from tui_app.aws.far_wire import answered, failed, outcome, packed, receive, send, unpacked
from tui_app.errors import RoledeckError
from tui_app.handover.child import CommandNotFound

KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, RoledeckError)]
SAMPLES = {"str": "said", "int": 403, "bool": False, "tuple[str, ...]": ("one", "two")}
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary()
    | st.datetimes()
    | st.decimals(allow_nan=False),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner, inner),
    max_leaves=20,
)


def sample_of(kind: type[RoledeckError]) -> RoledeckError:
    """A failure of a class, none of whose fields has its default."""
    parameters = list(inspect.signature(kind.__init__).parameters.values())[1:]
    return kind(**{one.name: SAMPLES[str(one.annotation)] for one in parameters})


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_failure_crosses_with_all_its_fields(kind):
    sent = sample_of(kind)
    with pytest.raises(kind) as caught:
        outcome(packed(failed(sent)))
    came = caught.value
    assert type(came) is kind
    assert vars(came) == vars(sent)
    assert (str(came), came.sentence(), came.exit_code, came.word) == (str(sent), sent.sentence(), sent.exit_code, sent.word)


def test_a_failure_of_another_room_crosses_as_the_nearest_that_both_sides_know():
    with pytest.raises(RoledeckError) as caught:
        outcome(packed(failed(CommandNotFound("There is no command x.", "Check PATH."))))
    assert type(caught.value) is RoledeckError
    assert caught.value.sentence() == "There is no command x. Check PATH."


@given(VALUES)
def test_plain_values_come_out_as_they_went_in(value):
    assert outcome(packed(answered(value))) == value


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=2)), tzutc(), tzlocal(), tzoffset(None, 3600)], ids=repr)
def test_a_moment_is_the_same_moment_whatever_its_zone(zone):
    moment = datetime(2026, 3, 1, 12, 30, tzinfo=zone)
    assert unpacked(packed(moment)) == moment


def test_documents_and_days_cross_too():
    value = {"Policy": OrderedDict(Version="1"), "Day": date(2026, 1, 2), "Figure": Decimal("0.10"), "For": timedelta(1), "Set": {"a"}}
    assert unpacked(packed(value)) == value


def test_what_is_not_plain_is_left_out():
    class Stream:
        """An open one."""

    assert unpacked(packed({"Body": Stream(), "Size": 3, "Function": print})) == {"Body": None, "Size": 3, "Function": None}


@pytest.mark.parametrize("what", [print, pickle.Unpickler, RoledeckError("x"), OrderedDict.fromkeys, socket.AF_INET])
def test_nothing_but_plain_values_comes_in(what):
    with pytest.raises((pickle.UnpicklingError, AttributeError)):
        unpacked(pickle.dumps(what))


@pytest.fixture
def pair():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def test_large_and_empty_frames_arrive_whole(pair):
    contents = [b"", b"x" * 3_000_000, b"y"]
    sender = threading.Thread(target=lambda: [send(pair[0], number, content) for number, content in enumerate(contents)])
    sender.start()
    assert [receive(pair[1]) for _ in contents] == list(enumerate(contents))
    sender.join()


@pytest.mark.parametrize(
    "said", [b"", b"half a head", b"\0" * 8 + b"\xff" * 8, b"\0" * 15 + b"\5" + b"abc"], ids=["nothing", "head", "size", "body"]
)
def test_a_line_that_breaks_off_is_an_end(pair, said):
    pair[0].sendall(said)
    pair[0].shutdown(socket.SHUT_WR)
    with pytest.raises(EOFError):
        receive(pair[1])
