"""CloudTrail, Access Analyzer, the sign-in endpoint, and Organizations as a member sees it."""

from __future__ import annotations

import http.client
import json
import urllib.parse
from contextlib import closing

import pytest
from botocore.exceptions import ClientError

SERIAL = "arn:aws:iam::444455556666:mfa/DevUser"
HUB = "arn:aws:iam::777700001111:role/Hub"


def refusal(call, **more):
    with pytest.raises(ClientError) as caught:
        call(**more)
    return caught.value.response["Error"]["Code"]


def test_an_assume_role_is_in_the_history_of_both_accounts(aws):
    aws.assume(HUB, DurationSeconds=1800)
    near, far = (
        aws.seed(account)("cloudtrail").lookup_events(LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "AssumeRole"}])[
            "Events"
        ][0]
        for account in ("444455556666", "777700001111")
    )
    here, there = json.loads(near["CloudTrailEvent"]), json.loads(far["CloudTrailEvent"])
    assert here["sharedEventID"] == there["sharedEventID"]
    assert (here["recipientAccountId"], there["recipientAccountId"]) == ("444455556666", "777700001111")
    assert here["userIdentity"]["type"] == "IAMUser"
    assert here["requestParameters"] | {} == {"roleArn": HUB, "roleSessionName": "test", "durationSeconds": 1800}
    assert there["userIdentity"]["type"] == "AWSAccount"
    assert set(there["userIdentity"]) == {"type", "principalId", "accountId"}
    assert near["Username"] == "DevUser"
    assert near["Resources"] == [{"ResourceType": "AWS::IAM::Role", "ResourceName": HUB}]


def test_refused_calls_are_in_the_history_with_their_error_and_no_code(aws):
    with pytest.raises(ClientError):
        aws.assume(HUB, SerialNumber=SERIAL, TokenCode="000000" if aws.code() != "000000" else "000001")
    event = aws.seed("444455556666")("cloudtrail").lookup_events(MaxResults=1)["Events"][0]
    record = json.loads(event["CloudTrailEvent"])
    assert record["errorCode"] == "AccessDenied"
    assert "tokenCode" not in record["requestParameters"]


def test_look_ups_page_and_take_one_attribute(aws):
    for _ in range(3):
        aws.assume(HUB)
    trail = aws.seed("777700001111")("cloudtrail")
    attribute = {"AttributeKey": "ResourceName", "AttributeValue": HUB}
    first = trail.lookup_events(LookupAttributes=[attribute], MaxResults=2)
    second = trail.lookup_events(LookupAttributes=[attribute], MaxResults=2, NextToken=first["NextToken"])
    assert {event["EventId"] for event in first["Events"]}.isdisjoint(event["EventId"] for event in second["Events"])
    assert trail.lookup_events(LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "NoSuch"}])["Events"] == []
    assert refusal(trail.lookup_events, MaxResults=51) == "InvalidMaxResultsException"
    assert refusal(trail.lookup_events, LookupAttributes=[attribute, attribute]) == "InvalidLookupAttributesException"
    assert refusal(trail.lookup_events, StartTime=2000, EndTime=1000) == "InvalidTimeRangeException"
    assert trail.lookup_events(EndTime=1000)["Events"] == []


def test_looking_needs_a_permission_and_a_region(aws):
    assert refusal(aws.client("cloudtrail").lookup_events) == "AccessDeniedException"
    aws.assume(HUB)
    assert aws.seed("777700001111", "eu-west-1")("cloudtrail").lookup_events()["Events"]
    assert aws.seed("777700001111", "ap-south-1")("cloudtrail").lookup_events()["Events"] == []


def test_findings_are_the_outsiders_that_trust_policies_let_in(aws):
    analyzer = aws.seed("111122223333")("accessanalyzer")
    arn = analyzer.list_analyzers()["analyzers"][0]["arn"]
    found = analyzer.list_findings(analyzerArn=arn, filter={"resourceType": {"eq": ["AWS::IAM::Role"]}})["findings"]
    cross = next(one for one in found if one["resource"].endswith("/CrossAccountDeveloperRole"))
    assert cross["principal"] == {"AWS": "arn:aws:iam::444455556666:user/DevUser"}
    assert cross["condition"] == {"sts:ExternalId": "UniqueExternalId12345"}
    assert cross["isPublic"] is False
    assert not any("service-role" in one["resource"] for one in found)
    newer = analyzer.list_findings_v2(analyzerArn=arn)["findings"]
    assert {one["id"] for one in newer} == {one["id"] for one in found}
    assert {one["findingType"] for one in newer} == {"ExternalAccess"}


def test_findings_follow_the_policies_and_the_filter(aws):
    account = "123412340001"
    iam, analyzer = aws.seed(account)("iam"), aws.seed(account)("accessanalyzer")
    policy = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}}
    iam.create_role(RoleName="Open", AssumeRolePolicyDocument=json.dumps(policy))
    assert analyzer.list_analyzers()["analyzers"] == []
    arn = analyzer.create_analyzer(analyzerName="mine", type="ACCOUNT")["arn"]
    assert [one["isPublic"] for one in analyzer.list_findings(analyzerArn=arn, filter={"isPublic": {"eq": ["true"]}})["findings"]] == [True]
    assert analyzer.list_findings(analyzerArn=arn, filter={"resource": {"contains": ["Closed"]}})["findings"] == []
    assert refusal(analyzer.list_findings, analyzerArn=arn + "s") == "ResourceNotFoundException"
    assert refusal(analyzer.create_analyzer, analyzerName="mine", type="ACCOUNT") == "ConflictException"
    iam.delete_role(RoleName="Open")
    assert analyzer.list_findings(analyzerArn=arn)["findings"] == []


def federation(aws, method="POST", **asked):
    with closing(http.client.HTTPConnection(aws.url.removeprefix("http://"))) as connection:
        text = urllib.parse.urlencode(asked)
        if method == "POST":
            connection.request("POST", "/federation", text, {"Content-Type": "application/x-www-form-urlencoded"})
        else:
            connection.request("GET", f"/federation?{text}")
        answer = connection.getresponse()
        return answer.status, answer.getheader("Location"), answer.read().decode()


def session_text(credentials):
    return json.dumps(
        {"sessionId": credentials["AccessKeyId"], "sessionKey": credentials["SecretAccessKey"], "sessionToken": credentials["SessionToken"]}
    )


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_session_becomes_a_console_sign_in(aws, method):
    status, _, text = federation(aws, method, Action="getSigninToken", Session=session_text(aws.assume(HUB)), SessionDuration="3600")
    assert status == 200
    token = json.loads(text)["SigninToken"]
    where = "https://console.aws.amazon.com/s3/home"
    asked = {"Action": "login", "Issuer": "test", "Destination": where, "SigninToken": token}
    assert federation(aws, "GET", **asked)[:2] == (302, where)
    aws.advance(901)
    assert federation(aws, "GET", **asked)[0] == 400


def test_session_duration_is_for_direct_roles_only(aws):
    chained = aws.assume("arn:aws:iam::777788889999:role/ReadOnly", aws.assume(HUB))
    assert federation(aws, Action="getSigninToken", Session=session_text(chained), SessionDuration="3600")[0] == 400
    assert federation(aws, Action="getSigninToken", Session=session_text(chained))[0] == 200
    assert federation(aws, Action="getSigninToken", Session=session_text(aws.assume(HUB)), SessionDuration="899")[0] == 400


def test_who_cannot_sign_in(aws):
    mfa = aws.client("sts").get_session_token()["Credentials"]
    assert federation(aws, Action="getSigninToken", Session=session_text(mfa))[0] == 400
    changed = session_text({**aws.assume(HUB), "SecretAccessKey": "x"})
    assert federation(aws, Action="getSigninToken", Session=changed)[0] == 400
    assert federation(aws, Action="getSigninToken", Session="{}")[0] == 400
    expired = session_text(aws.assume(HUB))
    aws.advance(3601)
    assert federation(aws, Action="getSigninToken", Session=expired)[0] == 400
    assert federation(aws, Action="somethingElse")[0] == 400


def test_a_member_may_describe_its_organization_and_list_nothing(aws):
    organizations = aws.seed("111122223333")("organizations")
    assert organizations.describe_organization()["Organization"]["Id"] == "o-exampleorg"
    assert refusal(organizations.list_accounts) == "AccessDeniedException"
    assert refusal(organizations.list_roots) == "AccessDeniedException"


def test_an_organization_can_be_founded(aws):
    lonely = aws.seed("123412340002")("organizations")
    assert refusal(lonely.list_accounts) == "AWSOrganizationsNotInUseException"
    made = lonely.create_organization(FeatureSet="ALL")["Organization"]
    assert made["MasterAccountId"] == "123412340002"
    for number in range(21):
        lonely.create_account(Email=f"member{number}@example.com", AccountName=f"member-{number}")
    accounts = lonely.list_accounts()
    assert len(accounts["Accounts"]) == 20
    assert len(lonely.list_accounts(NextToken=accounts["NextToken"])["Accounts"]) == 2


@pytest.mark.parametrize("body", ['{"StartTime": "x"}', '{"LookupAttributes": 5}', '{"LookupAttributes": [5]}', '{"MaxResults": true}'])
def test_lookups_of_another_kind_are_refused(aws, body):
    headers = {
        "x-moto-account-id": "444455556666",
        "x-roledeck-demo": aws.secret,
        "x-amz-target": "CloudTrail_20131101.LookupEvents",
        "Authorization": "AWS4-HMAC-SHA256 Credential=x/20250101/eu-west-1/cloudtrail/aws4_request, SignedHeaders=host, Signature=x",
    }
    with closing(http.client.HTTPConnection(aws.url.removeprefix("http://"))) as connection:
        connection.request("POST", "/", body, headers)
        answer = connection.getresponse()
        assert answer.status == 400
        assert json.loads(answer.read())["__type"].startswith("Invalid")


def test_ones_own_snapshots_are_none_of_anybody_else(aws):
    account = "545454545454"
    ec2 = aws.seed(account)("ec2")
    volume = ec2.create_volume(Size=1, AvailabilityZone="eu-west-1a")["VolumeId"]
    mine = ec2.create_snapshot(VolumeId=volume)["SnapshotId"]
    ec2.create_snapshot(VolumeId=volume, Description="other")
    assert {one["OwnerId"] for one in ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"]} == {account}
    filters = [{"Name": "snapshot-id", "Values": [mine]}]
    assert [one["SnapshotId"] for one in ec2.describe_snapshots(OwnerIds=["self"], Filters=filters)["Snapshots"]] == [mine]


def test_a_dashboard_belongs_to_no_region(aws):
    near, far = (aws.seed("545454545454", region)("cloudwatch") for region in ("eu-west-1", "us-west-2"))
    far.put_dashboard(DashboardName="seen-everywhere", DashboardBody='{"widgets": []}')
    assert [one["DashboardName"] for one in near.list_dashboards()["DashboardEntries"]] == ["seen-everywhere"]
    near.delete_dashboards(DashboardNames=["seen-everywhere"])
    assert far.list_dashboards()["DashboardEntries"] == []


def test_a_name_that_no_xml_may_hold_breaks_no_answer(aws):
    ec2 = aws.seed("545454545454")("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.78.0.0/16")["Vpc"]["VpcId"]
    ec2.create_tags(Resources=[vpc], Tags=[{"Key": "Name", "Value": "a\x1b[31mb"}])
    (found,) = ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"]
    assert [tag["Value"] for tag in found["Tags"]] == ["a\ufffd[31mb"]
