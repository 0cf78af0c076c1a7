from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError, asdict, dataclass, field, fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_app.values import frozen


@frozen
class Point:
    """Ours."""

    x: int
    y: int = 0
    tags: dict[str, str] = field(default_factory=dict, hash=False)
    note: str = field(default="", compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Standard:
    """The standard library's."""

    x: int
    y: int = 0
    tags: dict[str, str] = field(default_factory=dict, hash=False)
    note: str = field(default="", compare=False, repr=False)


@given(st.integers(0, 3), st.integers(0, 3), st.integers(0, 3), st.integers(0, 3), st.text(max_size=2), st.text(max_size=2))
def test_it_behaves_as_the_standard_decorator_does(a, b, c, d, first, second):
    ours, theirs = (Point(a, b, note=first), Point(c, d, note=second)), (Standard(a, b, note=first), Standard(c, d, note=second))
    assert (ours[0] == ours[1]) == (theirs[0] == theirs[1])
    assert (hash(ours[0]) == hash(ours[1])) == (hash(theirs[0]) == hash(theirs[1]))
    assert repr(ours[0]) == repr(theirs[0]).replace("Standard", "Point")
    assert asdict(ours[0]) == asdict(theirs[0])
    assert replace(ours[0], y=9) == Point(a, 9, note=first)
    assert [item.name for item in fields(ours[0])] == [item.name for item in fields(theirs[0])]


def test_a_value_never_changes():
    point = Point(1)
    for change in (lambda: setattr(point, "x", 2), lambda: setattr(point, "new", 2), lambda: delattr(point, "x")):
        with pytest.raises(FrozenInstanceError):
            change()
    assert not hasattr(point, "__dict__")


def test_defaults_are_made_anew_and_wrong_words_are_refused():
    assert Point(1).tags is not Point(1).tags
    with pytest.raises(TypeError):
        Point()
    with pytest.raises(TypeError):
        Point(1, z=2)
    assert Point(1) != Standard(1)
    assert Point(1) != (1, 0, {})


def test_values_can_be_copied_and_kept():
    assert copy.deepcopy(Point(1, tags={"a": "b"})) == Point(1, tags={"a": "b"})
    assert copy.copy(Point(1)) == Point(1)
    assert pickle.loads(pickle.dumps(Point(1, 2))) == Point(1, 2)


def test_a_class_keeps_what_it_says_itself():
    @frozen
    class Quiet:
        secret: str
        """Not shown."""

        def __repr__(self) -> str:
            return "Quiet()"

    assert repr(Quiet("x")) == "Quiet()"
    assert Quiet("x") == Quiet("x")
