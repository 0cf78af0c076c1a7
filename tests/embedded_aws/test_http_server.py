"""The small server under the embedded AWS: keep-alive, chunks, odd headers, cut connections, a clean end."""

from __future__ import annotations

import http.client
import socket
from contextlib import closing

import pytest

from tui_app.embedded_aws.http_server import Hangup, LoopbackServer


@pytest.fixture
def server():
    seen = []

    def application(environ, start_response):
        seen.append(environ)
        body = environ["wsgi.input"].read()
        if environ["PATH_INFO"] == "/cut":
            raise Hangup(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
        if environ["PATH_INFO"] == "/broken":
            raise RuntimeError("broken")
        start_response(
            "204 No Content" if environ["PATH_INFO"] == "/none" else "200 OK", [("X-Split", "a\r\nb"), ("Content-Length", "999")]
        )
        return [b"got ", body]

    running = LoopbackServer(0, application)
    running.seen = seen
    running.serve()
    yield running
    running.stop()


def talk(server):
    return closing(http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=10))


def test_one_connection_carries_many_requests(server):
    with talk(server) as connection:
        for number in range(3):
            connection.request("POST", f"/{number}", b"x" * number)
            assert connection.getresponse().read() == b"got " + b"x" * number
        assert len({environ["REMOTE_PORT"] for environ in server.seen}) == 1


def test_chunks_are_put_together(server):
    with talk(server) as connection:
        connection.request("PUT", "/", iter([b"one ", b"two"]), {"Transfer-Encoding": "chunked"}, encode_chunked=True)
        assert connection.getresponse().read() == b"got one two"
        connection.request("GET", "/")
        assert connection.getresponse().read() == b"got "
    assert server.seen[0]["CONTENT_LENGTH"] == "7"
    assert "HTTP_TRANSFER_ENCODING" not in server.seen[0]


def test_headers_with_underscores_arrive_and_are_remembered(server):
    with talk(server) as connection:
        connection.request("GET", "/a%2Fb?c=d%20e", headers={"x-amz-sso_bearer_token": "t", "x-amz-meta-my_key": "m"})
        connection.getresponse().read()
    environ = server.seen[0]
    assert environ["HTTP_X_AMZ_SSO_BEARER_TOKEN"] == "t"
    assert environ["moto.preserved_header_names"] == {"HTTP_X_AMZ_META_MY_KEY": "x-amz-meta-my_key"}
    assert (environ["PATH_INFO"], environ["RAW_URI"], environ["QUERY_STRING"]) == ("/a/b", "/a%2Fb?c=d%20e", "c=d%20e")


def test_head_and_empty_answers_carry_no_body(server):
    with talk(server) as connection:
        connection.request("HEAD", "/")
        answer = connection.getresponse()
        assert (answer.getheader("Content-Length"), answer.read()) == ("999", b"")
        connection.request("GET", "/none")
        answer = connection.getresponse()
        assert (answer.status, answer.getheader("Content-Length"), answer.read()) == (204, None, b"")
        connection.request("GET", "/")
        assert connection.getresponse().getheader("X-Split") == "a b"


def test_a_cut_connection_is_cut_after_what_was_said(server):
    with talk(server) as connection:
        connection.request("GET", "/cut")
        answer = connection.getresponse()
        with pytest.raises(http.client.IncompleteRead) as caught:
            answer.read()
        assert caught.value.partial == b"abc"


def test_a_broken_application_ends_its_connection_and_prints_nothing(server, capfd):
    with talk(server) as connection:
        connection.request("GET", "/broken")
        with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
            connection.getresponse()
    with talk(server) as connection:
        connection.request("GET", "/")
        assert connection.getresponse().status == 200
    assert capfd.readouterr() == ("", "")


def test_it_listens_on_the_loopback_address_only_and_refuses_a_taken_port(server):
    assert server.server_address[0] == "127.0.0.1"
    with pytest.raises(OSError, match="in use"):
        LoopbackServer(server.server_address[1], lambda _environ, _start: [])


def test_the_end_cuts_idle_connections(server):
    with closing(socket.create_connection(server.server_address)) as idle:
        idle.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert idle.recv(4096).startswith(b"HTTP/1.1 200")
        server.stop()
        idle.settimeout(10)
        assert idle.recv(4096) == b""


@pytest.mark.parametrize(
    "head",
    [
        b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n-5\r\n",
        b"Content-Length: abc\r\n\r\n",
        b"Content-Length: -5\r\n\r\n",
    ],
)
def test_a_body_of_no_known_length_is_a_bad_request(server, head):
    with socket.create_connection(server.server_address[:2], timeout=10) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\n" + head)
        assert connection.makefile("rb").read().startswith(b"HTTP/1.1 400 ")
    assert server.seen == []
