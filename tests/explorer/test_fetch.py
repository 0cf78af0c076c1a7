from __future__ import annotations

import gc
import threading
from collections import Counter
from datetime import UTC, datetime

import pytest

from tui_app.aws.paging import Paging
from tui_app.errors import OutOfReach, Refused, SessionExpired
from tui_app.explorer import sheet
from tui_app.explorer.asking import Asker, Asking
from tui_app.explorer.fetch import MANY, THREADS, fetch_first_sight, fetch_view, regions_of
from tui_app.explorer.views import FIRST_SIGHT, views_called
from tui_app.model import AccessKey, Account, Credentials, Identity, Request, Role, Session
from tui_app.secret import Secret
from tui_app.text import clean

ARN = "arn:aws:iam::111122223333:role/team/Reader"
IDENTITY = Identity("111122223333", "arn:aws:sts::111122223333:assumed-role/Reader/me", "AROAEXAMPLE:me", 100.0, "eu-west-1")
KEY = AccessKey("ASIAEXAMPLE", Secret("secret"), Secret("token"))
SESSION = Session(ARN, "reader", Credentials(KEY, 4000.0), IDENTITY, 0.0, 3600, 1)
(BUCKETS,) = views_called("s3")
(QUEUES,) = views_called("sqs")


class FakeDoor:
    """Answers by operation; an exception is raised, a list answers one after the other, anything else is the answer."""

    def __init__(self, answers=None, default=None):
        self.answers = answers or {}
        self.default = {} if default is None else default
        self.calls = []
        self.lock = threading.Lock()

    def call(self, service, operation, *, region, key, parameters, retry=True):
        with self.lock:
            self.calls.append((service, operation, region, dict(parameters)))
        answer = self.answers.get(operation, self.default)
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def paging(self, service, operation):
        return Paging(("ContinuationToken",), ("ContinuationToken",)) if operation == "ListBuckets" else None


def asker(door, session=SESSION, **how) -> Asker:
    return Asker(session, Asking(door, **how))


def role(**more) -> Role:
    return Role("reader", ARN, more.pop("account", Account("111122223333", "production")), "team/Reader", **more)


def buckets(*names: str, more: bool = False):
    rows = [{"Name": name, "BucketRegion": "eu-west-1", "CreationDate": datetime(2025, 6, 30, tzinfo=UTC)} for name in names]
    return {"Buckets": rows, **({"ContinuationToken": "next"} if more else {})}


def test_a_view_is_one_call_and_its_rows_carry_who_and_when():
    door = FakeDoor({"ListBuckets": buckets("dev-assets", "dev-logs")})
    result = fetch_view(asker(door, clock=lambda: 123.0), BUCKETS, "eu-west-1")
    assert door.calls == [("s3", "ListBuckets", "eu-west-1", {"MaxBuckets": 100})]
    assert (result.state, result.count, result.count_text, result.more) == ("ok", 2, "2", False)
    assert (result.region, result.identity, result.at) == ("global", IDENTITY, 123.0)
    assert [row[0] for row in result.rows] == ["dev-assets", "dev-logs"]
    assert result.values[0] == ("dev-assets", "eu-west-1", "2025-06-30T00:00:00Z")
    assert result.arns == ("arn:aws:s3:::dev-assets", "arn:aws:s3:::dev-logs")
    assert result.ids == ("dev-assets", "dev-logs")


def test_more_than_a_page_is_shown_with_a_plus():
    door = FakeDoor({"ListBuckets": buckets(*(f"b{number}" for number in range(100)), more=True)})
    assert fetch_view(asker(door), BUCKETS, "eu-west-1").count_text == "100+"


def test_hostile_names_are_cleaned_for_people_and_whole_for_copying():
    name = "x\x1b]52;c;aGk=\x07\u202egpj.[red]"
    result = fetch_view(asker(FakeDoor({"ListBuckets": buckets(name)})), BUCKETS, "eu-west-1")
    assert result.rows[0][0] == clean(name) != name
    assert result.ids == (name,)
    assert result.values[0][0] == name
    assert "\x1b" not in "\n".join(sheet.table(result))


@pytest.mark.parametrize("answer", [{}, {"Buckets": None}, {"Buckets": "html"}, {"Buckets": [None]}])
def test_an_answer_without_rows_is_no_rows(answer):
    result = fetch_view(asker(FakeDoor({"ListBuckets": answer})), BUCKETS, "eu-west-1")
    assert (result.state, result.count, result.rows) == ("ok", 0, ())


def test_one_refusal_loses_no_other_view():
    door = FakeDoor(
        {
            "ListBuckets": buckets("dev-assets"),
            "ListUsers": Refused("no", code="AccessDenied", aws_message="… with an explicit deny in a service control policy"),
            "ListQueues": OutOfReach("SQS did not answer.", "Check the network."),
            "ListTopics": Refused("slow", code="Throttling"),
            "DescribeVpcs": SessionExpired("over", code="RequestExpired"),
            "ListAccounts": Refused("none", code="AWSOrganizationsNotInUseException"),
        }
    )
    results = {result.view.name: result for result in fetch_first_sight(asker(door), ("eu-west-1",), lambda _: None)}
    assert len(results) == len(FIRST_SIGHT)
    assert results["s3-buckets"].rows
    denied = results["iam-users"]
    assert (denied.state, denied.action, denied.denied_by) == (
        "denied",
        "iam:ListUsers",
        "explicit deny in a service control policy of the organization",
    )
    causes = {name: results[name].cause for name in ("sqs-queues", "sns-topics", "vpcs", "organization-accounts", "s3-buckets")}
    assert causes == {
        "sqs-queues": "out_of_reach",
        "sns-topics": "throttled",
        "vpcs": "expired",
        "organization-accounts": "not_in_use",
        "s3-buckets": "",
    }
    assert Counter(result.state for result in results.values())["ok"] == len(FIRST_SIGHT) - 5


def test_global_views_are_asked_once_and_regional_ones_in_each_region():
    door = FakeDoor()
    results = fetch_first_sight(asker(door), ("eu-west-1", "us-east-1"), lambda _: None)
    asked = Counter(operation for _, operation, _, _ in door.calls)
    assert asked["ListBuckets"] == asked["ListRoles"] == 1
    assert asked["DescribeInstances"] == asked["ListQueues"] == 2
    assert [result.region for result in results if result.view is QUEUES] == ["eu-west-1", "us-east-1"]
    assert [result.view for result in results] == sorted((result.view for result in results), key=FIRST_SIGHT.index)


def test_results_arrive_one_by_one_on_the_callers_thread():
    heard = []
    here = threading.current_thread()
    results = fetch_first_sight(
        asker(FakeDoor()), ("eu-west-1",), lambda result: heard.append((result, threading.current_thread() is here))
    )
    assert {result for result, _ in heard} == set(results)
    assert all(mine for _, mine in heard)


def test_a_stop_is_at_once_though_calls_hang():
    gate, hanging = threading.Event(), threading.Semaphore(0)

    class Hanging:
        def call(self, service, operation, *, region, key, parameters, retry=True):
            hanging.release()
            gate.wait(30)
            return {}

    heard = []

    def cancelled() -> bool:
        return hanging.acquire(timeout=10)

    try:
        assert fetch_first_sight(asker(Hanging(), cancelled=cancelled), ("eu-west-1",), heard.append) == ()
    finally:
        gate.set()
    assert heard == []


def test_views_are_asked_at_the_same_time():
    together = threading.Barrier(len(FIRST_SIGHT), timeout=10)

    class Together:
        def call(self, service, operation, *, region, key, parameters, retry=True):
            together.wait()
            return {}

    assert len(fetch_first_sight(asker(Together()), ("eu-west-1",), lambda _: None, views=FIRST_SIGHT)) == len(FIRST_SIGHT) <= THREADS


def test_a_fault_of_ours_reaches_the_caller():
    with pytest.raises(ZeroDivisionError):
        fetch_first_sight(asker(FakeDoor(default=ZeroDivisionError())), ("eu-west-1",), lambda _: None)


def test_the_regions_asked_for_come_before_the_roles_and_the_accounts():
    assert regions_of(role(regions=("a",)), SESSION, ["x", "y", "x"]) == ("x", "y")
    assert regions_of(role(regions=("a", "b"), account=Account("1", regions=("c",))), SESSION) == ("a", "b")
    assert regions_of(role(account=Account("1", regions=("c",))), SESSION) == ("c",)
    assert regions_of(role(request=Request(region="d")), SESSION) == ("d",)
    assert regions_of(role(), SESSION) == ("eu-west-1",)


def test_the_overview_tells_denied_from_none_and_from_more():
    door = FakeDoor(
        {
            "ListBuckets": buckets("a", more=True),
            "ListUsers": Refused("no", code="AccessDenied"),
            "ListQueues": Refused("off", code="UnrecognizedClientException"),
        }
    )
    regions = ("af-south-1", "eu-west-1")
    text = sheet.overview(fetch_first_sight(asker(door), regions, lambda _: None))
    lines = {line.split("  ")[0]: line.split() for line in text}
    assert text[0].split() == ["View", "Global", "af-south-1", "eu-west-1"]
    assert lines["S3 buckets"][2:] == ["1+"]
    assert lines["IAM users"][2:] == ["⊘", "denied", "iam:ListUsers"]
    assert lines["VPCs"][1:] == ["0", "0"]
    assert lines["SQS queues"][2:4] == ["—", "expired"]
    assert text[-1].endswith("readable, 1 denied, 1 not here, 1 failed")


def test_a_table_fits_its_width_by_cutting_the_widest_column():
    result = fetch_view(asker(FakeDoor({"ListBuckets": buckets("b" * 200, "short")})), BUCKETS, "eu-west-1")
    assert max(map(len, sheet.table(result))) > 200
    lines = sheet.table(result, 60)
    assert max(map(len, lines)) == 60
    assert "…" in lines[3]
    assert lines[2].split() == ["Name", "Region", "Created"]
    assert "short" in lines[4]


def test_the_stamp_names_the_identity_the_calls_and_the_time():
    results = fetch_first_sight(asker(FakeDoor(), clock=lambda: 1000.0), ("eu-west-1",), lambda _: None, views=FIRST_SIGHT[:2])
    clock = datetime.fromtimestamp(1000.0).strftime("%H:%M:%S")  # noqa: DTZ006 - shown in local time
    assert sheet.stamp(results) == f"Answered to {IDENTITY.arn}, 2 calls, {clock}"


def test_the_collector_of_garbage_is_as_before_when_the_looking_round_is_over():
    before = gc.get_threshold()
    during = []
    fetch_first_sight(asker(FakeDoor()), ("eu-west-1",), lambda _: during.append(gc.get_threshold()))
    assert len(during) > MANY
    assert set(during) != {before}
    assert gc.get_threshold() == before
