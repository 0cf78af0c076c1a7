"""Short names of roles that stand side by side: whatever the width, no two of them read alike."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui_app.explorer.labels import Named, told_apart
from tui_app.text import cells

AUDIT, STAGING, CONTRACTOR = Named("audit", "ReadOnly"), Named("staging", "ReadOnly"), Named("staging", "ContractorRole")


def test_names_that_have_room_are_whole():
    assert told_apart((AUDIT, STAGING), 20) == ("audit ReadOnly", "staging ReadOnly")


DEVELOPER, ADMIN = Named("production", "CrossAccountDeveloperRole"), Named("production", "AdminRole")


def test_where_little_is_missing_account_and_role_are_both_told():
    assert told_apart((DEVELOPER, STAGING), 33) == ("production CrossAccoun…eloperRole", "staging ReadOnly")
    assert told_apart((DEVELOPER, ADMIN), 30, "/") == ("production/CrossAcco…loperRole", "production/AdminRole")
    assert told_apart((Named("the-data-platform-of-everybody", "Admin"), AUDIT), 30)[0] == "the-data-pla…f-everybody Admin"


def test_where_much_is_missing_only_what_tells_them_apart_is_told():
    assert told_apart((DEVELOPER, STAGING), 26) == ("production", "staging")


def test_roles_that_differ_only_where_they_would_be_cut_are_told_in_another_way():
    near, far = Named("here", "CrossAccountDeveloperRole"), Named("here", "CrossAccounXDeveloperRole")
    assert told_apart((near, far), 27) == ("CrossAccountDeveloperRole", "CrossAccounXDeveloperRole")


def test_of_roles_in_several_accounts_the_account_is_named():
    assert told_apart((AUDIT, STAGING), 12) == ("audit", "staging")


def test_of_roles_in_one_account_the_role_is_named():
    assert told_apart((STAGING, CONTRACTOR), 14) == ("ReadOnly", "ContractorRole")


def test_of_a_mixture_each_is_named_by_what_is_its_own():
    assert told_apart((AUDIT, STAGING, CONTRACTOR), 16) == ("audit", "staging ReadOnly", "ContractorRole")


def test_names_that_would_be_cut_to_the_same_are_numbered():
    alike = (Named("here", "CrossAccountDeveloperRole"), Named("here", "CrossAreaDeveloperRole"))
    assert told_apart(alike, 6) == ("1 Cr…e", "2 Cr…e")


def test_names_whose_whole_texts_are_the_same_are_numbered():
    running_on = tuple(Named(account, role) for account in ("a", "a b") for role in ("c", "b c"))
    assert told_apart(running_on, 20) == ("1 a c", "2 a b c", "3 a b c", "4 a b b c")


NAMES = st.builds(Named, st.text("abc日 ", min_size=1, max_size=12), st.text("xyz ", min_size=1, max_size=30))


@given(st.lists(NAMES, unique=True, max_size=9), st.integers(3, 40))
def test_no_two_read_alike_and_none_is_too_wide(names, width):
    found = told_apart(tuple(names), width)
    assert len(set(found)) == len(names)
    assert all(cells(text) <= width for text in found)
