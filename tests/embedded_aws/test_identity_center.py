"""Signing in to the start page: device codes, PKCE, refresh; and what the portal then gives."""

from __future__ import annotations

import base64
import hashlib
import http.client
import http.server
import json
import threading
import urllib.parse
from contextlib import closing

import pytest
from botocore.exceptions import ClientError

DEVICE = "urn:ietf:params:oauth:grant-type:device_code"
REDIRECT = "http://127.0.0.1/oauth/callback"


def refusal(call, **more):
    with pytest.raises(ClientError) as caught:
        call(**more)
    response = caught.value.response
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]


@pytest.fixture
def registered(aws):
    client = aws.client("sso-oidc").register_client(
        clientName="test", clientType="public", grantTypes=["authorization_code", "refresh_token"], redirectUris=[REDIRECT]
    )
    return {"clientId": client["clientId"], "clientSecret": client["clientSecret"]}


def sign_in(aws, registered):
    oidc = aws.client("sso-oidc")
    device = oidc.start_device_authorization(**registered, startUrl=f"{aws.url}/start")
    aws.control("POST", "approve", {"user_code": device["userCode"]})
    return oidc.create_token(**registered, grantType=DEVICE, deviceCode=device["deviceCode"])


def test_a_device_waits_for_the_person_and_is_told_to_slow_down(aws, registered):
    oidc = aws.client("sso-oidc")
    device = oidc.start_device_authorization(**registered, startUrl=f"{aws.url}/start")
    asked = {**registered, "grantType": DEVICE, "deviceCode": device["deviceCode"]}
    assert refusal(oidc.create_token, **asked)[0] == "AuthorizationPendingException"
    assert refusal(oidc.create_token, **asked)[0] == "SlowDownException"
    aws.control("POST", "approve", {"user_code": device["userCode"]})
    token = oidc.create_token(**asked)
    assert token["expiresIn"] == 28800
    assert refusal(oidc.create_token, **asked)[0] == "InvalidGrantException"


def test_a_device_code_expires(aws, registered):
    oidc = aws.client("sso-oidc")
    device = oidc.start_device_authorization(**registered, startUrl=f"{aws.url}/start")
    aws.advance(601)
    assert refusal(oidc.create_token, **registered, grantType=DEVICE, deviceCode=device["deviceCode"])[0] == "ExpiredTokenException"


def test_the_device_page_lets_the_device_in(aws, registered):
    oidc = aws.client("sso-oidc")
    device = oidc.start_device_authorization(**registered, startUrl=f"{aws.url}/start")
    path = device["verificationUriComplete"].removeprefix(aws.url)
    assert device["userCode"] in page(aws, "GET", path)[2]
    assert page(aws, "POST", path)[0] == 200
    assert oidc.create_token(**registered, grantType=DEVICE, deviceCode=device["deviceCode"])["accessToken"]


def test_the_code_can_be_typed_into_the_device_page(aws, registered):
    oidc = aws.client("sso-oidc")
    device = oidc.start_device_authorization(**registered, startUrl=f"{aws.url}/start")
    path = device["verificationUri"].removeprefix(aws.url)
    assert 'name="user_code"' in page(aws, "GET", path)[2]
    assert page(aws, "POST", path, user_code="WRONG")[0] == 400
    assert page(aws, "POST", path, user_code=device["userCode"].lower())[0] == 200
    assert oidc.create_token(**registered, grantType=DEVICE, deviceCode=device["deviceCode"])["accessToken"]


def page(aws, method, path, **form):
    headers = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
    with closing(http.client.HTTPConnection(aws.url.removeprefix("http://"))) as connection:
        connection.request(method, path, urllib.parse.urlencode(form) or None, headers)
        answer = connection.getresponse()
        return answer.status, answer.getheader("Location"), answer.read().decode()


def authorize(registered, state, verifier, **changes):
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code",
        "client_id": registered["clientId"],
        "redirect_uri": "http://127.0.0.1:39999/oauth/callback",
        "state": state,
        "code_challenge_method": "S256",
        "scopes": "sso:account:access",
        "code_challenge": challenge,
    }
    return "/authorize?" + urllib.parse.urlencode(asked | changes)


@pytest.mark.parametrize("by", ["page", "control"])
def test_pkce(aws, registered, by):
    path = authorize(registered, f"state-{by}", "v" * 43)
    status, _, text = page(aws, "GET", path)
    assert (status, "Allow access" in text) == (200, True)
    where = page(aws, "POST", path)[1] if by == "page" else aws.control("POST", "approve", {"state": f"state-{by}"})["approved"]
    answered = urllib.parse.parse_qs(urllib.parse.urlsplit(where).query)
    assert where.startswith("http://127.0.0.1:39999/oauth/callback?")
    assert answered["state"] == [f"state-{by}"]
    asked = {
        **registered,
        "grantType": "authorization_code",
        "redirectUri": "http://127.0.0.1:39999/oauth/callback",
        "code": answered["code"][0],
    }
    oidc = aws.client("sso-oidc")
    assert oidc.create_token(**asked, codeVerifier="v" * 43)["accessToken"]
    assert refusal(oidc.create_token, **asked, codeVerifier="v" * 43)[0] == "InvalidGrantException"


def test_the_persons_browser_goes_on_to_where_it_is_sent(aws, registered, wait_for):
    heard = []

    class Waiting(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            heard.append(urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Waiting) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        redirect = f"http://127.0.0.1:{server.server_address[1]}/oauth/callback"
        page(aws, "GET", authorize(registered, "state-alone", "v" * 43, redirect_uri=redirect))
        aws.control("POST", "approve", {"state": "state-alone"})
        wait_for(lambda: heard)
        server.shutdown()
    assert heard[0]["state"] == ["state-alone"]
    assert heard[0]["code"]


def test_pkce_with_the_wrong_verifier(aws, registered):
    where = page(aws, "POST", authorize(registered, "state-wrong", "v" * 43))[1]
    code = urllib.parse.parse_qs(urllib.parse.urlsplit(where).query)["code"][0]
    asked = {**registered, "grantType": "authorization_code", "redirectUri": "http://127.0.0.1:39999/oauth/callback", "code": code}
    assert refusal(aws.client("sso-oidc").create_token, **asked, codeVerifier="w" * 43)[0] == "InvalidGrantException"


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "unknown"},
        {"redirect_uri": "https://elsewhere.example/oauth/callback"},
        {"redirect_uri": "http://127.0.0.1:1/other"},
        {"code_challenge_method": "plain"},
        {"response_type": "token"},
        {"code_challenge": ""},
    ],
)
def test_the_sign_in_page_refuses_what_it_does_not_know(aws, registered, changes):
    status, location, _ = page(aws, "POST", authorize(registered, "state-bad", "v" * 43, **changes))
    assert (status, location) == (400, None)


def test_refresh_works_once_each(aws, registered):
    oidc, first = aws.client("sso-oidc"), sign_in(aws, registered)
    asked = {**registered, "grantType": "refresh_token"}
    second = oidc.create_token(**asked, refreshToken=first["refreshToken"])
    assert second["accessToken"] != first["accessToken"]
    assert refusal(oidc.create_token, **asked, refreshToken=first["refreshToken"])[0] == "InvalidGrantException"
    assert oidc.create_token(**asked, refreshToken=second["refreshToken"])["accessToken"]


def test_a_stranger_gets_no_token(aws):
    oidc = aws.client("sso-oidc")
    assert refusal(oidc.create_token, clientId="x", clientSecret="y", grantType=DEVICE, deviceCode="z") == ("InvalidClientException", 401)
    registered = oidc.register_client(clientName="t", clientType="public")
    known = {"clientId": registered["clientId"], "clientSecret": registered["clientSecret"]}
    assert refusal(oidc.create_token, **known, grantType="password")[0] == "UnsupportedGrantTypeException"
    assert refusal(oidc.register_client, clientName="t", clientType="secret")[0] == "InvalidClientMetadataException"


def test_the_start_page_has_a_dozen_accounts_with_forty_roles(aws, registered):
    token, portal = sign_in(aws, registered)["accessToken"], aws.client("sso")
    accounts = []
    for part in portal.get_paginator("list_accounts").paginate(accessToken=token, PaginationConfig={"PageSize": 5}):
        assert len(part["accountList"]) <= 5
        accounts += part["accountList"]
    assert len(accounts) == len({account["accountId"] for account in accounts}) == 12
    assert {"accountId": "111122223333", "accountName": "production", "emailAddress": "aws+production@example.com"} in accounts
    roles = [
        role["roleName"]
        for account in accounts
        for role in portal.list_account_roles(accessToken=token, accountId=account["accountId"])["roleList"]
    ]
    assert len(roles) == 40


def test_role_credentials_are_a_session_of_the_reserved_role(aws, registered):
    token, portal = sign_in(aws, registered)["accessToken"], aws.client("sso")
    given = portal.get_role_credentials(accessToken=token, accountId="777700001111", roleName="ReadOnlyAccess")["roleCredentials"]
    assert given["expiration"] > 1_700_000_000_000
    key = (given["accessKeyId"], given["secretAccessKey"], given["sessionToken"])
    arn = aws.client("sts", key).get_caller_identity()["Arn"]
    assert arn.startswith("arn:aws:sts::777700001111:assumed-role/AWSReservedSSO_ReadOnlyAccess_")
    assert arn.endswith("/dev.user@example.com")
    assert aws.client("ec2", key).describe_instances()["Reservations"]
    with pytest.raises(ClientError, match="not authorized"):
        aws.client("sqs", key).create_queue(QueueName="not-with-read-only")


def test_the_portal_refuses_bad_tokens_and_roles_that_are_not_there(aws, registered):
    portal = aws.client("sso")
    assert refusal(portal.list_accounts, accessToken="stale") == ("UnauthorizedException", 401)
    token = sign_in(aws, registered)["accessToken"]
    assert refusal(portal.get_role_credentials, accessToken=token, accountId="111122223333", roleName="Nobody") == (
        "ForbiddenException",
        403,
    )
    assert refusal(portal.list_account_roles, accessToken=token, accountId="123456789012") == ("ForbiddenException", 403)
    portal.logout(accessToken=token)
    with pytest.raises(ClientError, match="Session token not found or invalid"):
        portal.list_accounts(accessToken=token)


def test_an_access_token_lasts_eight_hours(aws, registered):
    token = sign_in(aws, registered)["accessToken"]
    aws.advance(8 * 3600 + 1)
    assert refusal(aws.client("sso").list_accounts, accessToken=token)[0] == "UnauthorizedException"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("client/register", {"clientName": "x", "clientType": "public", "redirectUris": 5}),
        ("client/register", {"clientName": "x", "clientType": "public", "redirectUris": [1]}),
        ("token", {"grantType": ["x"]}),
        ("token", {"grantType": DEVICE, "deviceCode": ["x"]}),
    ],
)
def test_fields_of_another_kind_are_a_bad_request(aws, registered, path, body):
    with closing(http.client.HTTPConnection(aws.url.removeprefix("http://"))) as connection:
        connection.request("POST", f"/{path}", json.dumps({**registered, **body}), {"Content-Type": "application/json"})
        assert connection.getresponse().status == 400
