"""Searching the estate over HTTP: which engine is asked, what it costs, and what is told where one says no."""

from __future__ import annotations

import json
import re
import threading
import time

import pytest

from tui_app.aws.door import AwsDoor
from tui_app.errors import WrongIdentity
from tui_app.explorer.asking import Asking, Tally
from tui_app.explorer.estate.answers import Searcher, joined, merged
from tui_app.explorer.estate.query import parse
from tui_app.explorer.estate.search import all_pages, more_of, search_estate
from tui_app.explorer.estate.words import lines_of
from tui_app.model import AccessKey, Credentials, Session
from tui_app.secret import Secret

HOME, OVERSEAS = "eu-west-1", "us-east-1"
PRODUCTION, STAGING, SANDBOX, USAGE = "111122223333", "555566667777", "999900001111", "888899990000"
DEVELOPER = f"arn:aws:iam::{PRODUCTION}:role/cross-account/CrossAccountDeveloperRole"
NO_ROLES = ("resource-explorer-2:ListIndexes", "tag:GetResources")
_TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::444455556666:root"}, "Action": "sts:AssumeRole"}],
}


@pytest.fixture
def door(aws):
    return AwsDoor(aws.url)


@pytest.fixture
def searcher(aws, door):
    """`searcher(role_arn, *regions)`: a role that searches."""

    def made(arn, *regions, only=False, label="", **more):
        answer = aws.assume(arn, **more)
        key = AccessKey(answer["AccessKeyId"], Secret(answer["SecretAccessKey"]), Secret(answer["SessionToken"]))
        identity = door.caller_identity(key, HOME)
        session = Session(arn, arn, Credentials(key, time.time() + 3600), identity, time.time(), 3600, 1)
        return Searcher(arn, label or arn.rpartition(":")[2], session, regions or (HOME, OVERSEAS), only)

    return made


@pytest.fixture
def production(searcher):
    return searcher(DEVELOPER, label="production", ExternalId="UniqueExternalId12345")


@pytest.fixture
def account_of_its_own(aws, searcher):
    """`account_of_its_own(account, *actions)`: a role in an account that no other test uses."""

    def made(account, *actions, name="Searcher", regions=(HOME,)):
        iam = aws.seed(account)("iam")
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(_TRUST))
        allowed = list(actions or ("resource-explorer-2:*", "tag:GetResources"))
        policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": allowed, "Resource": "*"}]}
        iam.put_role_policy(RoleName=name, PolicyName="Search", PolicyDocument=json.dumps(policy))
        return searcher(f"arn:aws:iam::{account}:role/{name}", *regions, label=f"{account}/{name}")

    return made


def search(door, searchers, words, **more):
    return search_estate(Asking(door, **more), searchers, parse(words), lambda _part, _progress: None)


def told(parts):
    return [line.text() for line in lines_of(parts, time.time())]


def log_groups(account, count, region=HOME, **tags):
    """Made in moto itself: a thousand over HTTP would take seconds."""
    from moto.logs.models import logs_backends

    backend = logs_backends[account][region]
    for number in range(count):
        backend.create_log_group(f"/many/{number:05}", tags, kmsKeyId=None)


def test_one_aggregator_answers_for_all_indexed_regions(door, production):
    tally = Tally()
    (part,) = search(door, [production], "service:lambda", tally=tally)
    assert (part.engine, part.reach, part.region, part.regions) == ("resource-explorer", "aggregator", HOME, (HOME, OVERSEAS))
    assert {found.region for found in part.found} == {HOME, OVERSEAS}
    assert {found.account for found in part.found} == {PRODUCTION}
    assert all(found.reported and found.tags == {"managed-by": "terraform"} for found in part.found)
    assert "resize-images" in {found.name for found in part.found}
    assert told([part]) == [f"production · Resource Explorer, aggregator in eu-west-1, all indexed regions · {len(part.found)} found"]
    assert tally.calls <= 6


def test_a_local_index_answers_for_its_region_and_the_tagging_api_for_the_others(door, searcher):
    staging = searcher(f"arn:aws:iam::{STAGING}:role/ReadOnly", label="staging")
    index, tagged = search(door, [staging], "service:lambda")
    assert (index.engine, index.reach, index.region, index.index.state) == ("resource-explorer", "local", HOME, "UPDATING")
    assert (tagged.engine, tagged.region, tagged.state) == ("tagging", OVERSEAS, "ok")
    assert told([index, tagged])[0].startswith("staging · Resource Explorer, local index in eu-west-1, still being updated for 20m · ")
    assert "tagging API in us-east-1 (tagged resources only; not indexed by Resource Explorer)" in told([index, tagged])[1]


def test_without_an_index_the_tagging_api_is_asked_in_every_region_and_search_nowhere(aws, door, searcher):
    sandbox = searcher(f"arn:aws:iam::{SANDBOX}:role/ReadOnly", label="sandbox")
    before = len(aws.calls("Search"))
    parts = search(door, [sandbox], "service:lambda")
    assert [(part.engine, part.region) for part in parts] == [("tagging", HOME), ("tagging", OVERSEAS)]
    assert {found.type for found in merged(parts)} == {"lambda:function"}
    assert told(parts) == [
        f"sandbox · tagging API in eu-west-1, us-east-1 (tagged resources only; no Resource Explorer index) · {len(merged(parts))} found"
    ]
    assert len(aws.calls("Search")) == before, "a search where there is no index would make one"


def test_untagged_resources_are_known_to_resource_explorer_alone(door, production, searcher):
    sandbox = searcher(f"arn:aws:iam::{SANDBOX}:role/ReadOnly")
    found = merged(search(door, [production, sandbox], "tag:none service:sqs"))
    assert {one.account for one in found} == {PRODUCTION}


def test_a_role_that_may_neither_is_told_with_both_actions_and_loses_nobody_elses_rows(door, production, searcher):
    usage = searcher(f"arn:aws:iam::{USAGE}:role/SessionStoreReader", HOME, label="usage")
    parts = search(door, [usage, production], "orders")
    denied = [part for part in parts if part.state == "denied"]
    assert [part.refusal.action for part in denied] == list(NO_ROLES)
    assert all(part.refusal.denied_by == "not allowed by the role's own policies" for part in denied)
    assert merged(parts)
    assert told(denied)[1].endswith("⊘ denied tag:GetResources, not allowed by the role's own policies")


def test_a_role_that_may_list_but_not_search_is_answered_by_the_tagging_api(aws, door, account_of_its_own):
    account = "313100000001"
    lister = account_of_its_own(account, "resource-explorer-2:List*", "resource-explorer-2:Get*", "tag:GetResources")
    aws.seed(account)("resource-explorer-2").create_index()
    view = aws.seed(account)("resource-explorer-2").create_view(ViewName="all")["View"]["ViewArn"]
    aws.seed(account)("resource-explorer-2").associate_default_view(ViewArn=view)
    log_groups(account, 2, team="search")
    index, tagged = search(door, [lister], "many")
    assert (index.state, index.refusal.action, index.index.state) == ("denied", "resource-explorer-2:Search", "CREATING")
    assert (len(tagged.found), tagged.note) == (2, "resource-explorer-2:Search is denied")
    assert view in index.refusal.aws_message
    assert re.search(r"still being built for \d+s", told([index])[0])


def test_an_index_without_a_view_is_said_and_the_tagging_api_asked(aws, door, account_of_its_own):
    account = "313100000002"
    role = account_of_its_own(account)
    aws.seed(account)("resource-explorer-2").create_index()
    index, tagged = search(door, [role], "x")
    assert "no view to search by" in index.message
    assert (tagged.engine, tagged.state) == ("tagging", "ok")


def test_a_view_of_the_organization_answers_for_every_account_of_it(aws, door, account_of_its_own):
    first, second = "313100000003", "313100000004"
    aws.gate.organizations |= dict.fromkeys((first, second), "o-search")
    role = account_of_its_own(first)
    for account in (first, second):
        explorer = aws.seed(account)("resource-explorer-2")
        explorer.create_index()
        log_groups(account, 1)
    explorer = aws.seed(first)("resource-explorer-2")
    explorer.update_index_type(Arn="arn:aws:resource-explorer-2:eu-west-1:313100000003:index/1", Type="AGGREGATOR")
    own = explorer.create_view(ViewName="own")["View"]["ViewArn"]
    explorer.associate_default_view(ViewArn=own)
    explorer.create_view(ViewName="everybody", Scope="arn:aws:organizations::313100000003:organization/o-search")
    (part,) = search(door, [role], "many")
    assert {found.account for found in part.found} == {first, second}
    assert part.reach == "organization"
    assert "organization view in eu-west-1, all accounts and indexed regions · 2 found" in told([part])[0]


def test_one_resource_told_by_two_roles_is_one_row_that_names_both(door, production, searcher):
    again = searcher(DEVELOPER, label="again", ExternalId="UniqueExternalId12345")
    again = Searcher("again", "again", again.session, again.regions)
    found = merged(search(door, [production, again], "resourcetype:sqs:queue"))
    assert len({one.arn for one in found}) == len(found) > 0
    assert all([finder.label for finder in one.finders] == ["production", "again"] for one in found)


def test_a_region_that_was_asked_for_bounds_the_rows(door, searcher):
    bound = searcher(DEVELOPER, OVERSEAS, only=True, ExternalId="UniqueExternalId12345")
    (part,) = search(door, [bound], "service:lambda")
    assert part.region == HOME
    assert {found.region for found in part.found} == {OVERSEAS}
    (elsewhere,) = search(door, [searcher(f"arn:aws:iam::{SANDBOX}:role/ReadOnly", OVERSEAS, only=True)], "service:lambda")
    assert (elsewhere.engine, elsewhere.region) == ("tagging", OVERSEAS)


def test_words_that_aws_refuses_are_told_with_their_place_and_asked_of_no_other_engine(door, production):
    (part,) = search(door, [production], "orders servce:lambda")
    assert (part.state, part.cause) == ("error", "failed")
    assert part.message.startswith("AWS does not take these words at word 2, 'servce:lambda': ")


def test_more_than_a_thousand_are_told_by_the_page_until_aws_tells_no_more(aws, door, account_of_its_own):
    account = "313100000005"
    role = account_of_its_own(account)
    explorer = aws.seed(account)("resource-explorer-2")
    explorer.create_index()
    explorer.create_view(ViewName="all")
    log_groups(account, 1050)
    (part,) = search(door, [role], "many")
    assert (len(part.found), part.more, part.next, part.count_text) == (1000, True, None, "1,000+")
    assert told([part])[0].endswith("1,000+ found; AWS tells no more than these, narrower words find the others")
    assert more_of(Asking(door), part, role, parse("many")) is part


def test_tagged_resources_are_looked_through_a_thousand_at_a_time(door, account_of_its_own):
    account = "313100000006"
    role = account_of_its_own(account)
    log_groups(account, 1250, team="search")
    query, tally = parse("00042 01249"), Tally()
    (part,) = search(door, [role], "00042 01249", tally=tally)
    assert (len(part.found), part.more, tally.calls <= 12) == (1, True, True)
    assert 1000 <= part.looked < 1100
    assert told([part])[0].endswith(f"1+ found among the first {part.looked:,}")
    whole = all_pages(Asking(door), part, role, query)
    assert (len(whole.found), whole.looked, whole.more, whole.next) == (2, 1250, False, None)


def test_a_page_for_somebody_else_is_refused(door, account_of_its_own, production):
    account = "313100000007"
    role = account_of_its_own(account)
    log_groups(account, 1001, team="search")
    (part,) = search(door, [role], "many")
    changed = Searcher(role.key, role.label, production.session, role.regions)
    with pytest.raises(WrongIdentity):
        more_of(Asking(door), part, changed, parse("many"))
    (other,) = search(door, [production], "orders")
    with pytest.raises(WrongIdentity):
        joined(part, other)


def test_an_answer_by_another_view_than_was_asked_is_not_shown(production):
    class Elsewhere:
        def call(self, _service, operation, **_more):
            return {
                "ListIndexes": {"Indexes": [{"Region": HOME, "Type": "LOCAL", "Arn": "arn:1"}]},
                "GetDefaultView": {"ViewArn": "arn:aws:resource-explorer-2:eu-west-1:111122223333:view/a/1"},
                "Search": {
                    "ViewArn": "arn:aws:resource-explorer-2:eu-west-1:444455556666:view/a/1",
                    "Resources": [{"Arn": "arn:aws:s3:::theirs"}],
                },
            }.get(operation, {})

    index, *_ = search(Elsewhere(), [production], "x")
    assert (index.state, index.found) == ("error", ())
    assert "Nothing of it is shown" in index.message


@pytest.mark.parametrize(
    ("fault", "cause", "word"),
    [
        (("throttle", 5), "throttled", "too many requests"),
        (("html", 1), "not_aws", "not an answer of AWS"),
        (("drop", 2), "out_of_reach", "closed the connection"),
        (("500", 2), "broken", ""),
    ],
)
def test_what_goes_wrong_is_told_apart_and_the_other_engine_asked(aws, door, production, fault, cause, word):
    kind, times = fault
    aws.fault(kind, "resource-explorer-2:Search", times)
    index, *tagged = search(door, [production], "service:lambda")
    assert (index.state, index.cause) == ("error", cause)
    assert word in index.message
    assert [(part.engine, part.state, part.note) for part in tagged] == [("tagging", "ok", "Resource Explorer did not answer")] * 2
    assert merged(tagged)


def test_a_throttle_that_passes_is_waited_out_counted_and_said(aws, door, production):
    aws.fault("throttle", "resource-explorer-2:Search", 2)
    tally, said = Tally(), []
    (part,) = search(door, [production], "orders", tally=tally, on_retry=lambda retry: said.append(retry.sentence()))
    assert (part.state, tally.throttles) == ("ok", 2)
    assert said == [f"Resource Explorer: AWS asks to wait, attempt {number} of 5" for number in (2, 3)]


def test_a_session_that_has_ended_is_said_once_and_nothing_more_is_asked(aws, door, production):
    aws.advance(5 * 3600)
    tally = Tally()
    (part,) = search(door, [production], "orders", tally=tally)
    assert (part.cause, tally.calls) == ("expired", 1)


def test_a_search_that_is_stopped_returns_with_what_there_is(aws, door, production, searcher):
    sandbox = searcher(f"arn:aws:iam::{SANDBOX}:role/ReadOnly", HOME)
    aws.fault("slow", "resource-explorer-2:Search", 1, 20)
    stopped, heard = threading.Event(), []

    def hear(part, progress):
        heard.append((part.engine, progress.answered, progress.expected))
        stopped.set()

    began = time.monotonic()
    parts = search_estate(Asking(door, cancelled=stopped.is_set), [production, sandbox], parse("service:lambda"), hear)
    assert [part.engine for part in parts] == ["tagging"]
    assert heard == [("tagging", 1, 2)]
    assert time.monotonic() - began < 15  # it did not wait for the slow one
    aws.embedded.service.faults.clear()


def test_one_that_hangs_holds_nobody_up(aws, door, production, searcher):
    sandbox = searcher(f"arn:aws:iam::{SANDBOX}:role/ReadOnly", HOME)
    aws.fault("slow", "resource-explorer-2:Search", 1, 0.5)
    order = []
    search_estate(Asking(door), [production, sandbox], parse("service:lambda"), lambda part, _: order.append(part.engine))
    assert order == ["tagging", "resource-explorer"]


def test_a_role_without_a_region_is_told_so(door, production):
    nowhere = Searcher("nowhere", "nowhere", production.session, ())
    (part,) = search(door, [nowhere], "x")
    assert (part.cause, part.message[:25]) == ("no_region", "No region is known to sea")


def test_a_region_of_another_partition_is_said_and_not_asked(aws, door, production):
    both = Searcher("both", "both", production.session, ("cn-north-1", HOME))
    before = len(aws.calls())
    elsewhere, found = search(door, [both], "service:lambda")
    assert (elsewhere.region, elsewhere.state) == ("cn-north-1", "off")
    assert "aws-cn" in elsewhere.message
    assert found.found
    alone = Searcher("alone", "alone", production.session, ("cn-north-1",))
    assert [part.cause for part in search(door, [alone], "x")] == ["region_off"]
    assert len(aws.calls()) - before <= 6
