from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_app.policy.conditions import OPERATORS, holds
from tui_app.policy.document import Condition, Policy, Statement, parse_policy
from tui_app.policy.evaluate import Who, evaluate
from tui_app.policy.patterns import action_set, arn_matches, matches, resolve

USER = "arn:aws:iam::444455556666:user/DevUser"
DEV = Who(frozenset({USER}), "444455556666")


def trust(principal, effect="Allow", action="sts:AssumeRole", **more):
    return parse_policy({"Version": "2012-10-17", "Statement": [{"Effect": effect, "Principal": principal, "Action": action, **more}]})


def own(*statements, version="2012-10-17"):
    return parse_policy(
        {"Version": version, "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"} | one for one in statements]}
    )


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("", "", True),
        ("", "a", False),
        ("*", "", True),
        ("*", "a\nb", True),
        ("a*", "a", True),
        ("a*b", "ab", True),
        ("a*b", "acbd", False),
        ("a*b*c", "aXbYc", True),
        ("a*b*c", "acb", False),
        ("?", "a", True),
        ("?", "", False),
        ("a?c", "abc", True),
        ("*?*", "", False),
        ("aa*aa", "aaa", False),
        ("a*a", "a", False),
        ("[a]", "a", False),
        ("a.c", "abc", False),
        ("*a?", "baab", True),
        ("**", "x", True),
    ],
)
def test_wildcards(pattern, text, fits):
    assert matches(pattern, text) is fits


def test_many_wildcards_take_no_time():
    assert not matches("*a" * 2000 + "b", "a" * 4000)


@given(st.text("ab*?", max_size=8), st.text("ab", max_size=8))
def test_wildcards_agree_with_a_plain_definition(pattern, text):
    def plain(left, right):
        if not left:
            return not right
        if left[0] == "*":
            return plain(left[1:], right) or (bool(right) and plain(left, right[1:]))
        return bool(right) and left[0] in ("?", right[0]) and plain(left[1:], right[1:])

    assert matches(pattern, text) == plain(pattern, text)


def test_arns_are_compared_part_by_part():
    assert arn_matches("arn:aws:iam::*:role/team/*", "arn:aws:iam::111122223333:role/team/x/y")
    assert arn_matches("arn:*:s3:::b/*", "arn:aws:s3:::b/k:e:y")
    assert not arn_matches("arn:aws:iam*:role/x", "arn:aws:iam::111122223333:role/x")
    assert not arn_matches("*", "arn:aws:iam::111122223333:role/x")


def test_variables():
    context = {"aws:username": "kim", "many": ("a", "b"), "evil": "*"}
    assert resolve("home/${aws:username}/x", context) == "home/kim/x"
    assert resolve("${AWS:UserName}", context) == "kim"
    assert resolve("${absent, 'nobody'}", context) == "nobody"
    assert resolve("${absent}", context) is None
    assert resolve("${many}", context) is None
    folder = own({"Resource": "arn:aws:s3:::b/${evil}/${*}"})
    assert evaluate([folder], "s3:GetObject", "arn:aws:s3:::b/*/*", context).allowed
    assert not evaluate([folder], "s3:GetObject", "arn:aws:s3:::b/other/*", context).allowed


def test_actions():
    some = action_set(("s3:Get*", "iam:ListRoles", "ec2:*", "*:Describe?"))
    assert all(action in some for action in ("S3:getobject", "iam:listroles", "ec2:RunInstances", "rds:DescribeX"))
    assert not any(action in some for action in ("s3:PutObject", "iam:ListRolesX", "sts:AssumeRole", "rds:DescribeXY"))
    assert "anything:AtAll" in action_set(("*",))


@pytest.mark.parametrize(
    ("principal", "effect"),
    [
        ("*", "direct"),
        ({"AWS": "*"}, "direct"),
        ({"AWS": USER}, "direct"),
        ({"AWS": ["111122223333", USER]}, "direct"),
        ({"AWS": "444455556666"}, "account"),
        ({"AWS": "arn:aws:iam::444455556666:root"}, "account"),
        ({"AWS": "arn:aws-cn:iam::444455556666:root"}, "account"),
        ({"AWS": "arn:aws:iam::111122223333:root"}, "none"),
        ({"AWS": USER.lower()}, "none"),
        ({"AWS": "arn:aws:iam::444455556666:user/*"}, "none"),
        ({"Service": "ec2.amazonaws.com"}, "none"),
        ({"Federated": "accounts.google.com"}, "none"),
    ],
)
def test_who_is_meant(principal, effect):
    assert evaluate([trust(principal)], "sts:AssumeRole", None, {}, DEV).effect == effect


def test_services_and_identity_providers_are_principals_too():
    service = Who(frozenset(), "", services=frozenset({"ec2.amazonaws.com"}))
    assert evaluate([trust({"Service": "ec2.amazonaws.com"})], "sts:AssumeRole", None, {}, service).allowed
    guest = Who(frozenset(), "", federated=frozenset({"accounts.google.com"}))
    assert evaluate([trust({"Federated": "accounts.google.com"})], "sts:AssumeRole", None, {}, guest).allowed


def test_everyone_but():
    statement = {"Effect": "Deny", "NotPrincipal": {"AWS": ["444455556666", USER]}, "Action": "*"}
    policy = parse_policy({"Version": "2012-10-17", "Statement": [statement, {"Effect": "Allow", "Principal": "*", "Action": "*"}]})
    assert evaluate([policy], "sts:AssumeRole", None, {}, DEV).allowed
    other = Who(frozenset({"arn:aws:iam::111122223333:user/x"}), "111122223333")
    assert evaluate([policy], "sts:AssumeRole", None, {}, other).effect == "deny"


def test_a_trust_policy_without_a_principal_means_nobody():
    policy = parse_policy({"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole"}})
    assert evaluate([policy], "sts:AssumeRole", None, {}, DEV).effect == "none"


def test_a_direct_grant_beats_one_to_the_account_and_a_deny_beats_both():
    account, direct, deny = trust({"AWS": DEV.account}), trust({"AWS": USER}), trust({"AWS": USER}, "Deny")
    assert evaluate([account, direct, account], "sts:AssumeRole", None, {}, DEV).effect == "direct"
    decision = evaluate([account, direct, deny], "sts:AssumeRole", None, {}, DEV)
    assert (decision.effect, decision.statement) == ("deny", deny.statements[0])


def test_resources_that_are_not_known():
    some = own({"Resource": "arn:aws:s3:::dev-*"})
    assert evaluate([some], "s3:ListBucket", None, {}).allowed
    assert not evaluate([own({}), own({"Effect": "Deny"})], "s3:ListBucket", None, {}).allowed
    assert evaluate([own({}), own({"Effect": "Deny", "Resource": "arn:aws:s3:::x"})], "s3:ListBucket", None, {}).allowed
    assert (
        evaluate([own({}), own({"Effect": "Deny", "Resource": "arn:aws:s3:::x"})], "s3:ListBucket", "arn:aws:s3:::x", {}).effect == "deny"
    )


def test_not_action_and_not_resource():
    policy = parse_policy(
        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "NotAction": "iam:*", "NotResource": "arn:aws:s3:::secret/*"}}
    )
    assert evaluate([policy], "s3:GetObject", "arn:aws:s3:::open/x", {}).allowed
    assert not evaluate([policy], "s3:GetObject", "arn:aws:s3:::secret/x", {}).allowed
    assert not evaluate([policy], "IAM:GetRole", "arn:aws:iam::1:role/x", {}).allowed


def test_what_failed_is_told():
    policy = trust(
        {"AWS": DEV.account},
        Condition={"StringEquals": {"sts:ExternalId": "a", "aws:username": "DevUser"}, "Bool": {"aws:MultiFactorAuthPresent": "true"}},
    )
    decision = evaluate([policy, trust({"AWS": "1"})], "sts:AssumeRole", None, {"STS:ExternalId": "b", "aws:username": "DevUser"}, DEV)
    assert decision.effect == "none"
    assert [(one.condition.key, one.seen) for one in decision.failing] == [("sts:ExternalId", "b"), ("aws:MultiFactorAuthPresent", None)]
    assert [miss.part for miss in decision.misses] == ["condition", "principal"]


def test_variables_need_the_new_version():
    resource = {"Resource": "arn:aws:s3:::${aws:username}"}
    assert evaluate([own(resource)], "s3:ListBucket", "arn:aws:s3:::kim", {"aws:username": "kim"}).allowed
    old = own(resource, version="2008-10-17")
    assert not evaluate([old], "s3:ListBucket", "arn:aws:s3:::kim", {"aws:username": "kim"}).allowed
    assert evaluate([old], "s3:ListBucket", "arn:aws:s3:::${aws:username}", {}).allowed


ONE = [
    ("StringEquals", ["a", "b"], "b", True),
    ("StringEquals", ["a"], "A", False),
    ("StringNotEquals", ["a", "b"], "b", False),
    ("StringNotEquals", ["a"], None, True),
    ("StringEquals", ["a"], None, False),
    ("StringEqualsIfExists", ["a"], None, True),
    ("StringNotEqualsIfExists", ["a"], "a", False),
    ("StringEqualsIgnoreCase", ["AbC"], "aBc", True),
    ("StringLike", ["a*", "b?"], "bc", True),
    ("StringNotLike", ["a*"], "b", True),
    ("StringEquals", [], "a", False),
    ("StringNotEquals", [], "a", True),
    ("NumericEquals", ["10"], "10.0", True),
    ("NumericLessThan", ["10"], "9", True),
    ("NumericLessThan", ["9"], "10", False),
    ("NumericGreaterThanEquals", ["10"], "10", True),
    ("NumericNotEquals", ["10"], "11", True),
    ("NumericEquals", ["nan"], "nan", False),
    ("NumericLessThan", ["x", "5"], "4", True),
    ("NumericLessThan", ["5"], "x", False),
    ("NumericNotEquals", ["5"], "x", False),
    ("DateLessThan", ["2025-01-02"], "2025-01-01T23:59:59Z", True),
    ("DateGreaterThan", ["1735689600"], "2025-01-01T00:00:01Z", True),
    ("DateEquals", ["2025-01-01T01:00:00+01:00"], "2025-01-01T00:00:00Z", True),
    ("DateLessThan", ["soon"], "2025-01-01", False),
    ("DateNotEquals", ["2025-01-01"], None, True),
    ("Bool", ["true"], "True", True),
    ("Bool", ["false"], None, False),
    ("Bool", ["yes"], "yes", False),
    ("BoolIfExists", ["true"], None, True),
    ("BinaryEquals", ["YWI="], "YWI=", True),
    ("BinaryEquals", ["YWI="], "YWM=", False),
    ("BinaryEquals", ["%"], "%", False),
    ("IpAddress", ["203.0.113.0/24"], "203.0.113.9", True),
    ("IpAddress", ["203.0.113.9"], "203.0.113.9", True),
    ("IpAddress", ["10.0.0.1/8"], "10.9.9.9", True),
    ("IpAddress", ["2001:db8::/32"], "2001:db8::1", True),
    ("IpAddress", ["2001:db8::/32"], "203.0.113.9", False),
    ("IpAddress", ["x"], "203.0.113.9", False),
    ("NotIpAddress", ["203.0.113.0/24"], "198.51.100.1", True),
    ("NotIpAddress", ["203.0.113.0/24"], "203.0.113.1", False),
    ("NotIpAddress", ["203.0.113.0/24"], None, True),
    ("ArnEquals", ["arn:aws:iam::*:user/?im"], "arn:aws:iam::1:user/kim", True),
    ("ArnLike", ["arn:aws:iam::1:*"], "arn:aws:iam::1:user/kim", True),
    ("ArnNotLike", ["arn:aws:iam::1:*"], "arn:aws:iam::2:user/kim", True),
    ("ArnNotEquals", ["arn:aws:iam::1:*"], "arn:aws:iam::1:user/kim", False),
    ("Null", ["true"], None, True),
    ("Null", ["true"], "x", False),
    ("Null", ["false"], "x", True),
    ("Null", ["false"], None, False),
    ("StringEquals", ["${aws:username}"], "kim", True),
    ("StringEquals", ["${absent}"], "kim", False),
    ("StringNotEquals", ["${absent}"], "kim", False),
    ("StringEquals", ["a*"], "a*", True),
    ("StringLike", ["a${*}"], "ab", False),
    ("StringLike", ["a${*}"], "a*", True),
    ("Unknown", ["a"], "a", False),
    ("UnknownIfExists", ["a"], None, False),
    ("ForSome:StringEquals", ["a"], "a", False),
]
MANY = [
    ("ForAllValues:StringEquals", ["a", "b"], ("a", "b"), True),
    ("ForAllValues:StringEquals", ["a"], ("a", "c"), False),
    ("ForAllValues:StringEquals", ["a"], (), True),
    ("ForAllValues:StringEquals", ["a"], None, True),
    ("ForAllValues:StringNotEquals", ["a"], ("b", "c"), True),
    ("ForAllValues:StringNotEquals", ["a"], ("a", "c"), False),
    ("ForAnyValue:StringEquals", ["a"], ("a", "c"), True),
    ("ForAnyValue:StringEquals", ["a"], ("b", "c"), False),
    ("ForAnyValue:StringEquals", ["a"], None, False),
    ("ForAnyValue:StringEquals", ["a"], (), False),
    ("ForAnyValue:StringNotEquals", ["a"], ("a", "b"), True),
    ("ForAnyValue:StringNotEquals", ["a"], ("a",), False),
    ("ForAnyValue:StringNotEquals", ["a"], None, False),
    ("ForAnyValue:StringLike", ["a*"], ("b", "ab"), True),
    ("StringEquals", ["a"], ("a", "b"), True),
    ("StringNotEquals", ["a"], ("a", "b"), False),
    ("ForAllValues:StringLikeIfExists", ["a*"], ("ab",), True),
    ("Null", ["true"], (), True),
]


@pytest.mark.parametrize(("operator", "wanted", "seen", "expected"), ONE + MANY)
def test_conditions(operator, wanted, seen, expected):
    context = {"aws:username": "kim"} | ({} if seen is None else {"k": seen})
    assert holds(Condition(operator, "K", tuple(wanted)), context) is expected


OPERATOR = st.builds(
    lambda quantifier, name, tail: quantifier + name + tail,
    st.sampled_from(["", "ForAllValues:", "ForAnyValue:", "Odd:"]),
    st.sampled_from(sorted(OPERATORS)) | st.text(max_size=5),
    st.sampled_from(["", "IfExists"]),
)
TEXT = st.sampled_from(
    ["true", "false", "1", "2025-01-01", "203.0.113.0/24", "127.0.0.1", "arn:aws:iam::1:user/x", "${aws:username}", "a*", "*", "${", ""]
) | st.text(max_size=6)
VALUES = st.lists(TEXT, max_size=3).map(tuple)
CONDITION = st.builds(Condition, OPERATOR, st.sampled_from(["aws:username", "k", "K2"]), VALUES)
STATEMENT = st.builds(
    Statement,
    effect=st.sampled_from(["Allow", "Deny"]),
    actions=VALUES | st.none(),
    not_actions=VALUES | st.none(),
    resources=VALUES | st.none(),
    not_resources=VALUES | st.none(),
    conditions=st.lists(CONDITION, max_size=3).map(tuple),
)
POLICY = st.builds(Policy, st.lists(STATEMENT, max_size=4).map(tuple), st.sampled_from(["2012-10-17", "2008-10-17"]))
CONTEXT = st.dictionaries(st.sampled_from(["aws:username", "k", "k2"]), TEXT | VALUES, max_size=3)


@settings(max_examples=300)
@given(st.lists(POLICY, max_size=3), TEXT, TEXT | st.none(), CONTEXT)
def test_evaluation_never_raises_and_a_deny_always_wins(policies, action, resource, context):
    decision = evaluate(policies, action, resource, context)
    allow_all = parse_policy({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})
    deny_all = parse_policy({"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}})
    assert evaluate([*policies, deny_all], action, resource, context).effect == "deny"
    assert evaluate([*policies, allow_all], action, resource, context).effect == ("deny" if decision.effect == "deny" else "direct")


@settings(max_examples=200)
@given(st.sampled_from(sorted(OPERATORS - {"Null"})), VALUES, TEXT)
def test_a_negated_operator_says_the_opposite_where_values_can_be_compared(operator, wanted, seen):
    pairs = {"StringEquals": "StringNotEquals", "StringLike": "StringNotLike", "StringEqualsIgnoreCase": "StringNotEqualsIgnoreCase"}
    if operator not in pairs or any("${" in one for one in wanted):
        return
    plain = holds(Condition(operator, "k", wanted), {"k": seen})
    assert holds(Condition(pairs[operator], "k", wanted), {"k": seen}) is not plain


ROOT, OTHER = "arn:aws:iam::444455556666:root", "arn:aws:iam::444455556666:user/Other"


@pytest.mark.parametrize(
    ("excepted", "denied"),
    [
        ([USER], False),
        ([USER, ROOT], False),
        ([ROOT], False),
        (["444455556666"], False),
        ([OTHER, ROOT], True),
        ([OTHER, "444455556666"], True),
        ([OTHER], True),
        (["arn:aws:iam::111122223333:root"], True),
    ],
)
def test_an_account_beside_one_of_its_users_excepts_that_user_alone(excepted, denied):
    policy = parse_policy({"Statement": [{"Effect": "Deny", "NotPrincipal": {"AWS": excepted}, "Action": "*"}]})
    assert (evaluate([policy], "sts:AssumeRole", None, {}, DEV).effect == "deny") is denied


def test_a_unique_id_names_the_caller():
    who = Who(frozenset({USER}), "444455556666", ids=frozenset({"AIDAEXAMPLE12345678"}))
    assert evaluate([trust({"AWS": "AIDAEXAMPLE12345678"})], "sts:AssumeRole", None, {}, who).effect == "direct"
    assert evaluate([trust({"AWS": "AIDAANOTHER12345678"})], "sts:AssumeRole", None, {}, who).effect == "none"


def test_a_month_is_a_date():
    assert holds(Condition("DateLessThan", "aws:CurrentTime", ("2090-01",)), {"aws:currenttime": "2089-12-31T23:59:59Z"})
    assert not holds(Condition("DateLessThan", "aws:CurrentTime", ("2090-01",)), {"aws:currenttime": "2090-01-01T00:00:00Z"})
