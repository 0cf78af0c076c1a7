from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_app.catalog.search import filter_roles, haystacks_of, haystacks_of_names
from tui_app.model import Account, Role

PROD = Account("111122223333", "payments-live", "prod", alias="acme-pay", tags={"team": "ledger"})
STAGING = Account("222233334444", "payments-staging", "staging")
BARE = Account("333344445555")


def role(key: str, account: Account, name: str, via: str = "dev", description: str = "") -> Role:
    return Role(key, f"arn:aws:iam::{account.id}:role/{name}", account, name, via=via, description=description)


ROLES = [
    role("payments-live/AdministratorAccess", PROD, "AdministratorAccess"),
    role("payments-live/team/Admin", PROD, "team/Admin"),
    role("payments-staging/Admin", STAGING, "Admin", via="hub"),
    role("admin", BARE, "Breakglass", description="only in an emergency"),
    role("readonly", BARE, "ReadOnlyAccess"),
]
HAYSTACKS = haystacks_of(ROLES)
STATES = ["live", "expiring", "never", "never", "expired"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [0, 1, 2, 3, 4]),
        ("   ", [0, 1, 2, 3, 4]),
        ("admin", [1, 2, 3, 0]),
        ("ADMIN pay", [0, 1, 2]),
        ("pay admin", [0, 1, 2]),
        ("staging", [2]),
        ("payments-live admin", [1, 0]),
        ("payments-live/admin", [1, 0]),
        ("access", [0, 4]),
        ("1111", [0, 1]),
        ("acme", [0, 1]),
        ("ledger", [0, 1]),
        ("emergency", [3]),
        ("env:prod", [0, 1]),
        ("env:stag admin", [2]),
        ("role:admin", [0, 1, 2]),
        ("account:acme role:team", [1]),
        ("via:hub", [2]),
        ("state:live", [0]),
        ("state:ex", [1, 4]),
        ("env:", [0, 1, 2, 3, 4]),
        ("role:none", []),
        ("arn:aws", []),
        ("rdonly", [4]),
        ("pymnts", [0, 1, 2]),
        ("z", []),
        ("zq", []),
    ],
)
def test_what_a_query_finds_and_in_which_order(query, found):
    assert filter_roles(HAYSTACKS, query, STATES) == found


def test_states_may_be_asked_for_one_by_one():
    asked = []
    assert filter_roles(HAYSTACKS, "env:prod state:exp", lambda number: (asked.append(number), STATES[number])[1]) == [1]
    assert asked == [0, 1]


def test_without_states_everything_counts_as_never_assumed():
    assert filter_roles(HAYSTACKS, "state:never") == [0, 1, 2, 3, 4]
    assert filter_roles(HAYSTACKS, "state:live") == []


def test_bare_names_can_be_searched_before_the_rest_is_known():
    names = haystacks_of_names(["prod-admin", "admin", "dev-reader"])
    assert filter_roles(names, "admin") == [1, 0]
    assert filter_roles(names, "role:dev") == [2]
    assert len(names) == 3


@given(st.text(alphabet="admin pay/-:.é\u0130zenv", max_size=12))
def test_any_query_finds_each_row_at_most_once(query):
    found = filter_roles(HAYSTACKS, query, STATES)
    assert len(found) == len(set(found))
    assert set(found) <= set(range(len(ROLES)))


@given(st.sampled_from(ROLES), st.data())
def test_pieces_of_a_role_find_it_in_any_order(wanted, data):
    words = [wanted.account.label, wanted.short_name, wanted.key]
    pieces = [word[data.draw(st.integers(0, len(word) - 1)) :][: data.draw(st.integers(1, 5))] for word in words]
    query = " ".join(data.draw(st.permutations([piece for piece in pieces if ":" not in piece])))
    assert ROLES.index(wanted) in filter_roles(HAYSTACKS, query)
