from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_app.policy.document import Condition, Policy, PolicyError, Principals, Statement, parse_policy

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def test_every_shorthand_becomes_the_same_shape():
    short = parse_policy('{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}}')
    long = parse_policy({"Statement": [{"Effect": "Allow", "Principal": {"AWS": ["*"]}, "Action": ["sts:AssumeRole"]}]})
    assert short == long == Policy((Statement("Allow", principals=Principals((("AWS", ("*",)),)), actions=("sts:AssumeRole",)),))


def test_condition_values_become_the_texts_that_aws_compares():
    block = {"Bool": {"aws:MultiFactorAuthPresent": True}, "NumericLessThan": {"aws:MultiFactorAuthAge": 3600}}
    statement = parse_policy({"Statement": {"Effect": "Deny", "Action": "*", "Condition": block}}).statements[0]
    assert statement.conditions == (
        Condition("Bool", "aws:MultiFactorAuthPresent", ("true",)),
        Condition("NumericLessThan", "aws:MultiFactorAuthAge", ("3600",)),
    )


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ("", "The policy is not JSON at line 1, column 1"),
        ("[" * 100000, "The policy is not JSON"),
        ("[]", "A policy is a JSON object"),
        ('"text"', "A policy is a JSON object"),
        ("{}", "The policy has no Statement"),
        ('{"Statement": [], "Versoin": "2012-10-17"}', 'In policy: "Versoin" is not a known element'),
        ('{"Version": "2013-10-17", "Statement": []}', 'The policy version is "2013-10-17"; it can be 2008-10-17 or 2012-10-17'),
        ('{"Statement": ["x"]}', "In statement 1: a statement is a JSON object"),
        ('{"Statement": [{"Action": "*"}]}', "In statement 1: Effect is missing; it can be Allow or Deny"),
        ('{"Statement": {"Effect": "allow", "Action": "*"}}', 'In statement 1: Effect is "allow"; it can be Allow or Deny'),
        ('{"Statement": {"Effect": "Allow"}}', "In statement 1: there is no Action"),
        ('{"Statement": {"Effect": "Allow", "Action": 1}}', "In statement 1: Action is a text or a list of texts"),
        ('{"Statement": {"Effect": "Allow", "Action": "*", "NotAction": "*"}}', "In statement 1: Action and NotAction exclude each other"),
        ('{"Statement": {"Effect": "Allow", "Action": "*", "Principal": "me"}}', "In statement 1: Principal is"),
        ('{"Statement": {"Effect": "Allow", "Action": "*", "Principal": {"Aws": "*"}}}', 'In statement 1: Principal has the kind "Aws"'),
        (
            '{"Statement": {"Effect": "Allow", "Action": "*", "Condition": {"Bool": "x"}}}',
            "In statement 1: Condition is an object of operators",
        ),
        ('{"Statement": {"Effect": "Allow", "Action": "*", "Condition": {"Bool": {"k": {}}}}}', "In statement 1: a condition value is"),
    ],
)
def test_what_is_wrong_is_said(document, sentence):
    with pytest.raises(PolicyError) as wrong:
        parse_policy(document)
    assert str(wrong.value).startswith(sentence)


def outcome(document):
    try:
        return parse_policy(document)
    except PolicyError as wrong:
        return wrong


@given(ANYTHING)
def test_anything_is_a_policy_or_a_policy_error(value):
    for document in (json.dumps(value), value if isinstance(value, dict) else {"Statement": value}):
        assert isinstance(outcome(document), Policy | PolicyError)
