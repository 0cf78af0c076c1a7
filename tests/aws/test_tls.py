"""The shared TLS context verifies as botocore does: the CA of AWS_CA_BUNDLE, and the host's name."""

from __future__ import annotations

import http.server
import ssl
import threading

import pytest

from tests.bench.far_aws import make_certificates
from tui_app.aws.door import AwsDoor
from tui_app.errors import OutOfReach
from tui_app.model import AccessKey
from tui_app.secret import Secret

KEY = AccessKey("AKIAEXAMPLE", Secret("secret"))


class Empty(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_):
        pass


@pytest.fixture
def far(tmp_path):
    ca, pair = make_certificates(str(tmp_path))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Empty)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield ca, server.server_address[1]
    server.shutdown()
    server.server_close()


def ask(address: str) -> object:
    return AwsDoor(address).call("sqs", "ListQueues", region="eu-west-1", key=KEY, parameters={}, retry=False)


def test_the_ca_of_the_environment_is_trusted(far, monkeypatch):
    ca, port = far
    monkeypatch.setenv("AWS_CA_BUNDLE", ca)
    assert ask(f"https://localhost:{port}") == {}


def test_another_ca_is_not_trusted(far):
    with pytest.raises(OutOfReach, match="not secure"):
        ask(f"https://localhost:{far[1]}")


def test_another_host_name_is_not_trusted(far, monkeypatch):
    ca, port = far
    monkeypatch.setenv("AWS_CA_BUNDLE", ca)
    with pytest.raises(OutOfReach, match="not secure"):
        ask(f"https://127.0.0.1:{port}")


@pytest.mark.parametrize("content", [None, "not a certificate"])
def test_a_ca_file_that_cannot_be_used_is_a_sentence(far, monkeypatch, tmp_path, content):
    path = tmp_path / "broken.pem"
    if content:
        path.write_text(content)
    monkeypatch.setenv("AWS_CA_BUNDLE", str(path))
    with pytest.raises(OutOfReach):
        ask(f"https://localhost:{far[1]}")
