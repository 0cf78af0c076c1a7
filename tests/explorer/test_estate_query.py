"""The words of a search, and what an ARN tells: pure."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_app.errors import UsageError
from tui_app.explorer.estate.answers import Finder, Found
from tui_app.explorer.estate.names import named
from tui_app.explorer.estate.query import FILTERS, LONGEST, in_region, matches, parse, rank, tagging_parameters
from tui_app.explorer.estate.views_of import VIEW_OF, row_words
from tui_app.explorer.views import VIEWS
from tui_app.model import Identity

NOBODY = Identity("111122223333", "arn:aws:sts::111122223333:assumed-role/Reader/me", "AROA:me", 0.0)
WORDS = st.text(alphabet=st.characters(blacklist_categories=("Cs",), blacklist_characters='"'), max_size=30)


def thing(arn: str = "arn:aws:lambda:eu-west-1:111122223333:function:resize-images", **tags: str) -> Found:
    own = named(arn)
    finder = Finder("production/Reader", "production/Reader", NOBODY, "tagging")
    return Found(arn, own.service, own.type, own.region, own.account, own.id, (finder,), tags=tags)


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("", True),
        ("resize", True),
        ("RESIZE", True),
        ("nothing resize", True),  # any of the words will do
        ("nothing", False),
        ("service:lambda", True),
        ("service:LAMBDA", True),
        ("service:lam*", True),
        ("service:lam", False),
        ("service:s3,lambda", True),
        ("service:lambda nothing", False),
        ("-service:lambda", False),
        ("-resize", False),
        ("-nothing", True),
        ("region:eu-west-1 region:us-east-1", False),
        ("region:eu-*", True),
        ("resourcetype:lambda:function", True),
        ("accountid:111122223333", True),
        ("accountid:444455556666", False),
        ("arn:aws:lambda:eu-west-1:111122223333:function:resize-images", True),
        ("id:arn:aws:lambda:*", True),
        ("tag:none", False),
        ("-tag:none", True),
        ("tag:all", True),
        ("tag:team=payments", True),
        ("tag:Team=Pay*", True),
        ("tag:team=search", False),
        ("tag.key:team", True),
        ("tag.value:payments", True),
        ("tag.key:colour", False),
        ("payments", True),
        ('tag:"cost centre"="42"', True),
        ('"resize-images"', True),
        ('"resize images"', False),
        ("resourcetype.supports:tags", True),
        ("application:shop", False),
    ],
)
def test_what_words_find(text, is_found):
    assert matches(parse(text), thing(team="payments", **{"cost centre": "42"})) is is_found


def test_what_has_more_of_the_words_comes_first():
    query = parse("resize images eu-west-1 -nothing service:lambda")
    assert rank(query, thing()) == 3
    assert rank(query, thing("arn:aws:lambda:us-east-1:111122223333:function:resize")) == 1


@pytest.mark.parametrize(
    ("text", "parameters"),
    [
        ("resize", {}),
        ("service:EC2", {"ResourceTypeFilters": ["ec2"]}),
        ("service:ec2,s3", {"ResourceTypeFilters": ["ec2", "s3"]}),
        ("service:ec2 resourcetype:ec2:instance", {"ResourceTypeFilters": ["ec2:instance"]}),
        ("service:e*", {}),
        ("-service:ec2", {}),
        ("tag:Team=payments", {"TagFilters": [{"Key": "Team", "Values": ["payments"]}]}),
        ("tag.key:Team", {"TagFilters": [{"Key": "Team"}]}),
        ("tag:Team", {"TagFilters": [{"Key": "Team"}]}),
        ("tag:none", {}),
        ("tag:all", {}),
        ("tag.key:none", {"TagFilters": [{"Key": "none"}]}),
        ("-tag:Team=payments tag:Team=pay*", {}),
        ('tag:"cost centre"="4 2"', {"TagFilters": [{"Key": "cost centre", "Values": ["4 2"]}]}),
        ("tag:a=b=c", {"TagFilters": [{"Key": "a", "Values": ["b=c"]}]}),
    ],
)
def test_what_the_tagging_api_is_asked(text, parameters):
    assert tagging_parameters(parse(text)) == parameters


def test_an_arn_is_sent_as_the_filter_that_looks_for_one():
    query = parse("arn:aws:s3:::exports -arn:aws:sqs:eu-west-1:111122223333:orders")
    assert query.text == "id:arn:aws:s3:::exports -id:arn:aws:sqs:eu-west-1:111122223333:orders"


def test_one_region_goes_into_the_words_several_do_not():
    query = parse("orders")
    assert in_region(query, ("eu-west-1",)) == "orders region:eu-west-1"
    assert in_region(query, ("eu-west-1", "us-east-1")) == "orders"


def test_a_quote_that_is_not_closed_is_refused_with_its_place():
    with pytest.raises(UsageError, match="character 9"):
        parse('orders  "two words')


def test_more_than_aws_takes_is_refused_before_it_is_sent():
    assert len(parse("x" * LONGEST).text) == LONGEST
    with pytest.raises(UsageError, match="1,281"):
        parse("x" * (LONGEST + 1))


def test_a_filter_that_is_probably_misspelt_is_doubted_and_sent_all_the_same():
    query = parse("servce:lambda foo:bar region:x")
    assert [word.at for word in query.words] == [1, 2, 3]
    assert query.text == "servce:lambda foo:bar region:x"
    assert query.doubts == ("'servce:lambda' is no filter that is known here. Did you mean service:?",)


@given(WORDS)
def test_any_words_are_read_and_compared(text):
    query = parse(text)
    assert query.text.split() == [word.text for word in query.words]
    assert all(word.filter in ("", *FILTERS) for word in query.words)
    matches(query, thing(team="payments"))
    parameters = tagging_parameters(query)
    assert set(parameters) <= {"TagFilters", "ResourceTypeFilters"}
    assert parse(query.text).words == query.words


@given(st.lists(st.sampled_from(["resize", "service:lambda", "-service:s3", "tag:none", "region:eu-*", "nothing"]), max_size=5))
def test_the_order_of_words_changes_nothing(words):
    one, other = parse(" ".join(words)), parse(" ".join(reversed(words)))
    assert matches(one, thing()) is matches(other, thing())
    assert rank(one, thing()) == rank(other, thing())


@pytest.mark.parametrize(
    ("arn", "kind", "name", "region", "account"),
    [
        ("arn:aws:s3:::exports", "s3:bucket", "exports", "global", ""),
        ("arn:aws:sqs:eu-west-1:111122223333:orders", "sqs:queue", "orders", "eu-west-1", "111122223333"),
        ("arn:aws:dynamodb:eu-west-1:111122223333:table/carts", "dynamodb:table", "carts", "eu-west-1", "111122223333"),
        ("arn:aws:iam::111122223333:role/path/Reader", "iam:role", "path/Reader", "global", "111122223333"),
        ("arn:aws:logs:eu-west-1:1:log-group:/web/01:*", "logs:log-group", "/web/01", "eu-west-1", "1"),
        ("arn:aws:apigateway:eu-west-1::/restapis/a1b2", "apigateway:restapis", "a1b2", "eu-west-1", ""),
        (
            "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/web/50dc",
            "elasticloadbalancing:loadbalancer/app",
            "web",
            "eu-west-1",
            "1",
        ),
        ("arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/classic", "elasticloadbalancing:loadbalancer", "classic", "eu-west-1", "1"),
        ("arn:aws-cn:ec2:cn-north-1:1:instance/i-1", "ec2:instance", "i-1", "cn-north-1", "1"),
        ("nonsense", "", "nonsense", "", ""),
        ("arn:aws:odd", "", "arn:aws:odd", "", ""),
    ],
)
def test_what_an_arn_tells(arn, kind, name, region, account):
    own = named(arn)
    assert (own.type, own.id, own.region, own.account) == (kind, name, region, account)


@given(st.text(max_size=60))
def test_no_text_is_too_odd_to_be_an_arn(text):
    named(text)
    named(f"arn:aws:elasticloadbalancing:x:1:{text}")
    assert isinstance(row_words(thing(f"arn:aws:s3:::{text}")), str)


def test_every_view_that_a_kind_leads_to_is_there():
    assert set(VIEW_OF.values()) <= {view.name for view in VIEWS}
