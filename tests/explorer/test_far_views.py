"""Looking round through the other process: every view has the same rows as without it, and each session its own."""

from __future__ import annotations

import threading

import pytest

from tui_app.aws.door import AwsDoor
from tui_app.aws.far_door import FarDoor
from tui_app.explorer.asking import Asker, Asking
from tui_app.explorer.fetch import fetch_below, fetch_first_sight, fetch_more
from tui_app.explorer.regions import enabled_regions
from tui_app.explorer.views import SUB_VIEWS, VIEWS
from tui_app.model import AccessKey, Credentials, Identity, Session
from tui_app.secret import Secret

REGION = "eu-west-1"
MOVING = {"events"}
"""Views that list what was asked a moment ago."""
SETTLING = 5
"""How many views may show something on its way from creating to available."""


@pytest.fixture
def doors(aws):
    far = FarDoor(aws.url)
    yield AwsDoor(aws.url), far
    far.close()


@pytest.fixture
def become(aws):
    def become(account: str, name: str = "ReadOnly") -> Session:
        arn = f"arn:aws:iam::{account}:role/{name}"
        made = aws.assume(arn)
        key = AccessKey(made["AccessKeyId"], Secret(made["SecretAccessKey"]), Secret(made["SessionToken"]))
        identity = Identity(account, f"arn:aws:sts::{account}:assumed-role/{name}/test", "AROA:test", 0.0, REGION)
        return Session(arn, arn, Credentials(key, made["Expiration"].timestamp()), identity, 0.0, 3600, 1)

    return become


def asker(door, session, **how) -> Asker:
    return Asker(session, Asking(door, **how))


def look(door, session, views=VIEWS):
    results = fetch_first_sight(asker(door, session, clock=lambda: 0.0), (REGION,), lambda _: None, views=views)
    return {result.view.name: result for result in results}


def told(result):
    """All that a result says but the request's own id."""
    shown = {
        name: getattr(result, name) for name in ("state", "cause", "more", "message", "note", "next", "aws_message", "denied_by", "region")
    }
    return shown | {name: tuple(getattr(result, name)) for name in ("rows", "values", "ids", "arns", "tags", "raw")}


@pytest.mark.parametrize(
    "who", [("999900001111", "ReadOnly"), ("111122223333", "cross-account/CrossAccountDeveloperRole")], ids=["all", "denied"]
)
def test_every_view_shows_the_same_rows(who, aws, doors, become):
    if "/" in who[1]:
        made = aws.assume(f"arn:aws:iam::{who[0]}:role/{who[1]}", ExternalId="UniqueExternalId12345")
        key = AccessKey(made["AccessKeyId"], Secret(made["SecretAccessKey"]), Secret(made["SessionToken"]))
        identity = Identity(who[0], f"arn:aws:sts::{who[0]}:assumed-role/CrossAccountDeveloperRole/test", "AROA:test", 0.0, REGION)
        session = Session(who[1], who[1], Credentials(key, made["Expiration"].timestamp()), identity, 0.0, 3600, 1)
    else:
        session = become(*who)
    before, far, near = (look(door, session) for door in (*doors, doors[0]))
    assert near.keys() == far.keys() == {view.name for view in VIEWS}
    assert {state for result in far.values() if (state := result.state) == "error"} == set()
    settled = {name for name in near.keys() - MOVING if told(before[name]) == told(near[name])}
    assert len(settled) >= len(VIEWS) - SETTLING
    assert {name for name in settled if told(far[name]) != told(near[name])} == set()
    assert enabled_regions(doors[1], session) == enabled_regions(doors[0], session)


def test_what_lies_below_and_further_pages_are_the_same(doors, become):
    session = become("999900001111")
    near, far = (look(door, session) for door in doors)
    seen = 0
    for view in SUB_VIEWS:
        parent = next((parent.view for parent in view.parents if parent.view in far and far[parent.view].rows), None)
        if parent is None:
            continue
        below = [
            fetch_below(asker(door, session, clock=lambda: 0.0), view, found[parent], 0)
            for found, door in zip((near, far), doors, strict=True)
        ]
        assert told(below[1]) == told(below[0]), view.name
        assert told(fetch_more(asker(doors[1], session), below[1])) == told(fetch_more(asker(doors[0], session), below[0])), view.name
        seen += bool(below[0].rows)
    assert seen > 5


def test_two_sessions_at_once_are_each_shown_their_own(doors, become):
    accounts = ("999900001111", "555566667777")
    views = tuple(view for view in VIEWS if view.name in ("iam-users", "s3-buckets", "ec2-instances", "sqs-queues"))
    sessions = {account: become(account) for account in accounts}
    expected = {
        account: {name: told(result) for name, result in look(doors[0], session, views).items()} for account, session in sessions.items()
    }
    found: dict[str, list[dict[str, object]]] = {account: [] for account in accounts}

    def ask(account: str) -> None:
        found[account].append({name: told(result) for name, result in look(doors[1], sessions[account], views).items()})

    threads = [threading.Thread(target=ask, args=(account,)) for account in accounts * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(seen == expected[account] for account in accounts for seen in found[account])
    assert sum(map(len, found.values())) == len(threads)
    assert expected[accounts[0]] != expected[accounts[1]]
