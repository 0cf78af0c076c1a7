"""Twenty and more kinds of broken answer, each to the first AssumeRole, to a renewal, and to the second hop of a chain."""

from __future__ import annotations

import contextlib
import gzip
import re
import socket
import struct
import threading
import time
from urllib.parse import urlsplit

import pytest

from tests.aws.sts_answers import NAMESPACE, error, result
from tui_app.aws import bounded, door
from tui_app.aws.door import AwsDoor
from tui_app.errors import OutOfReach, RoledeckError, WrongIdentity
from tui_app.sessions.broker import Broker, Wanted

READ_ONLY, TWO_HOPS = "staging-readonly", "iot-fleet"
PORTAL = "<!doctype html><html><head><title>Guest</title></head><body><p>planted-portal<br>Please sign in</body></html>"
KEYS = "<AccessKeyId>ASIAPLANTED</AccessKeyId><SecretAccessKey>planted-secret</SecretAccessKey><SessionToken>planted-token</SessionToken>"
OTHER = (
    "<AssumedRoleUser><AssumedRoleId>AROAX:me</AssumedRoleId><Arn>arn:aws:sts::999988887777:assumed-role/Other/me</Arn></AssumedRoleUser>"
)
LATER = "<Expiration>2099-01-01T00:00:00Z</Expiration>"


def http(status, body, kind="text/xml", headers=""):
    data = body.encode() if isinstance(body, str) else body
    return (
        f"HTTP/1.1 {status} x\r\nContent-Type: {kind}\r\nContent-Length: {len(data)}\r\n{headers}Connection: close\r\n\r\n".encode() + data
    )


def given(credentials, user=OTHER):
    return result(f"<Credentials>{credentials}</Credentials>{user}" if credentials else user)


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def trickle(connection):
    for _ in range(400):
        connection.sendall(b"H")
        time.sleep(0.05)


def trickle_of_body(connection):
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 9999\r\n\r\n")
    trickle(connection)


def endless(connection):
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nConnection: close\r\n\r\n")
    while True:
        connection.sendall(b" " * 65536)


BOMB = gzip.compress(b" " * 3_000_000)
REACH = (OutOfReach,)
KINDS = {
    "captive portal": (http(200, PORTAL, "text/html"), REACH),
    "captive portal that says it is xml": (http(200, PORTAL), REACH),
    "redirect to a portal": (http(302, PORTAL, "text/html", "Location: http://127.0.0.1:9/login\r\n"), REACH),
    "a filter's page": (http(403, PORTAL, "text/html"), REACH),
    "a page that is not there": (http(404, PORTAL, "text/html"), REACH),
    "proxy wants a sign-in": (http(407, PORTAL, "text/html"), REACH),
    "page of a balancer": (http(503, PORTAL, "text/html"), REACH),
    "too many, from a proxy": (http(429, PORTAL, "text/html"), REACH),
    "empty": (http(200, ""), REACH),
    "nothing at all": (b"", REACH),
    "not HTTP": (b"SSH-2.0-OpenSSH_9.2\r\n", REACH),
    "truncated": (http(200, given(KEYS + LATER) + " " * 99)[:-150], REACH),
    "cut off in the headers": (b"HTTP/1.1 200 OK\r\nContent-Ty", REACH),
    "no Credentials": (http(200, given("")), REACH),
    "no result": (http(200, f'<AssumeRoleResponse xmlns="{NAMESPACE}"/>'), REACH),
    "another operation's answer": (http(200, f'<GetCallerIdentityResponse xmlns="{NAMESPACE}"/>'), REACH),
    "date is NaN": (http(200, given(KEYS + "<Expiration>NaN</Expiration>")), REACH),
    "date is a fruit": (http(200, given(KEYS + "<Expiration>banana</Expiration>")), REACH),
    "date far beyond the calendar": (http(200, given(KEYS + "<Expiration>99999-01-01T00:00:00Z</Expiration>")), REACH),
    "no date": (http(200, given(KEYS)), REACH),
    "wrong JSON": (http(200, '{"Credentials": ', "application/json"), REACH),
    "right JSON": (http(200, '{"AssumeRoleResult": {}}', "application/json"), REACH),
    "wrong XML": (http(200, "<AssumeRoleResponse><a></b>"), REACH),
    "binary": (http(200, b"\x00\xff\xfe\x01", "application/octet-stream"), REACH),
    "UTF-16": (http(200, given(KEYS + LATER).encode("utf-16"), "text/xml; charset=utf-8"), (OutOfReach, WrongIdentity)),
    "another role": (http(200, given(KEYS + LATER)), (WrongIdentity,)),
    "duplicate fields": (http(200, given(KEYS + KEYS + LATER)), (OutOfReach, WrongIdentity)),
    "past expiry": ("past", (RoledeckError,)),
    "reset": (reset, REACH),
    "trickle": (trickle, REACH),
    "trickle of the body": (trickle_of_body, REACH),
    "endless": (endless, REACH),
    "gzip bomb": (http(200, BOMB, "text/xml", "Content-Encoding: gzip\r\n"), REACH),
    "not gzip": (http(200, given(KEYS + LATER), "text/xml", "Content-Encoding: gzip\r\n"), (OutOfReach, WrongIdentity)),
    "throttled": (http(400, error("Throttling", "Rate exceeded")), REACH),
    "internal failure": (http(500, error("InternalFailure", "x")), REACH),
    "a fault of a name of its own": (http(500, error("SomethingFaultException", "x")), REACH),
}


class Front:
    """Stands before the embedded AWS; the AssumeRole that is `spoilt` next (after `good` right ones) is answered with bytes of its own."""

    def __init__(self, url):
        self._behind = ("127.0.0.1", urlsplit(url).port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.answer, self.good, self.spoilt = None, 0, []
        threading.Thread(target=self._serve, daemon=True).start()

    def spoil(self, answer, good=0):
        self.answer, self.good = answer, good

    def close(self):
        self._listener.close()

    def _serve(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._one, args=(connection,), daemon=True).start()

    def _one(self, connection):
        with connection, contextlib.suppress(OSError):
            while request := _request(connection):
                spoils = self.answer is not None and b"Action=AssumeRole&" in request
                if spoils and self.good:
                    self.good, spoils = self.good - 1, False
                if not spoils:
                    connection.sendall(self._forward(request))
                    continue
                self.spoilt.append(1)
                if callable(self.answer):
                    self.answer(connection)
                else:
                    connection.sendall(_past(self._forward(request)) if self.answer == "past" else self.answer)
                return

    def _forward(self, request):
        with socket.create_connection(self._behind) as behind:
            behind.sendall(request.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1))
            answer = b""
            while piece := behind.recv(65536):
                answer += piece
            return answer


def _past(answer):
    return re.sub(rb"<Expiration>[^<]*<", b"<Expiration>2001-01-01T00:00:00Z<", answer)


def _request(connection):
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return b""
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    length = int(re.search(rb"(?i)content-length: (\d+)", head)[1])
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


@pytest.fixture
def front(world, monkeypatch):
    """The broker's way to AWS leads through here; one attempt each, and little patience."""
    monkeypatch.setattr(door, "ATTEMPTS", 1)
    monkeypatch.setattr(door, "READ_TIMEOUT", 0.25)
    monkeypatch.setattr(door, "CONNECT_TIMEOUT", 0.1)
    monkeypatch.setattr(door, "GRACE", 0.1)
    monkeypatch.setattr(bounded, "LARGEST", 2_000_000)
    opened = Front(world.aws.url)
    world.broker = Broker(world.broker.catalog, world.environ, AwsDoor(opened.url), clock=world.clock)
    yield opened
    opened.close()


def assume(world, front, answer):
    front.spoil(answer)
    world.obtain(READ_ONLY)


def refresh(world, front, answer):
    kept = world.obtain(READ_ONLY)
    front.spoil(answer)
    try:
        world.obtain(READ_ONLY, Wanted(fresh=True))
    finally:
        assert world.broker.peek(world.role(READ_ONLY)).credentials == kept.credentials, "what is still good is kept"


def second_hop(world, front, answer):
    front.spoil(answer, good=1)
    try:
        world.obtain(TWO_HOPS)
    finally:
        assert len(world.broker.sessions()) == 1, "the first hop is kept"


@pytest.mark.parametrize("moment", [assume, refresh, second_hop])
@pytest.mark.parametrize("kind", KINDS)
def test_a_broken_answer_is_one_sentence_with_a_next_step(world, front, kind, moment):
    answer, expected = KINDS[kind]

    with pytest.raises(RoledeckError) as caught:
        moment(world, front, answer)

    assert front.spoilt
    assert isinstance(caught.value, expected), repr(caught.value)
    message, sentence = caught.value.message, caught.value.sentence()
    assert message.endswith(".")
    assert caught.value.next_step.endswith(".")
    assert not re.search(r"[A-Z]\w+(Error|Exception)\b|Traceback|urllib|botocore|None|object at", sentence), sentence
    assert "planted" not in sentence.lower()
    assert "\n" not in sentence
