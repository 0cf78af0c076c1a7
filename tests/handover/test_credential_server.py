"""The loopback server gives one child its credentials, and nobody else anything."""

from __future__ import annotations

import contextlib
import http.client
import json
import random
import socket
import threading

import pytest

from tui_app.handover import credential_server
from tui_app.handover.credential_server import AT_ONCE, CredentialServer

ANSWER = b'{"AccessKeyId":"ASIASERVED","SecretAccessKey":"SERVEDSECRET","Token":"SERVEDTOKEN","Expiration":"2030-01-01T00:00:00Z"}'


@pytest.fixture
def server():
    served = CredentialServer(lambda *, wait: ANSWER)
    yield served
    served.close()


def said(server: CredentialServer, request: bytes) -> bytes:
    """All that comes back for the bytes of a request."""
    parts = []
    with socket.create_connection(("127.0.0.1", server.port), 5) as connection, contextlib.suppress(ConnectionError):
        connection.sendall(request)
        while part := connection.recv(65536):
            parts.append(part)
    return b"".join(parts)


def request_of(server: CredentialServer, **changes: str | None) -> bytes:
    """A good request with some headers changed, left out (None), or the first line replaced."""
    path = server.url.partition(f":{server.port}")[2]
    headers: dict[str, str | None] = {"Host": f"127.0.0.1:{server.port}", "Authorization": server.token}
    first = changes.pop("first", None) or f"GET {path} HTTP/1.1"
    headers |= {name.replace("_", "-"): value for name, value in changes.items()}
    lines = [first, *(f"{name}: {value}" for name, value in headers.items() if value is not None)]
    return ("\r\n".join([*lines, "", ""])).encode("latin-1")


def test_the_child_gets_the_credentials_as_they_are(server):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    connection.request("GET", server.url.partition(f":{server.port}")[2], headers={"Authorization": server.token})
    answer = connection.getresponse()
    assert (answer.status, json.loads(answer.read())["AccessKeyId"]) == (200, "ASIASERVED")
    assert answer.headers["Cache-Control"] == "no-store"
    assert not answer.headers["Server"]
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]


HOSTILE = {
    "no token": {"Authorization": None},
    "empty token": {"Authorization": ""},
    "wrong token": {"Authorization": "x" * 43},
    "token with a prefix": {"Authorization": "Bearer x"},
    "letters beyond ASCII": {"Authorization": "\xff\xfe"},
    "another host (rebinding)": {"Host": "evil.example"},
    "localhost by name": {"Host": "localhost"},
    "no host": {"Host": None},
    "a page's origin": {"Origin": "https://evil.example"},
    "no origin but a fetch": {"Sec_Fetch_Mode": "cors"},
    "a page that links": {"Referer": "https://evil.example/"},
    "a proxy": {"X_Forwarded_For": "10.0.0.1"},
    "a preflight": {"first": "OPTIONS / HTTP/1.1"},
    "POST": {"first": "POST / HTTP/1.1"},
    "as the metadata service": {"first": "PUT /latest/api/token HTTP/1.1"},
    "another path": {"first": "GET / HTTP/1.1"},
    "any role": {"first": "GET /role-arn/arn:aws:iam::111122223333:role/Admin HTTP/1.1"},
    "an absolute address": {"first": "GET http://evil.example/ HTTP/1.1"},
    "no version": {"first": "GET /"},
    "a body": {"Content_Length": "5"},
    "chunks": {"Transfer_Encoding": "chunked"},
    "large headers": {"X": "a" * 70_000},
}


@pytest.mark.parametrize("changes", HOSTILE.values(), ids=HOSTILE)
def test_what_is_not_the_child_gets_nothing(server, changes):
    answer = said(server, request_of(server, **changes))
    assert b"SERVED" not in answer
    assert b"200 OK" not in answer
    assert b"Access-Control" not in answer


@pytest.mark.parametrize("twice", ["Host: 127.0.0.1:1", "Authorization: x", "Host: evil"])
def test_a_header_that_counts_may_not_be_there_twice(server, twice):
    good = request_of(server)
    assert b"SERVED" not in said(server, good.replace(b"\r\n\r\n", f"\r\n{twice}\r\n\r\n".encode()))


def test_a_token_in_two_lines_is_not_put_together(server):
    folded = request_of(server).replace(server.token.encode(), server.token[:10].encode() + b"\r\n " + server.token[10:].encode())
    assert b"SERVED" not in said(server, folded)


def test_garbage_neither_leaks_nor_ends_it(server):
    dice = random.Random(20_26)
    good = request_of(server)
    for _ in range(300):
        data = bytearray(good)
        for _ in range(dice.randrange(1, 6)):
            data[dice.randrange(len(data) - 4)] = dice.randrange(256)
        changed = bytes(data)
        if b"SERVED" in said(server, changed):
            # only the case of a header's name may have changed, or the name of one that does not count
            assert server.token.encode() in changed
            assert f"127.0.0.1:{server.port}".encode() in changed
    assert b"SERVED" in said(server, good)


def test_slow_connections_do_not_keep_the_child_waiting(server):
    slow = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(AT_ONCE * 2)]
    try:
        for connection in slow:
            with contextlib.suppress(ConnectionError):
                connection.sendall(b"GET ")
        for _ in range(10):
            assert b"SERVED" in said(server, request_of(server))
    finally:
        for connection in slow:
            connection.close()


def test_a_request_in_pieces_is_put_together(server):
    with socket.create_connection(("127.0.0.1", server.port), 5) as connection:
        for piece in request_of(server).splitlines(keepends=True):
            connection.sendall(piece)
        assert b"SERVED" in connection.recv(65536)


def test_while_one_question_waits_for_a_renewal_others_are_answered():
    renewed, asked = threading.Event(), []

    def answer(*, wait: bool) -> bytes | None:
        asked.append(wait)
        return ANSWER if wait and renewed.wait(5) else None

    served = CredentialServer(answer)
    try:
        answers: list[bytes] = []
        waiting = threading.Thread(target=lambda: answers.append(said(served, request_of(served))))
        waiting.start()
        assert b"403" in said(served, request_of(served, Origin="https://evil.example"))
        renewed.set()
        waiting.join()
        assert b"SERVED" in answers[0]
        assert asked == [False, True]
    finally:
        served.close()


def test_a_connection_that_says_nothing_is_told_to_hurry(monkeypatch, server):
    monkeypatch.setattr(credential_server, "HEADER_SECONDS", 0.1)
    assert b"408" in said(server, b"GET / HTTP/1.1\r\n")


def test_nothing_is_served_once_nothing_is_left():
    served = CredentialServer(lambda *, wait: None)
    try:
        answer = said(served, request_of(served))
        assert b"503" in answer
        assert b"SessionEnded" in answer
    finally:
        served.close()


def test_the_port_is_closed_when_close_returns(server):
    server.close()
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", server.port), 1)


def test_only_this_machines_first_loopback_address_is_served(server):
    with pytest.raises(OSError, match=r"refused|timed out"):
        socket.create_connection(("127.0.0.2", server.port), 1)


def test_two_servers_do_not_take_each_others_tokens(server):
    other = CredentialServer(lambda *, wait: ANSWER)
    try:
        assert b"SERVED" not in said(server, request_of(server, Authorization=other.token))
    finally:
        other.close()


def test_many_at_once_all_get_the_answer(server):
    answers: list[bytes] = []
    threads = [threading.Thread(target=lambda: answers.append(said(server, request_of(server)))) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(b"SERVEDSECRET" in answer for answer in answers) == 40
