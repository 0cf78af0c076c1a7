"""Regions that an account has to enable: which there are, as ListRegions and DescribeRegions tell, and how those that are off refuse.

A region that is off has never heard of the account's keys, and says so: `UnrecognizedClientException`, `InvalidClientTokenId` or, from
EC2, `AuthFailure`. Source: the AWS account management guide, "Enable or disable AWS Regions in your account".
"""

from __future__ import annotations

from tui_app.embedded_aws.callers import Caller
from tui_app.embedded_aws.gate import Gate, Proceed
from tui_app.embedded_aws.ledger import Ledger
from tui_app.embedded_aws.spelling import refusal
from tui_app.embedded_aws.wire import Answer, AwsError, AwsRequest, json_answer

ALWAYS_ON = (
    *("ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ca-central-1"),
    *("eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1"),
    *("us-east-1", "us-east-2", "us-west-1", "us-west-2"),
)
ENABLED = ("eu-south-1",)
"""Regions that every account of the world has enabled."""
ELSEWHERE = {"us-gov-": ("us-gov-east-1", "us-gov-west-1"), "cn-": ("cn-north-1", "cn-northwest-1")}
"""The regions of other partitions, by how their names begin: every account there has all of them."""
OFF = ("af-south-1", "ap-east-1", "ap-southeast-3", "ca-west-1", "eu-central-2", "eu-south-2", "il-central-1", "me-central-1", "me-south-1")

_NAMESPACE = "http://ec2.amazonaws.com/doc/2016-11-15/"


def register(gate: Gate) -> None:
    """Answer ListRegions and DescribeRegions, and refuse what is asked in a region that is off."""
    gate.add_operation("account", "ListRegions", _list_regions)
    gate.add_operation("ec2", "DescribeRegions", _describe_regions)
    gate.around.append(_refuse_where_off)


def _refuse_where_off(request: AwsRequest, _gate: Gate, proceed: Proceed) -> Answer:
    if request.credential and request.region in OFF:
        return refusal(request, AwsError("InvalidClientTokenId", "The security token included in the request is invalid.", 403))
    return proceed(request)


def _always_on(region: str) -> tuple[str, ...] | None:
    """The regions of the partition that `region` lies in; None for those above."""
    return next((regions for start, regions in ELSEWHERE.items() if region.startswith(start)), None)


def _list_regions(request: AwsRequest, _caller: Caller, _ledger: Ledger) -> Answer:
    """All on one page, which AWS allows: it answers with at most MaxResults, and there are fewer than 50."""
    wanted = request.json.get("RegionOptStatusContains") or ()
    found = [{"RegionName": name, "RegionOptStatus": status} for name, status in sorted(_account_states(request.region).items())]
    return json_answer({"Regions": [region for region in found if not wanted or region["RegionOptStatus"] in wanted]})


def _account_states(region: str) -> dict[str, str]:
    if (there := _always_on(region)) is not None:
        return dict.fromkeys(there, "ENABLED_BY_DEFAULT")
    return {**dict.fromkeys(ALWAYS_ON, "ENABLED_BY_DEFAULT"), **dict.fromkeys(ENABLED, "ENABLED"), **dict.fromkeys(OFF, "DISABLED")}


def _describe_regions(request: AwsRequest, _caller: Caller, _ledger: Ledger) -> Answer | None:
    if any(name.startswith(("RegionName.", "Filter.")) for name in request.params):
        return None
    there = _always_on(request.region)
    states = dict.fromkeys(there or ALWAYS_ON, "opt-in-not-required") | ({} if there else dict.fromkeys(ENABLED, "opted-in"))
    if request.params.get("AllRegions", "").casefold() == "true" and not there:
        states |= dict.fromkeys(OFF, "not-opted-in")
    domain = "amazonaws.com.cn" if request.region.startswith("cn-") else "amazonaws.com"
    items = "".join(
        f"<item><regionName>{name}</regionName><regionEndpoint>ec2.{name}.{domain}</regionEndpoint>"
        f"<optInStatus>{state}</optInStatus></item>"
        for name, state in sorted(states.items())
    )
    inner = f"<requestId>{request.id}</requestId><regionInfo>{items}</regionInfo>"
    body = f'<DescribeRegionsResponse xmlns="{_NAMESPACE}">{inner}</DescribeRegionsResponse>'
    return Answer(200, (("Content-Type", "text/xml;charset=UTF-8"),), body.encode())
