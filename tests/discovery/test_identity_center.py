"""ListAccounts and ListAccountRoles over real HTTP: pages, refusals, throttling, cancelling, and what is remembered."""

from __future__ import annotations

import json
import os
import stat
import threading

import pytest

from tui_app import paths
from tui_app.catalog.chain import resolve_chain
from tui_app.catalog.load import load_catalog
from tui_app.catalog.names import find_role
from tui_app.catalog.quick import names_fast, quick_rows
from tui_app.catalog.stamps import stamp
from tui_app.discovery.identity_center import list_start_page
from tui_app.discovery.memory import discover_and_remember, file_name, forget
from tui_app.embedded_aws.world.accounts import AUDIT, PAYMENTS_LIVE, SANDBOX
from tui_app.embedded_aws.world.start_page import ASSIGNMENTS
from tui_app.errors import Cancelled, NeedsPerson, OutOfReach, Refused
from tui_app.model import SsoSession

ROLES = sum(map(len, ASSIGNMENTS.values()))
HUB = SsoSession("hub", "https://hub.awsapps.com/start", "eu-west-1")


def discovered_file(environ):
    (name,) = os.listdir(paths.discovered_folder(environ))
    return os.path.join(paths.discovered_folder(environ), name)


def test_a_dozen_accounts_and_forty_roles_come_with_their_progress(door, environ, start_page, signed_in):
    heard = []
    page = discover_and_remember(door, start_page, environ, lambda done, total: heard.append((done, total)))
    assert (len(page.accounts), len(page.roles), page.missed, page.dropped) == (12, ROLES, (), ())
    assert ROLES >= 40
    assert heard == [(done, 12) for done in range(13)]


def test_the_next_start_shows_them_at_once_and_asks_nobody(aws, door, environ, start_page, signed_in):
    before = load_catalog(environ)
    discover_and_remember(door, start_page, environ)
    assert any(stamp(one.path) != one for one in before.stamps)
    asked = len(aws.calls())
    catalog = load_catalog(environ)
    assert len(catalog.roles) == len(before.roles) + ROLES
    assert catalog.roles[: len(before.roles)] == before.roles
    role = find_role(catalog, "audit/SecurityAudit", prefix=False)
    assert (role.via, role.account.name, str(role.origin)) == ("sso-session start-page", "audit", discovered_file(environ))
    assert catalog.discovered[0].at > 0
    assert names_fast(environ) == [role.key for role in catalog.roles]
    assert quick_rows(environ) is None
    assert len(aws.calls()) == asked


def test_a_permission_set_may_share_its_name_with_a_role(door, environ, start_page, signed_in):
    discover_and_remember(door, start_page, environ)
    catalog = load_catalog(environ)
    assert catalog.role("payments-live/AdministratorAccess").via == "dev"
    assert catalog.role(f"{PAYMENTS_LIVE}/AdministratorAccess").via == "sso-session start-page"
    assert find_role(catalog, f"arn:aws:iam::{PAYMENTS_LIVE}:role/AdministratorAccess", prefix=False).via == "dev"


def test_its_chain_starts_at_the_start_page_and_has_no_hops(door, environ, start_page, signed_in):
    discover_and_remember(door, start_page, environ)
    catalog = load_catalog(environ)
    chain = resolve_chain(catalog, catalog.role("audit/SecurityAudit"))
    assert (chain.source.kind, chain.hops, chain.problems) == ("sso", (), ())
    assert chain.source.details == {
        "sso_session": "start-page",
        "sso_start_url": start_page.start_url,
        "sso_region": "eu-west-1",
        "sso_account_id": AUDIT,
        "sso_role_name": "SecurityAudit",
    }


def test_what_the_users_files_name_is_not_doubled(door, environ, start_page, signed_in):
    with open(environ["AWS_CONFIG_FILE"], "a") as file:
        file.write(f"\n[profile auditing]\nsso_session = start-page\nsso_account_id = {AUDIT}\nsso_role_name = SecurityAudit\n")
        file.write(f"[profile granted]\ngranted_sso_account_id = {AUDIT}\ngranted_sso_role_name = ViewOnlyAccess\n")
    with open(environ["ROLEDECK_CONFIG"], "a") as file:
        file.write(f'\n[[account]]\nid = "{SANDBOX}"\n[[account.role]]\nname = "ReadOnlyAccess"\nvia = "sso-session start-page"\n')
    discover_and_remember(door, start_page, environ)
    catalog = load_catalog(environ)
    assert [role.key for role in catalog.roles if role.name == "SecurityAudit" and role.account.id == AUDIT] == ["auditing"]
    assert [role.key for role in catalog.roles if role.name == "ViewOnlyAccess" and role.account.id == AUDIT] == ["granted"]
    assert [str(role.origin).rpartition("/")[2].partition(":")[0] for role in catalog.roles if role.key == "sandbox/ReadOnlyAccess"] == [
        "config.toml"
    ]
    assert resolve_chain(catalog, catalog.role("sandbox/ReadOnlyAccess")).source.details["sso_account_id"] == SANDBOX


def test_a_sign_in_that_left_the_files_takes_its_roles_along(door, environ, start_page, signed_in):
    discover_and_remember(door, start_page, environ)
    with open(environ["AWS_CONFIG_FILE"]) as file:
        text = file.read()
    with open(environ["AWS_CONFIG_FILE"], "w") as file:
        file.write(text.replace("/start\n", "/other\n"))
    assert load_catalog(environ).discovered == ()
    assert not any(role.via.startswith("sso-session") for role in load_catalog(environ).roles)


def test_the_file_is_private_and_holds_no_secret(door, environ, start_page, signed_in):
    discover_and_remember(door, start_page, environ)
    path = discovered_file(environ)
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    with open(path) as file:
        assert signed_in.token not in file.read()
    assert forget(environ, start_page)
    assert not forget(environ, start_page)
    assert load_catalog(environ).discovered == ()


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'{"version": 2}', b"\xff\xfe", b'{"version": 1, "accounts": 3}', b"[" * 100_000, b'{"version": 1, "at": "x"}'],
)
def test_a_broken_memory_is_as_good_as_none(environ, start_page, content):
    os.makedirs(paths.discovered_folder(environ))
    with open(os.path.join(paths.discovered_folder(environ), file_name(start_page)), "wb") as file:
        file.write(content)
    assert load_catalog(environ).discovered == ()
    assert names_fast(environ) == [role.key for role in load_catalog(environ).roles]


def test_one_refused_account_loses_no_other(aws, door, environ, start_page, signed_in):
    discover_and_remember(door, start_page, environ)
    aws.fault("500", "sso:ListAccountRoles", times=3)
    refused = {AUDIT: Refused("This permission set is not assigned to you in that account.", cause="sso_forbidden")}

    def ask(operation, parameters):
        if parameters.get("accountId") in refused:
            raise refused[parameters["accountId"]]
        return door.call("sso", operation, region="eu-west-1", key=None, parameters={**parameters, "accessToken": signed_in.token})

    page = list_start_page(ask, start_page)
    assert [(missed.account.name, missed.gone) for missed in page.missed][-1] == ("audit", True)
    assert len({role.account_id for role in page.roles}) >= 10


def test_an_account_that_does_not_answer_keeps_what_was_known_of_it(aws, door, environ, start_page, signed_in):
    discover_and_remember(door, start_page, environ)
    aws.fault("500", "sso:ListAccountRoles", times=15)
    page = discover_and_remember(door, start_page, environ)
    assert page.missed
    assert [missed.why for missed in page.missed if missed.gone] == []
    assert len(page.roles) == ROLES


def test_throttling_is_waited_for(aws, door, environ, start_page, signed_in):
    aws.fault("throttle", "sso:ListAccounts", times=3)
    assert len(discover_and_remember(door, start_page, environ).roles) == ROLES


def test_nobody_signed_in_says_how_to(door, environ, start_page):
    with pytest.raises(NeedsPerson, match="signed out of start-page"):
        discover_and_remember(door, start_page, environ)
    assert not os.path.exists(paths.discovered_folder(environ))


def test_a_sign_in_that_ends_half_way_is_told_as_such(door, environ, start_page, signed_in):
    def end(done, _total):
        if done == 1:
            signed_in.end()

    with pytest.raises(NeedsPerson):
        discover_and_remember(door, start_page, environ, end)


def test_it_can_be_cancelled_while_aws_is_slow(aws, door, environ, start_page, signed_in):
    aws.fault("slow", "sso:ListAccountRoles", times=12, arg=5)
    stop = threading.Event()
    with pytest.raises(Cancelled):
        discover_and_remember(door, start_page, environ, lambda *_: stop.set(), stop.is_set)
    assert not os.path.exists(paths.discovered_folder(environ))


def test_at_most_five_calls_are_under_way():
    under_way, most, lock, together = [0], [0], threading.Lock(), threading.Semaphore(0)

    def ask(operation, parameters):
        if operation == "ListAccounts":
            return {"accountList": [{"accountId": f"{number:012}", "accountName": str(number)} for number in range(30)]}
        with lock:
            under_way[0] += 1
            most[0] = max(most[0], under_way[0])
        together.acquire(timeout=0.02)
        with lock:
            under_way[0] -= 1
        return {"roleList": [{"roleName": "R", "accountId": parameters["accountId"]}]}

    assert len(list_start_page(ask, HUB).roles) == 30
    assert 1 < most[0] <= 5


def test_pages_are_followed_and_a_circle_ends():
    def ask(operation, parameters):
        token = parameters.get("nextToken", "")
        if operation == "ListAccounts":
            number = int(token or 0)
            return {"accountList": [{"accountId": f"{number:012}"}], **({"nextToken": str(number + 1)} if number < 2 else {})}
        return {"roleList": [{"roleName": "Same"}], "nextToken": "round"}

    page = list_start_page(ask, HUB)
    assert [account.id for account in page.accounts] == ["000000000000", "000000000001", "000000000002"]
    assert [role.name for role in page.roles] == ["Same"] * 3


def test_what_aws_could_not_have_said_is_left_out_and_told(environ):
    def ask(operation, parameters):
        if operation == "ListAccounts":
            return {"accountList": [{"accountId": "1"}, {"accountId": "1" * 12, "accountName": "\x1b[31m\u202eprod\n"}, "x", None]}
        return {"roleList": [{"roleName": "a/b"}, {"roleName": "x" * 65}, {"roleName": "Good"}, {}]}

    page = list_start_page(ask, HUB)
    assert [(role.account_id, role.name) for role in page.roles] == [("1" * 12, "Good")]
    assert page.accounts[0].name == "\x1b[31m\u202eprod\n"
    assert len(page.dropped) == 4


def test_two_sign_ins_have_two_files():
    names = {file_name(SsoSession(name, "https://x", "eu-west-1")) for name in ("a/b", "a-b", "a b", "", "ä", "x" * 300)}
    assert len(names) == 6
    assert all(len(name) < 80 and "/" not in name for name in names)


def test_an_unreachable_portal_changes_nothing(aws, door, environ, start_page, signed_in):
    discover_and_remember(door, start_page, environ)
    with open(discovered_file(environ)) as file:
        before = json.load(file)
    aws.fault("drop", "sso:ListAccounts", times=20)
    with pytest.raises(OutOfReach):
        discover_and_remember(door, start_page, environ)
    with open(discovered_file(environ)) as file:
        assert json.load(file) == before
