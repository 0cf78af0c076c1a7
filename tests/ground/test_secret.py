from __future__ import annotations

import copy
import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_app.model import AccessKey, Credentials
from tui_app.secret import Secret

CANARY = "wJalrXUtnFEMIcanary"


def test_only_reveal_gives_the_text_away():
    secret = Secret(CANARY)
    assert secret.reveal() == CANARY
    for shown in (str(secret), repr(secret), f"{secret}", f"{secret!r:>40}", f"{secret}", repr([secret]), repr({"k": secret})):
        assert CANARY not in shown


def test_values_that_hold_a_secret_do_not_print_it():
    credentials = Credentials(AccessKey("ASIAEXAMPLE1234ABCD", Secret(CANARY), Secret(CANARY)), 1.0)
    assert CANARY not in repr(credentials)
    assert "ASIAEXAMPLE" not in repr(credentials)


@pytest.mark.parametrize("leave", [pickle.dumps, copy.deepcopy, copy.copy, json.dumps, vars])
def test_a_secret_does_not_leave_by_a_side_door(leave):
    with pytest.raises(TypeError):
        leave(Secret(CANARY))


@given(st.text(), st.text())
def test_equality_is_that_of_the_texts(left, right):
    assert (Secret(left) == Secret(right)) == (left == right)
    assert Secret(left) != left
    assert bool(Secret(left)) == bool(left)
