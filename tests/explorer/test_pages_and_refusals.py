"""Pages on demand, retries, identities that must not mix, denials that are handed on: with a door that answers what the test says."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

import pytest

from tui_app.aws.paging import Paging
from tui_app.errors import OutOfReach, Refused, SessionExpired, WrongIdentity
from tui_app.explorer import asking
from tui_app.explorer.asking import Asker, Asking, Tally
from tui_app.explorer.compare import matrix, side_by_side
from tui_app.explorer.denied import request_for_administrator
from tui_app.explorer.description import WITHHELD, withheld
from tui_app.explorer.export import rows_as_csv, sheet_as_csv
from tui_app.explorer.fetch import fetch_below, fetch_first_sight, fetch_more, fetch_pages, fetch_view
from tui_app.explorer.regions import enabled_regions
from tui_app.explorer.results import joined, renewed
from tui_app.explorer.sheet import table
from tui_app.explorer.views import SUB_VIEWS, VIEWS, views_called
from tui_app.model import AccessKey, Credentials, Identity, Session
from tui_app.secret import Secret

ARN = "arn:aws:sts::111122223333:assumed-role/Reader/me"
IDENTITY = Identity("111122223333", ARN, "AROA:me", 100.0, "eu-west-1")
OTHER = replace(IDENTITY, account="444455556666", arn=ARN.replace("111122223333", "444455556666"))
SESSION = Session("arn:aws:iam::111122223333:role/Reader", "r", Credentials(AccessKey("ASIA", Secret("s")), 4000.0), IDENTITY, 0.0, 3600, 1)
NAMED = {view.name: view for view in (*VIEWS, *SUB_VIEWS)}
BUCKETS = NAMED["s3-buckets"]
DENIED = Refused(
    "no",
    code="AccessDenied",
    status=403,
    aws_message=f"User: {ARN} is not authorized to perform: s3:ListAllMyBuckets on resource: arn:aws:s3:::* "
    "with an explicit deny in a service control policy",
    request_id="r-1",
)


TOKEN = Paging(("ContinuationToken",), ("ContinuationToken",))


class Scripted:
    """Answers one after the other; the last one again and again."""

    def __init__(self, *answers, paging=TOKEN):
        self.answers, self.calls, self._paging, self._lock = list(answers), [], paging, threading.Lock()

    def call(self, service, operation, *, region, key, parameters, retry=True):
        with self._lock:
            self.calls.append((operation, region, dict(parameters)))
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def paging(self, service, operation):
        return self._paging

    def regions(self, partition):
        return (f"{partition}-known-1",)

    def offers(self, service, region):
        return region != "me-central-1"


def page(*names, more=""):
    return {"Buckets": [{"Name": name} for name in names], **({"ContinuationToken": more} if more else {})}


def asker(door, session=SESSION, **how) -> Asker:
    return Asker(session, Asking(door, **how))


def first(door, **more):
    return fetch_view(asker(door, **more), BUCKETS, "eu-west-1")


def test_more_pages_are_asked_for_with_the_token_and_joined():
    door = Scripted(page("a", "b", more="t1"), page("c", more="t2"), page("d"))
    result = first(door)
    assert (result.count_text, result.next) == ("2+", {"ContinuationToken": "t1"})
    result = fetch_more(asker(door), result)
    assert (result.ids, result.count_text) == (("a", "b", "c"), "3+")
    result = fetch_pages(asker(door), result)
    assert (result.ids, result.count_text, result.next) == (("a", "b", "c", "d"), "4", None)
    assert [call[2].get("ContinuationToken") for call in door.calls] == [None, "t1", "t2"]
    assert fetch_more(asker(door), result) is result


def test_a_token_that_comes_back_unchanged_is_the_end():
    lines = NAMED["log-lines"]
    streams = NAMED["log-streams"]
    door = Scripted({"events": [{"timestamp": 1, "message": "x"}], "nextBackwardToken": "b/1"})
    above = replace(
        fetch_view(asker(Scripted({"logStreams": [{"logStreamName": "s"}]})), streams, "eu-west-1"),
        asked={"logGroupName": "g"},
    )
    result = fetch_below(asker(door), lines, above, 0)
    assert door.calls[0][2] == {"startFromHead": False, "limit": 100, "logGroupName": "g", "logStreamName": "s"}
    result = fetch_pages(asker(door), result)
    assert (len(door.calls), result.more) == (2, False)


def test_a_page_that_is_refused_leaves_the_rows_and_says_why():
    door = Scripted(page("a", more="t1"), SessionExpired("over", code="ExpiredToken"))
    result = fetch_pages(asker(door), first(door))
    assert (result.state, result.cause, result.ids) == ("error", "expired", ("a",))
    assert result.next == {"ContinuationToken": "t1"}
    again = Scripted(page("b"))
    result = fetch_more(asker(again), result)
    assert (result.state, result.cause, result.message, result.ids) == ("ok", "", "", ("a", "b"))


def test_rows_of_another_identity_are_never_taken():
    mine, theirs = first(Scripted(page("a", more="t"))), replace(first(Scripted(page("b"))), identity=OTHER)
    for together in (joined, renewed):
        with pytest.raises(WrongIdentity, match="was answered to"):
            together(mine, theirs)
    other_session = replace(SESSION, identity=OTHER)
    door = Scripted(page("b"))
    with pytest.raises(WrongIdentity):
        fetch_more(asker(door, other_session), mine)
    with pytest.raises(WrongIdentity):
        fetch_below(asker(door, other_session), NAMED["s3-objects"], mine, 0)
    assert door.calls == [], "the other identity's keys were not even used"
    renewed_session = replace(SESSION, identity=replace(IDENTITY, verified=999.0))
    assert fetch_more(asker(door, renewed_session), mine).ids == ("a", "b")


def test_a_reload_keeps_the_rows_where_it_failed_but_not_where_they_are_denied():
    before = first(Scripted(page("a")))
    kept = renewed(before, first(Scripted(OutOfReach("No network.", sent=False))))
    assert (kept.ids, kept.state, kept.cause) == (("a",), "error", "out_of_reach")
    assert renewed(before, first(Scripted(DENIED))).ids == ()
    assert renewed(before, first(Scripted(page("b")))).ids == ("b",)


def test_a_throttle_is_waited_out_counted_and_told_as_n_of_m():
    tally, heard = Tally(), []
    result = first(
        Scripted(Refused("slow", code="Throttling"), OutOfReach("slow", cause="throttled"), page("a")), tally=tally, on_retry=heard.append
    )
    assert (result.state, result.ids) == ("ok", ("a",))
    assert (tally.calls, tally.throttles) == (3, 2)
    assert [retry.attempt for retry in heard] == [2, 3]
    assert heard[0].sentence() == "S3 buckets: AWS asks to wait, attempt 2 of 5"


def test_waiting_ends_after_the_last_attempt_and_a_denial_is_never_asked_again():
    tally = Tally()
    assert first(Scripted(Refused("slow", code="Throttling")), tally=tally).cause == "throttled"
    assert tally.calls == asking.ATTEMPTS
    door = Scripted(DENIED)
    first(door)
    assert len(door.calls) == 1


def test_a_stop_ends_the_waiting(monkeypatch):
    monkeypatch.setattr(asking, "FIRST_WAIT", 1000.0)
    monkeypatch.setattr(asking, "LONGEST_WAIT", 1000.0)
    waiting = threading.Event()
    door = Scripted(Refused("slow", code="Throttling"))
    waits = asker(door, cancelled=waiting.is_set, on_retry=lambda _: waiting.set())
    found = fetch_first_sight(waits, ("eu-west-1",), lambda _: None, views=(BUCKETS,))
    assert found == ()
    end = time.monotonic() + 10
    while any(thread.name == "explorer" for thread in threading.enumerate()):
        assert time.monotonic() < end, "a thread goes on waiting"
        time.sleep(0.01)


def test_after_the_session_has_ended_nobody_else_is_asked():
    door = Scripted(SessionExpired("over", code="ExpiredToken"))
    regions = tuple(f"eu-west-{number}" for number in range(1, 40))
    found = fetch_first_sight(asker(door), regions, lambda _: None, views=(NAMED["sqs-queues"],))
    assert {result.cause for result in found} == {"expired"}
    assert len(found) == 39
    assert len(door.calls) <= 32


def test_a_region_known_to_be_off_is_said_and_not_asked():
    door = Scripted({"QueueUrls": ["https://q/1/a"]})
    found = fetch_first_sight(asker(door), ("eu-west-1", "af-south-1"), lambda _: None, views=(NAMED["sqs-queues"],), off=("af-south-1",))
    assert [(result.state, result.cause, result.message) for result in found] == [
        ("ok", "", ""),
        ("off", "region_off", "af-south-1 is not enabled for this account."),
    ]
    assert len(door.calls) == 1


def test_without_a_region_a_global_view_is_asked_and_a_regional_one_says_what_to_set():
    door = Scripted(page("a"))
    assert fetch_view(asker(door), BUCKETS, "").ids == ("a",)
    assert door.calls[0][1] == IDENTITY.region == "eu-west-1"
    result = fetch_view(asker(door), NAMED["sqs-queues"], "")
    assert (result.state, result.cause, len(door.calls)) == ("error", "no_region", 1)
    assert "--region" in result.message


def test_names_stay_where_their_description_is_denied():
    services = NAMED["ecs-services"]
    clusters = fetch_view(asker(Scripted({"clusterArns": ["arn:c/x"]})), NAMED["ecs-clusters"], "eu-west-1")
    arns = [f"arn:aws:ecs:eu-west-1:1:service/x/s{number}" for number in range(12)]
    door = Scripted({"serviceArns": arns}, {"services": [{"serviceArn": arns[0], "serviceName": "s0", "runningCount": 2}]}, DENIED)
    result = fetch_below(asker(door), services, clusters, 0)
    assert [row[0] for row in result.rows] == [f"s{number}" for number in range(12)]
    assert result.rows[0][2] == "2"
    assert (result.state, result.note) == ("ok", "Only names: ecs:DescribeServices is denied.")
    assert [len(call[2].get("services", ())) for call in door.calls] == [0, 10, 2]


def test_a_denial_is_a_request_that_can_be_handed_on():
    result = first(Scripted(DENIED))
    refusal = result.refusal
    assert (refusal.policy, refusal.explicit, refusal.principal, refusal.resource) == ("control policy", True, ARN, "arn:aws:s3:::*")
    text = request_for_administrator(result)
    for fact in ("s3:ListAllMyBuckets", ARN, "111122223333", "r-1", "arn:aws:s3:::*", "service control policy", "except this principal"):
        assert fact in text
    assert request_for_administrator(first(Scripted(page("a")))) == ""
    hostile = Refused("no", code="AccessDenied", aws_message="x\x1b[2J\u202e is not authorized")
    assert "\x1b" not in request_for_administrator(first(Scripted(hostile)))


@pytest.mark.parametrize(
    ("ending", "policy", "explicit"),
    [
        ("because no permissions boundary allows the s3:ListAllMyBuckets action", "boundary", False),
        ("because no session policy allows the s3:ListAllMyBuckets action", "session policy", False),
        ("with an explicit deny in a resource-based policy", "resource", True),
        ("with an explicit deny", "", True),
        ("", "", False),
    ],
)
def test_who_denied_it_decides_what_is_asked_for(ending, policy, explicit):
    refusal = first(
        Scripted(Refused("no", code="AccessDenied", aws_message=f"User: {ARN} is not authorized to perform: s3:X {ending}"))
    ).refusal
    assert (refusal.policy, refusal.explicit) == (policy, explicit)


def test_secrets_in_a_description_are_withheld_and_names_are_not():
    function = {
        "FunctionName": "f",
        "Environment": {"Variables": {"DB_PASSWORD": "hunter2", "MODE": "fast"}},
        "MasterUserPassword": "hunter2",
        "Container": {"environment": [{"name": "TOKEN", "value": "hunter2"}]},
        "SecretArn": "arn:aws:secretsmanager:x",
    }
    result = fetch_view(asker(Scripted({"Functions": [function]}, paging=None)), NAMED["lambda-functions"], "eu-west-1")
    told = result.document(0)
    assert "hunter2" not in repr(told)
    assert set(told["Environment"]["Variables"]) == {"DB_PASSWORD", "MODE"}
    assert told["Container"]["environment"][0]["name"] == "TOKEN"
    assert told["SecretArn"] == "arn:aws:secretsmanager:x"
    assert "hunter2" not in repr(result)


def test_tags_are_one_mapping_whatever_the_service_calls_them():
    door = Scripted(
        {"Vpcs": [{"VpcId": "v", "Tags": [{"Key": "Name", "Value": "a"}, {"Key": "team", "Value": "b"}]}, {"VpcId": "w"}]}, paging=None
    )
    result = fetch_view(asker(door), NAMED["vpcs"], "eu-west-1")
    assert result.tags == ({"Name": "a", "team": "b"}, {})


def test_twenty_thousand_rows_keep_their_order_ids_and_figures():
    function = {
        "FunctionName": "f",
        "Runtime": "python3.13",
        "MemorySize": 128,
        "Timeout": 3,
        "CodeSize": 1_400_000,
        "FunctionArn": "arn:f",
    }
    answer = {"Functions": [function | {"FunctionName": f"f{number}"} for number in range(20_000)]}
    result = fetch_view(asker(Scripted(answer, paging=None)), NAMED["lambda-functions"], "eu-west-1")
    assert (result.count, result.ids[19_999], result.rows[19_999][4]) == (20_000, "f19999", "1.4 MB")


def test_enabled_regions_are_asked_at_account_then_ec2_then_guessed():
    told = Scripted({"Regions": [{"RegionName": "b", "RegionOptStatus": "ENABLED"}, {"RegionName": "a", "RegionOptStatus": "DISABLED"}]})
    known = enabled_regions(told, SESSION)
    assert (known.enabled, known.off, known.told_by) == (("b",), ("a",), "account:ListRegions")
    second = Scripted(
        DENIED, {"Regions": [{"RegionName": "c", "OptInStatus": "opted-in"}, {"RegionName": "d", "OptInStatus": "not-opted-in"}]}
    )
    assert enabled_regions(second, SESSION).enabled == ("c",)
    guessed = enabled_regions(Scripted(DENIED), SESSION)
    assert (guessed.enabled, guessed.told_by, guessed.refusal.cause) == (("aws-known-1",), "", "denied")


def test_side_by_side_has_each_row_once_and_says_who_sees_it():
    reader, writer = first(Scripted(page("a", "b"))), replace(first(Scripted(page("b", "c"))), identity=replace(IDENTITY, arn=ARN + "2"))
    nobody = replace(first(Scripted(DENIED)), identity=OTHER)
    side = side_by_side((reader, writer, nobody))
    assert {line.cells[0]: line.seen_by for line in side.lines} == {"a": (0,), "b": (0, 1), "c": (1,)}
    assert [line.cells[0] for line in side.only(1)] == ["c"]
    assert [result.cause for result in side.refused] == ["denied"]
    counts = matrix((reader, writer, nobody))["s3-buckets"]
    assert list(counts.values()) == [("2",), ("2",), ("⊘ denied",)]
    with pytest.raises(ValueError, match="one view"):
        side_by_side((reader, fetch_view(asker(Scripted({})), NAMED["sqs-queues"], "eu-west-1")))


def test_csv_is_one_head_and_holds_nothing_that_a_spreadsheet_runs():
    result = first(Scripted(page("=HYPERLINK(1)", "plain", "\x1b[2Jx")))
    lines = rows_as_csv((result,)).splitlines()
    assert lines[0] == "Account,Identity,Region,Name,Own region,Created,ARN"
    assert "'=HYPERLINK(1)" in lines[1]
    assert "\x1b" not in lines[3]
    sheet = sheet_as_csv((result, first(Scripted(DENIED)))).splitlines()
    assert sheet[1].split(",")[2:7] == ["s3-buckets", "global", "ok", "3", "no"]
    assert sheet[2].split(",")[4:6] == ["denied", ""]


def test_nothing_is_asked_in_a_region_of_another_partition():
    door = Scripted(page("a"))
    (queues,) = views_called("sqs-queues")
    found = fetch_view(asker(door), queues, "cn-north-1")
    assert (found.state, found.cause, door.calls) == ("off", "region_off", [])
    assert found.message == "cn-north-1 lies in aws-cn, and this session belongs to aws."


def test_a_service_that_botocore_does_not_know_in_a_region_where_nothing_answers_is_not_offered_there():
    silence = OutOfReach("SQS in me-central-1 cannot be reached.", sent=False)
    (queues,) = views_called("sqs-queues")
    there, here = (fetch_view(asker(Scripted(silence)), queues, region) for region in ("me-central-1", "eu-west-1"))
    assert (there.state, there.cause) == ("off", "not_offered")
    assert "sqs is not offered in me-central-1" in there.message
    assert (here.state, here.cause) == ("error", "out_of_reach")


def test_a_page_without_rows_does_not_end_a_list_that_goes_on():
    door = Scripted(page(more="t1"), page("b"))
    result = fetch_pages(asker(door), first(door))
    assert (result.ids, result.more, len(door.calls)) == (("b",), False, 2)


def test_user_data_is_withheld_as_ec2_tells_it_too():
    assert withheld({"UserData": {"Value": "c2VjcmV0"}, "InstanceId": "i-1"}) == {"UserData": {"Value": WITHHELD}, "InstanceId": "i-1"}


def test_rows_stay_on_the_sheet_where_a_later_page_is_denied():
    door = Scripted(page("a", more="t1"), DENIED)
    lines = table(fetch_pages(asker(door), first(door)))
    assert lines[0] == "S3 buckets  1+, there is more"
    assert any(line.split()[:1] == ["a"] for line in lines)
    assert lines[-1].startswith("⊘ denied  s3:ListAllMyBuckets")


@pytest.mark.parametrize("sign", ["\uff1d", "\uff0b", "\uff0d", "\uff20"])
def test_no_wide_sign_begins_a_formula_either(sign):
    (_, line) = rows_as_csv((first(Scripted(page(f"{sign}HYPERLINK(1)"))),)).splitlines()
    assert f",'{sign}HYPERLINK(1)," in line
