from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_app.catalog.query import advice, fold, parse_query
from tui_app.catalog.search import Search, Standing, filter_roles, haystacks_of, haystacks_of_names
from tui_app.model import Account, Request, Role

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
        ("ADMIN pay", [1, 2, 0]),
        ("pay admin", [1, 2, 0]),
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
        ("alias:acme role:team", [1]),
        ("via:hub", [2]),
        ("state:live", [0]),
        ("state:ex", [1, 4]),
        ("env:", [0, 1, 2, 3, 4]),
        ("role:none", []),
        ("rdonly", [4]),
        ("arn:aws:iam::1111", [0, 1]),
        ("arn:aws:iam::111122223333:role/team/Admin", [1]),
        ("arn:aws:sts::111122223333:assumed-role/Admin/me@host", [1]),
        ("arn:aws:sts::111122223333:assumed-role/Other/me", []),
        ("arn:team/Admin", [1]),
        ("id:3333", [0, 1, 2, 3, 4]),
        ("id:33334", [2, 3, 4]),
        ("tag:team=ledger", [0, 1]),
        ("tag:ledger", [0, 1]),
        ("tag:tea", [0, 1]),
        ("tag:team=other", []),
        ("tag:edger=", []),
        ("team=ledger", [0, 1]),
        ("name:payments-staging", [2]),
        ("-env:prod", [2, 3, 4]),
        ("!admin", [4]),
        ("admin -team", [2, 3]),
        ("- admin !", [1, 2, 3, 0]),
        ("-state:never", [0, 1, 4]),
        ("is:live", [0, 1]),
        ("is:nonsense", []),
        ('"only in an"', [3]),
        ('"an only"', []),
        ('desc "', []),
        ("access read", [4]),
        ("live/administr", [0]),
        ("pymnts admin", [1, 2, 0]),
        ("pymnts emergency", []),
        ("9999", []),
        ("pymnts", [0, 1, 2]),
        ("z", []),
        ("zq", []),
    ],
)
def test_what_a_query_finds_and_in_which_order(query, found):
    assert filter_roles(HAYSTACKS, query, STATES) == found


WIDE = "\uff37\uff29\uff24\uff25"
TAGGED = Account("444455556666", "Zürich-Ōsaka", "prod", alias=WIDE, tags={"Cost Centre": "R&D two"}, regions=("eu-west-1",))


@pytest.mark.parametrize(
    "query", ["zurich", "ZÜRICH", "osaka", "zu\u0308rich", "wide", 'tag:"cost centre=r&d"', "tag:r&d", "region:eu-w", "env:PROD"]
)
def test_case_accents_and_widths_make_no_difference(query):
    assert filter_roles(haystacks_of([role("a/b", TAGGED, "b"), ROLES[4]]), query) == [0]


def test_session_tags_count_as_tags():
    tagged = Role("t", "arn:aws:iam::333344445555:role/t", BARE, "t", request=Request(tags=(("project", "apollo"),)))
    assert filter_roles(haystacks_of([*ROLES, tagged]), "tag:project=apollo") == [5]


def test_words_of_a_name_start_at_capitals_too():
    rows = haystacks_of([role("a", BARE, "Xreadonly"), role("b", BARE, "XReadOnlyAccess"), role("c", BARE, "ReadOnly")])
    assert filter_roles(rows, "read") == [2, 1, 0]
    assert filter_roles(rows, "only") == [1, 2, 0]


def test_favourites_then_what_was_used_go_before_their_equals_and_no_further():
    rows = haystacks_of([role(f"a/Role{number}", BARE, f"Role{number}") for number in range(6)])
    standing = Standing(favourites=(4,), recents=(5, 4, 2))
    assert filter_roles(rows, "role", None, standing) == [4, 5, 2, 0, 1, 3]
    assert filter_roles(rows, "role1", None, standing) == [1]
    assert filter_roles(rows, "is:favourite", None, standing) == [4]
    assert filter_roles(rows, "is:recent", None, standing) == [4, 5, 2]
    assert filter_roles(rows, "role -is:recent", None, standing) == [0, 1, 3]
    assert filter_roles(rows, "", None, standing) == [0, 1, 2, 3, 4, 5]


def test_an_exact_name_goes_before_a_favourite():
    rows = haystacks_of([role("a/AdminRole", BARE, "AdminRole"), role("a/Admin", BARE, "Admin")])
    assert filter_roles(rows, "admin", None, Standing(favourites=(0,))) == [1, 0]


TYPED = [
    "pymnts admin",
    "env:prod role:adm -team",
    "rdonly live",
    "arn:aws:sts::111122223333:assumed-role/Admin/x",
    "tag:team=led acc",
    "12 rdonly",
    '"an em" ',
]


@pytest.mark.parametrize("query", TYPED)
def test_typed_letter_by_letter_and_taken_back_it_finds_the_same_as_at_once(query):
    search = Search(HAYSTACKS)
    steps = [query[:end] for end in (*range(len(query) + 1), *range(len(query), -1, -1))]
    for typed in steps:
        assert search(typed, STATES) == filter_roles(HAYSTACKS, typed, STATES), typed


@given(st.lists(st.text(alphabet='admin pay-!:"=.é12env', max_size=8), max_size=6))
def test_no_query_before_changes_what_the_next_finds(queries):
    search = Search(HAYSTACKS)
    for query in queries:
        assert search(query, STATES) == filter_roles(HAYSTACKS, query, STATES)


@given(st.text(max_size=60))
def test_no_text_whatever_upsets_a_search(query):
    assert set(filter_roles(HAYSTACKS, query, STATES)) <= set(range(len(ROLES)))
    assert fold(fold(query)) == fold(query)
    advice(query)


def test_names_from_files_may_hold_anything():
    odd = [role("a\nb\x1b[31m/\u202ex", Account("1", "a\nb\x1b[31m"), "\u202ex"), role("ad\u200bmin/x", BARE, "ad\u200bmin")]
    rows = haystacks_of(odd)
    assert filter_roles(rows, "admin") == [1]
    assert filter_roles(rows, "a b") == [0]


def test_a_query_is_cut_before_it_can_cost_much():
    assert len(parse_query("a " * 10_000)) <= 24
    assert filter_roles(HAYSTACKS, "a" * 100_000) == []


@pytest.mark.parametrize(
    ("query", "without"),
    [
        ("env:prod admin qqq", [("qqq", 2)]),
        ("env:prod via:hub", [("via:hub", 2), ("env:prod", 1)]),
        ("qqq", []),
        ("qqq zzz", []),
    ],
)
def test_what_a_query_would_find_without_each_of_its_parts(query, without):
    assert Search(HAYSTACKS).without_each(query, STATES) == without


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("team:red", 'There is no field "team:".'),
        ("rol:admin", "The nearest is role:"),
        ("is:nice", "is: takes favourite, recent or live"),
        ("env:prod admin", ""),
        ("arn:aws:iam::1", ""),
    ],
)
def test_a_field_that_cannot_be_meant_is_told(query, says):
    assert says in advice(query)
    assert bool(says) == bool(advice(query))


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
