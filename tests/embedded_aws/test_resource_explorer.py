"""Resource Explorer as the embedded AWS has it: indexes, views, Search with its words and limits, and the tagging API beside it."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

PRODUCTION, STAGING, SANDBOX = "111122223333", "555566667777", "999900001111"
DEVELOPER = f"arn:aws:iam::{PRODUCTION}:role/cross-account/CrossAccountDeveloperRole"


def refusal(call, **more):
    with pytest.raises(ClientError) as caught:
        call(**more)
    error = caught.value.response
    return error["Error"]["Code"], error["ResponseMetadata"]["HTTPStatusCode"]


@pytest.fixture
def explorer(aws):
    return aws.seed(PRODUCTION)("resource-explorer-2")


def names(answer):
    return {resource["Arn"].split(":", 5)[5] for resource in answer["Resources"]}


def test_production_has_an_aggregator_and_an_index_without_one_is_not_found(aws, explorer):
    indexes = {index["Region"]: index["Type"] for index in explorer.list_indexes()["Indexes"]}
    assert indexes == {"eu-west-1": "AGGREGATOR", "us-east-1": "LOCAL"}
    assert explorer.list_indexes(Regions=["us-east-1"])["Indexes"][0]["Region"] == "us-east-1"
    assert [index["Type"] for index in explorer.list_indexes(Type="AGGREGATOR")["Indexes"]] == ["AGGREGATOR"]
    assert explorer.get_index()["State"] == "ACTIVE"
    assert aws.seed(STAGING)("resource-explorer-2").get_index()["State"] == "UPDATING"
    sandbox = aws.seed(SANDBOX)("resource-explorer-2")
    assert sandbox.list_indexes()["Indexes"] == []
    assert refusal(sandbox.get_index) == ("ResourceNotFoundException", 404)
    assert refusal(sandbox.get_default_view) == ("ResourceNotFoundException", 404)


def test_without_a_view_or_by_one_of_elsewhere_search_is_unauthorized(aws, explorer):
    view = explorer.get_default_view()["ViewArn"]
    assert refusal(aws.seed(SANDBOX)("resource-explorer-2").search, QueryString="x") == ("UnauthorizedException", 401)
    assert refusal(aws.seed(STAGING)("resource-explorer-2").search, QueryString="x", ViewArn=view) == ("UnauthorizedException", 401)
    assert refusal(aws.seed(PRODUCTION, "us-east-1")("resource-explorer-2").search, QueryString="x", ViewArn=view)[1] == 401
    assert explorer.batch_get_view(ViewArns=[view, f"{view}9"])["Errors"][0]["ViewArn"] == f"{view}9"
    assert explorer.get_view(ViewArn=view)["View"]["Scope"] == f"arn:aws:iam::{PRODUCTION}:root"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("carts", {"table/carts"}),
        ("CARTS nothing", {"table/carts"}),
        ("service:dynamodb -carts -idempotency-keys", {"table/orders"}),
        ("resourcetype:dynamodb:table carts", {"table/carts"}),
        ("service:dynamodb,kinesis carts", {"table/carts"}),
        ("id:arn:aws:dynamodb:eu-west-1:111122223333:table/carts", {"table/carts"}),
        ("service:dynamodb tag:managed-by=terraform carts", {"table/carts"}),
        ("service:dynamodb tag:none", set()),
        ("service:dynamo* carts", {"table/carts"}),
        ("service:dynamo carts", set()),
        ("carts region:us-east-1", set()),
        ('"carts"', {"table/carts"}),
        ("carts accountid:111122223333 tag.key:managed-by tag.value:terr*", {"table/carts"}),
    ],
)
def test_words(explorer, words, found):
    assert names(explorer.search(QueryString=words)) == found


@pytest.mark.parametrize("words", ["servce:x", '"open', "x" * 1281])
def test_words_it_does_not_take(explorer, words):
    with pytest.raises(Exception, match="Query"):
        explorer.search(QueryString=words)


def test_pages_and_counts(explorer):
    first = explorer.search(QueryString="", MaxResults=100)
    second = explorer.search(QueryString="", MaxResults=100, NextToken=first["NextToken"])
    assert len(first["Resources"]) == 100
    assert first["Count"]["Complete"] or first["Count"]["TotalResources"] == 1000, "other tests may have filled the account"
    told = [one["Arn"] for page in (first, second) for one in page["Resources"]]
    assert len(set(told)) == len(told)
    assert first["Count"]["TotalResources"] > 200
    lambdas = explorer.search(QueryString="service:lambda")
    assert {resource["Region"] for resource in lambdas["Resources"]} == {"eu-west-1", "us-east-1"}
    resource = lambdas["Resources"][0]
    assert resource["OwningAccountId"] == PRODUCTION
    assert resource["Properties"][0]["Data"] == [{"Key": "managed-by", "Value": "terraform"}]


def test_a_views_own_filter_bounds_it(aws):
    account = "313100000011"
    explorer = aws.seed(account)("resource-explorer-2")
    aws.seed(account)("sqs").create_queue(QueueName="one")
    aws.seed(account)("sns").create_topic(Name="one")
    explorer.create_index()
    view = explorer.create_view(ViewName="queues", Filters={"FilterString": "service:sqs"})["View"]["ViewArn"]
    assert {one["Service"] for one in explorer.search(QueryString="one", ViewArn=view)["Resources"]} == {"sqs"}
    assert refusal(explorer.create_index) == ("ConflictException", 409)
    explorer.delete_index(Arn="arn:aws:resource-explorer-2:eu-west-1:313100000011:index/1")
    assert explorer.list_indexes()["Indexes"] == []


def test_who_may_not_is_refused_with_the_view_it_is_about(aws):
    denied = aws.client("resource-explorer-2", aws.assume("arn:aws:iam::888899990000:role/SessionStoreReader"))
    assert refusal(denied.list_indexes) == ("AccessDeniedException", 403)
    tagging = aws.client("resourcegroupstaggingapi", aws.assume("arn:aws:iam::888899990000:role/SessionStoreReader"))
    assert refusal(tagging.get_resources)[0] == "AccessDeniedException"
    allowed = aws.client("resource-explorer-2", aws.assume(DEVELOPER, ExternalId="UniqueExternalId12345"))
    assert names(allowed.search(QueryString="carts")) == {"table/carts"}


def test_the_tagging_api_knows_the_worlds_tagged_resources_from_the_first_request_on(aws):
    tagging = aws.seed("666677778888")("resourcegroupstaggingapi")
    found = tagging.get_resources(ResourceTypeFilters=["lambda"], TagFilters=[{"Key": "managed-by", "Values": ["terraform"]}])
    assert {one["ResourceARN"].split(":")[2] for one in found["ResourceTagMappingList"]} == {"lambda"}
