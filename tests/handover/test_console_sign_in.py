"""A role's session becomes an address that signs a browser in, over real HTTP, and what becomes of broken answers."""

from __future__ import annotations

import http.client
import http.server
import json
import ssl
import subprocess
import threading
from contextlib import closing, contextmanager
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from tui_app.aws import federation
from tui_app.aws.door import AwsDoor
from tui_app.aws.federation import sign_in_page, sign_in_token
from tui_app.aws.partitions import PARTITIONS, partition_of
from tui_app.catalog.chain import resolve_chain
from tui_app.catalog.load import load_catalog
from tui_app.errors import Cancelled, ConfigUnusable, OutOfReach, Refused
from tui_app.handover.console_sign_in import console_seconds, opening, signed_in
from tui_app.model import AccessKey, Account, Chain, Credentials, Hop, Identity, Request, Role, Session, Source
from tui_app.secret import Secret
from tui_app.sessions.broker import Broker, Wanted

AWS = partition_of("us-east-1")
KEY = AccessKey("ASIAEXAMPLEEXAMPLE12", Secret("s3cr3t/k+y"), Secret("tok3n=="))
DIRECT, CHAINED = "production/cross-account/CrossAccountDeveloperRole", "audit/ReadOnly"


@pytest.fixture
def world(aws, environ):
    """`world(key)`: what is to be opened and a session for it."""
    catalog = load_catalog(environ)
    broker = Broker(catalog, environ, AwsDoor(aws.url))

    def of(key, to=""):
        role = catalog.role(key)
        session = broker.obtain(role, Wanted(), lambda _: Secret(aws.code()))
        return opening(role, resolve_chain(catalog, role), to, "eu-west-1"), session

    return of


def follow(address, aws):
    parts = urlsplit(address.reveal())
    assert f"http://{parts.netloc}" == aws.url
    with closing(http.client.HTTPConnection(parts.netloc)) as wire:
        wire.request("GET", f"{parts.path}?{parts.query}")
        answer = wire.getresponse()
        return answer.status, answer.getheader("Location"), answer.read().decode()


def asked(aws, before):
    return aws.calls("signin:Federation")[before:]


def test_the_address_signs_in_and_leads_to_the_page(aws, world):
    opened, session = world(DIRECT, "s3")
    link = signed_in(AwsDoor(aws.url), opened, session, clock=lambda: 1000.0)
    status, place, page = follow(link.address, aws)
    assert (status, place) == (302, "https://eu-west-1.console.aws.amazon.com/s3/buckets?region=eu-west-1")
    assert ":assumed-role/CrossAccountDeveloperRole/" in page
    assert link.until == 1000 + session.duration
    assert session.credentials.key.secret.reveal() not in link.address.reveal()
    assert link.address.reveal() not in repr(link)


def test_a_chained_role_signs_in_without_a_length(aws, world):
    opened, session = world(CHAINED)
    before = len(aws.calls("signin:Federation"))
    link = signed_in(AwsDoor(aws.url), opened, session)
    assert len(asked(aws, before)) == 1
    assert link.until == session.credentials.expires
    assert follow(link.address, aws)[0] == 302


def test_where_a_length_is_refused_after_all_it_is_asked_once_more_without(aws, world):
    opened, session = world(CHAINED)
    before = len(aws.calls("signin:Federation"))
    token = sign_in_token(AwsDoor(aws.url), AWS, session.credentials.key, 3600)
    assert token.seconds is None
    assert len(asked(aws, before)) == 2
    assert signed_in(AwsDoor(aws.url), replace(opened, chain=world(DIRECT)[0].chain), replace(session, hops=1)).until


def test_the_present_session_is_ended_first_where_that_is_wanted(aws, world):
    link = signed_in(AwsDoor(aws.url), *world(DIRECT), sign_out=True)
    parts = urlsplit(link.address.reveal())
    words = parse_qs(parts.query)
    assert (parts.path, words["Action"]) == ("/oauth", ["logout"])
    status, place, _ = follow(link.address, aws)
    assert (status, place) == (302, words["redirect_uri"][0])
    assert follow(Secret(place), aws)[0] == 302


def test_an_mfa_session_cannot_sign_in(aws):
    found = aws.client("sts").get_session_token()["Credentials"]
    key = AccessKey(found["AccessKeyId"], Secret(found["SecretAccessKey"]), Secret(found["SessionToken"]))
    with pytest.raises(Refused, match="does not take these credentials") as refused:
        sign_in_token(AwsDoor(aws.url), AWS, key, 3600)
    assert refused.value.exit_code == 4
    assert "Only a role's session" in refused.value.next_step


def test_long_term_keys_are_not_even_sent(aws, world):
    opened, session = world(DIRECT)
    bare = replace(session, credentials=Credentials(AccessKey("AKIAEXAMPLE", Secret("x")), 9e9))
    before = len(aws.calls("signin:Federation"))
    with pytest.raises(ConfigUnusable, match="Long-term keys"):
        signed_in(AwsDoor(aws.url), opened, bare)
    assert asked(aws, before) == []


@pytest.mark.parametrize(
    ("kind", "times", "says"),
    [
        ("html", 1, "not an answer of AWS"),
        ("garbage", 1, "not an answer of AWS"),
        ("truncate", 1, "."),
        ("drop", 1, "closed the connection"),
        ("500", 3, "has trouble of its own"),
        ("throttle", 3, "too much to do"),
    ],
)
def test_broken_answers_are_out_of_reach_and_hold_nothing(aws, world, monkeypatch, kind, times, says):
    monkeypatch.setattr(federation, "_PAUSE", 0)
    opened, session = world(DIRECT)
    aws.fault(kind, "signin:Federation", times)
    with pytest.raises(OutOfReach) as refused:
        signed_in(AwsDoor(aws.url), opened, session)
    sentence = refused.value.sentence()
    assert says in sentence
    assert all(secret.reveal() not in sentence for secret in (session.credentials.key.secret, session.credentials.key.token))


@pytest.mark.parametrize("kind", ["500", "throttle"])
def test_what_passes_by_itself_is_tried_again(aws, world, monkeypatch, kind):
    monkeypatch.setattr(federation, "_PAUSE", 0)
    opened, session = world(DIRECT)
    aws.fault(kind, "signin:Federation", 2)
    assert follow(signed_in(AwsDoor(aws.url), opened, session).address, aws)[0] == 302


def test_a_silent_page_is_left(aws, world, monkeypatch):
    monkeypatch.setattr(federation, "READ_TIMEOUT", 0.2)
    opened, session = world(DIRECT)
    aws.fault("slow", "signin:Federation", 1, 5)
    with pytest.raises(OutOfReach, match="did not answer in time"):
        signed_in(AwsDoor(aws.url), opened, session)


def test_a_page_that_answers_letter_by_letter_is_left(trickling, monkeypatch):
    for limit in ("CONNECT_TIMEOUT", "READ_TIMEOUT", "GRACE"):
        monkeypatch.setattr(federation, limit, 0.2)
    with pytest.raises(OutOfReach, match="did not answer in time"):
        sign_in_token(AwsDoor(trickling), AWS, KEY)


def test_who_gives_up_is_asked_before_each_request(aws, world):
    opened, session = world(DIRECT)
    before = len(aws.calls("signin:Federation"))
    with pytest.raises(Cancelled):
        signed_in(AwsDoor(aws.url), opened, session, cancelled=lambda: True)
    assert asked(aws, before) == []


@contextmanager
def page(answer, status=200, tls=None):
    """A sign-in page of our own: `(url, requests)`."""
    requests = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            requests.append((self.path, dict(self.headers), self.rfile.read(int(self.headers["Content-Length"])).decode()))
            self.send_response(status)
            self.send_header("Location", "http://portal.example/login")
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_: None
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"{'https' if tls else 'http'}://localhost:{server.server_port}", requests
    finally:
        server.shutdown()
        server.server_close()


TOKEN = json.dumps({"SigninToken": "abc"}).encode()


def test_no_secret_is_in_the_address_of_the_request():
    with page(TOKEN) as (url, requests):
        assert sign_in_token(AwsDoor(url), AWS, KEY, 3600).value == Secret("abc")
    ((path, headers, body),) = requests
    words = parse_qs(body)
    assert (path, headers["Content-Type"]) == ("/federation", "application/x-www-form-urlencoded")
    assert words["Action"] == ["getSigninToken"]
    assert words["SessionDuration"] == ["3600"]
    assert json.loads(words["Session"][0]) == {"sessionId": KEY.id, "sessionKey": "s3cr3t/k+y", "sessionToken": "tok3n=="}


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (b"", 200),
        (b"null", 200),
        (b"[]", 200),
        (b"{}", 200),
        (b'{"SigninToken": ""}', 200),
        (b'{"SigninToken": 5}', 200),
        (b'{"SigninToken": "a\\nLocation: x"}', 200),
        (b'{"SigninToken": "\xc3\xa9"}', 200),
        (b'{"SigninToken": "' + b"x" * 100_000 + b'"}', 200),
        (b"<html>Sign in to the hotel's network</html>", 200),
        (b"[" * 100_000, 200),
        (b"", 302),
        (b"", 204),
        (b"", 418),
    ],
)
def test_what_is_no_token_is_never_taken_for_one(answer, status):
    with page(answer, status) as (url, requests), pytest.raises(OutOfReach):
        sign_in_token(AwsDoor(url), AWS, KEY)
    assert len(requests) == 1, "a redirect is not followed: the credentials go to one place"


@pytest.mark.parametrize("status", [400, 401, 403])
def test_a_no_is_a_refusal(status):
    with page(b"<html>Bad request</html>", status) as (url, _), pytest.raises(Refused):
        sign_in_token(AwsDoor(url), AWS, KEY)


def test_nobody_there_is_said():
    with page(TOKEN) as (url, _):
        pass
    with pytest.raises(OutOfReach, match="cannot be reached"):
        sign_in_token(AwsDoor(url), AWS, KEY)


@pytest.mark.program("openssl")
def test_the_certificate_is_checked_against_the_bundle_that_is_set(tmp_path, monkeypatch):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    made += ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(made, check=True, capture_output=True)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    with page(TOKEN, tls=tls) as (url, requests):
        with pytest.raises(OutOfReach, match="certificate is not trusted"):
            sign_in_token(AwsDoor(url), AWS, KEY)
        assert requests == []
        monkeypatch.setenv("AWS_CA_BUNDLE", str(certificate))
        assert sign_in_token(AwsDoor(url), AWS, KEY).value


@pytest.mark.parametrize("partition", PARTITIONS, ids=lambda partition: partition.id)
def test_each_partition_has_its_own_page(partition):
    if partition.signin_host:
        assert sign_in_page(AwsDoor(), partition) == f"https://{partition.signin_host}"
    else:
        with pytest.raises(ConfigUnusable, match="no public console"):
            sign_in_page(AwsDoor("http://127.0.0.1:1"), partition)


def made_session(**more):
    identity = Identity("111122223333", "arn:aws:sts::111122223333:assumed-role/D/me", "AROA:me", 0.0)
    values = {"issued": 0.0, "duration": 3600, "hops": 1} | more
    return Session("arn:aws:iam::111122223333:role/D", "p/D", Credentials(KEY, 3600.0), identity, **values)


def chain(kind="static", key=None):
    role = Role("p/D", "arn:aws:iam::111122223333:role/D", Account("111122223333", "p"), "D")
    return Chain(role, Source(kind, "dev", key), (Hop(role, "dev", Request()),))


@pytest.mark.parametrize(
    ("made", "session", "seconds"),
    [
        (chain(), made_session(), 3600),
        (chain(), made_session(duration=7273), 7200),
        (chain(), made_session(duration=43200), 43200),
        (chain(), made_session(duration=20), 900),
        (chain(), made_session(source_of_code="code"), 3600),
        (chain(), made_session(source_of_code="mfa_session"), None),
        (chain(), made_session(hops=2), None),
        (chain(key=KEY), made_session(), None),
        (chain(key=AccessKey("AKIA", Secret("x"))), made_session(), 3600),
        (chain("sso"), made_session(hops=0), None),
        (chain("sso"), made_session(), None),
        (chain("instance"), made_session(), None),
        (chain("process"), made_session(), None),
        (chain("environment"), made_session(), None),
        (chain("web_identity"), made_session(hops=0), 3600),
        (chain("web_identity"), made_session(), None),
    ],
)
def test_a_length_is_asked_for_only_where_aws_takes_one(made, session, seconds):
    assert console_seconds(made, session) == seconds
