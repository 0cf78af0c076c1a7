"""Credentials of containers and instances, from small servers on this machine that answer as AWS's do, and as others do."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tui_app.clock import rfc3339
from tui_app.errors import ConfigUnusable, OutOfReach, RoledeckError
from tui_app.sessions.sources import container, fetching
from tui_app.sessions.sources.container import container_key, container_url
from tui_app.sessions.sources.instance import instance_key, instance_url

FULL, RELATIVE = "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
TOKEN, TOKEN_FILE = "AWS_CONTAINER_AUTHORIZATION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"
ENDPOINT = "AWS_EC2_METADATA_SERVICE_ENDPOINT"
ROLES = "/latest/meta-data/iam/security-credentials/"


class Answers:
    """What the server says: `(method, path)` → status, body; anything else is 404. `asked` has method, path and headers."""

    def __init__(self):
        self.by = {}
        self.asked = []
        self.slow = threading.Event()

    def body(self, **more):
        keys = {"AccessKeyId": "ASIAEXAMPLE", "SecretAccessKey": "secret", "Token": "token", "Expiration": rfc3339(time.time() + 3600)}
        return json.dumps({name: value for name, value in {**keys, **more}.items() if value is not None})


@pytest.fixture
def server():
    answers = Answers()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            answers.asked.append((self.command, self.path, dict(self.headers)))
            status, body = answers.by.get((self.command, self.path), (404, ""))
            if body is answers.slow:
                answers.slow.wait(20)
                return
            self.send_response(status)
            if status in (301, 302):
                self.send_header("Location", "http://127.0.0.1:9/")
            self.end_headers()
            self.wfile.write(body if isinstance(body, bytes) else body.encode())

        def do_PUT(self):
            self.do_GET()

        def log_message(self, *_):
            pass

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running.daemon_threads = True
    threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True).start()
    answers.url = f"http://127.0.0.1:{running.server_port}"
    yield answers
    answers.slow.set()
    running.shutdown()
    running.server_close()


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    monkeypatch.setattr(container, "PAUSE", 0)
    monkeypatch.setattr(container, "TIMEOUT", 0.4)


def test_a_container_gives_its_credentials_for_its_token(server, tmp_path):
    server.by["GET", "/creds?id=1"] = (200, server.body())
    environ = {FULL: server.url + "/creds?id=1", TOKEN: "Basic abc"}
    found = container_key(environ, time.time())
    assert (found.key.id, found.key.secret.reveal(), found.key.token.reveal()) == ("ASIAEXAMPLE", "secret", "token")
    assert found.expires > time.time()
    method, path, headers = server.asked[0]
    assert (method, path, headers["Authorization"], headers["Accept"]) == ("GET", "/creds?id=1", "Basic abc", "application/json")

    file = tmp_path / "token"
    file.write_text("from-file")
    container_key({**environ, TOKEN_FILE: str(file)}, time.time())
    assert server.asked[1][2]["Authorization"] == "from-file"
    file.write_text("later")
    container_key({**environ, TOKEN_FILE: str(file)}, time.time())
    assert server.asked[2][2]["Authorization"] == "later", "it is read at each use"


def test_the_relative_uri_wins_and_is_asked_at_awss_own_address(server):
    assert container_url({RELATIVE: "/v2/credentials/x", FULL: server.url}) == "http://169.254.170.2/v2/credentials/x"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/x",
        "http://127.8.8.8:80/x",
        "http://[::1]/x",
        "http://localhost:51679/x",
        "http://169.254.170.23/v1/credentials",
        "http://[fd00:ec2::23]/v1/credentials",
        "https://anywhere.example/x",
    ],
)
def test_hosts_that_are_asked(url):
    assert container_url({FULL: url}) == url


@pytest.mark.parametrize(
    "url",
    [
        "http://host.docker.internal/x",
        "http://evil.example/x",
        "http://169.254.170.3/x",
        "http://10.0.0.1/x",
        "http://127.0.0.1@evil.example/x",
        "http://user:pass@127.0.0.1/x",
        "http://localhost.evil.example/x",
        "ftp://127.0.0.1/x",
        "file:///etc/passwd",
        "//127.0.0.1/x",
        "http:///x",
        "http://127.0.0.1:notaport/x",
        "http://127.0.0.1/a b",
        "http://127.0.0.1/a\r\nX: y",
        "nonsense",
    ],
)
def test_hosts_that_are_not_asked(url):
    with pytest.raises(ConfigUnusable, match="is not asked for credentials") as caught:
        container_url({FULL: url})
    assert "pass" not in caught.value.message
    with pytest.raises(ConfigUnusable, match="is not asked"):
        instance_url({ENDPOINT: url})


def test_a_relative_uri_cannot_name_another_host():
    with pytest.raises(ConfigUnusable, match="is not asked"):
        container_url({RELATIVE: "@evil.example/x"})
    with pytest.raises(ConfigUnusable, match="is not asked"):
        container_url({RELATIVE: ".evil.example/x"})


def test_no_container_is_told():
    with pytest.raises(ConfigUnusable, match="not a container"):
        container_key({}, 0)


@pytest.mark.parametrize(
    ("environ", "sentence"),
    [
        ({TOKEN: "a\r\nX-Evil: b"}, "line break"),
        ({TOKEN: "é"}, "line break"),
        ({TOKEN_FILE: "/no/such/file"}, "cannot be read: no such file"),
    ],
)
def test_a_token_that_no_header_can_carry(server, environ, sentence):
    with pytest.raises(ConfigUnusable, match=sentence):
        container_key({FULL: server.url, **environ}, time.time())
    assert server.asked == []


HTML = "<html>sign in</html>"
KEYS = '{"AccessKeyId": "a", "SecretAccessKey": "b"'


@pytest.mark.parametrize(
    ("status", "body", "error", "sentence", "asked"),
    [
        (200, HTML, OutOfReach, "did not answer with credentials", 1),
        (200, "", OutOfReach, "did not answer with credentials", 1),
        (200, "[]", OutOfReach, "did not answer with credentials", 1),
        (200, "[" * 50_000, OutOfReach, "did not answer with credentials", 1),
        (200, b"x" * 70_000, OutOfReach, "too large", 3),
        (200, KEYS + "}", OutOfReach, "did not answer with credentials", 1),
        (200, KEYS + ', "Token": "c"}', OutOfReach, "did not answer with credentials", 1),
        (200, KEYS + ', "Token": "c", "Expiration": NaN}', RoledeckError, "not a moment", 1),
        (
            200,
            KEYS + ', "Token": "c", "Expiration": "2001-01-01T00:00:00Z"}',
            RoledeckError,
            "expired",
            1,
        ),
        (403, HTML, OutOfReach, "answered 403", 1),
        (302, "", OutOfReach, "answered 302", 1),
        (500, "", OutOfReach, "answered 500", 3),
    ],
)
def test_a_container_that_does_not_answer_as_it_should(server, status, body, error, sentence, asked):
    server.by["GET", "/"] = (status, body)
    with pytest.raises(error, match=sentence) as caught:
        container_key({FULL: server.url}, time.time())
    assert "sign in" not in caught.value.sentence()
    assert len(server.asked) == asked


def test_a_container_that_is_not_there_or_hangs(server):
    with pytest.raises(OutOfReach, match="cannot be reached"):
        container_key({FULL: "http://127.0.0.1:9/"}, 0)
    server.by["GET", "/"] = (200, server.slow)
    with pytest.raises(OutOfReach, match="did not answer in time"):
        container_key({FULL: server.url}, 0)


def ec2(server, role="app-role", **more):
    server.by["PUT", "/latest/api/token"] = (200, "imds-token")
    server.by["GET", ROLES] = (200, role)
    server.by["GET", ROLES + role] = (200, server.body(Code="Success", Type="AWS-HMAC", **more))
    return {ENDPOINT: server.url + "/"}


def test_an_instance_gives_its_roles_credentials_for_a_token(server):
    found = instance_key(ec2(server), time.time())
    assert found.key.token.reveal() == "token"
    assert [(method, path) for method, path, _ in server.asked] == [
        ("PUT", "/latest/api/token"),
        ("GET", ROLES),
        ("GET", ROLES + "app-role"),
    ]
    assert server.asked[0][2]["x-aws-ec2-metadata-token-ttl-seconds"] == "21600"
    assert {headers.get("x-aws-ec2-metadata-token") for _, _, headers in server.asked[1:]} == {"imds-token"}


@pytest.mark.parametrize("status", [403, 404, 405])
def test_the_first_version_where_only_that_is_there(server, status):
    environ = ec2(server)
    server.by["PUT", "/latest/api/token"] = (status, "")
    assert instance_key(environ, time.time()).key.id == "ASIAEXAMPLE"
    assert "x-aws-ec2-metadata-token" not in server.asked[1][2]
    with pytest.raises(OutOfReach, match=f"answered {status}"):
        instance_key({**environ, "AWS_EC2_METADATA_V1_DISABLED": "true"}, time.time())


@pytest.mark.parametrize(
    ("at", "answer", "error", "sentence"),
    [
        (("PUT", "/latest/api/token"), (400, ""), OutOfReach, "answered 400"),
        (("PUT", "/latest/api/token"), (200, "a\nb"), OutOfReach, "token that is none"),
        (("GET", ROLES), (404, ""), OutOfReach, "has no role"),
        (("GET", ROLES), (200, ""), OutOfReach, "names no role"),
        (("GET", ROLES), (200, "../../../evil"), OutOfReach, "names no role"),
        (("GET", ROLES), (200, HTML), OutOfReach, "names no role"),
        (("GET", ROLES + "app-role"), (500, ""), OutOfReach, "answered 500"),
        (("GET", ROLES + "app-role"), (200, HTML), OutOfReach, "did not answer with credentials"),
        (("GET", ROLES + "app-role"), (200, '{"Code": "AssumeRoleUnauthorizedAccess"}'), OutOfReach, "did not answer with credentials"),
        (("GET", ROLES + "app-role"), (200, b"x" * 70_000), OutOfReach, "too large"),
    ],
)
def test_an_instance_that_does_not_answer_as_it_should(server, at, answer, error, sentence):
    environ = ec2(server)
    server.by[at] = answer
    with pytest.raises(error, match=sentence):
        instance_key(environ, time.time())


def test_an_instance_with_expired_credentials_or_none(server):
    with pytest.raises(RoledeckError, match="expired"):
        instance_key(ec2(server, Expiration="2001-01-01T00:00:00Z"), time.time())
    with pytest.raises(OutOfReach, match="cannot be reached"):
        instance_key({ENDPOINT: "http://127.0.0.1:9"}, 0)
    with pytest.raises(ConfigUnusable, match="switched off"):
        instance_key({**ec2(server), "AWS_EC2_METADATA_DISABLED": "TRUE"}, 0)
    server.by["PUT", "/latest/api/token"] = (200, server.slow)
    with pytest.raises(OutOfReach, match="in time"):
        instance_key({ENDPOINT: server.url, "AWS_METADATA_SERVICE_TIMEOUT": "0.3"}, 0)


def test_addresses_of_the_metadata_service():
    assert instance_url({}) == "http://169.254.169.254"
    assert instance_url({"AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "IPv6"}) == "http://[fd00:ec2::254]"


def test_an_answer_that_trickles_in_is_left(server, monkeypatch):
    monkeypatch.setattr(fetching, "_WHOLE", 0)
    server.by["GET", "/"] = (200, server.body())
    with pytest.raises(OutOfReach, match="in time"):
        container_key({FULL: server.url}, time.time())


def test_a_server_that_answers_letter_by_letter_is_left(trickling):
    with pytest.raises(OutOfReach, match="did not answer in time"):
        fetching.fetched(fetching.Asked(trickling, "It", 0.2))


@pytest.mark.parametrize("said", ["nan", "soon", ""])
def test_a_time_limit_that_is_no_figure_is_one_second(server, said):
    server.by["GET", ROLES] = (200, "role")
    server.by["GET", ROLES + "role"] = (200, server.body())
    assert instance_key({ENDPOINT: server.url, "AWS_METADATA_SERVICE_TIMEOUT": said}, time.time()).key.id == "ASIAEXAMPLE"


@pytest.mark.parametrize("kind", ["EcsContainer", "Ec2InstanceMetadata"])
def test_a_role_from_there_is_assumed_and_its_sessions_are_kept_apart(world, server, kind):
    token = world.aws.client("sts").get_session_token()["Credentials"]
    body = {"AccessKeyId": token["AccessKeyId"], "SecretAccessKey": token["SecretAccessKey"], "Token": token["SessionToken"]}
    world.environ |= ec2(server, **body) if kind == "Ec2InstanceMetadata" else {FULL: server.url + "/a"}
    world.environ["AWS_EC2_METADATA_DISABLED"] = "false"
    server.by["GET", "/a"] = server.by["GET", "/b"] = (200, server.body(**body))
    world.shared(
        f"[profile x]\nrole_arn = arn:aws:iam::555566667777:role/ReadOnly\ncredential_source = {kind}\n"
        "region = eu-west-1\nduration_seconds = 7200\n"
    )

    session = world.obtain("x")

    assert session.identity.account == "555566667777"
    assert session.duration == 3600, "a role that is assumed by a role lasts an hour"
    assert world.obtain("x").from_cache
    if kind == "EcsContainer":
        world.environ[FULL] = server.url + "/b"
        assert world.reload().peek(world.role("x")) is None, "another container is another caller"
