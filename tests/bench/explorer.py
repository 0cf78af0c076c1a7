"""The first sight of an account with every call 80 ms away over TLS: all views at once against one after the other, cold and warm.

The far AWS is a process of its own: a TLS server with a certificate of a CA that is made for the run, trusted through AWS_CA_BUNDLE.
"""

from __future__ import annotations

import datetime as dt
import os
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

LATENCY = 0.08
REGIONS = ("eu-west-1", "us-east-1", "eu-central-1", "us-west-2")
CALLS = 80
SPEAKS_XML = (b"s3", b"route53", b"iam", b"ec2", b"rds", b"sns", b"cloudformation", b"elasticloadbalancing", b"monitoring")
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def first_sight(rounds: int) -> None:
    """Each measurement in a process of its own, so that cold is cold: loaders, clients, TLS and all."""
    with tempfile.TemporaryDirectory() as folder, far_aws(folder) as environ:
        found = [_measured(environ) for _ in range(max(3, rounds // 5))]
    in_turn, cold, warm, second, bare, memory = (statistics.median(column) for column in zip(*found, strict=True))
    print(f"\nExplorer, {CALLS} calls at {LATENCY * 1000:.0f} ms over TLS")
    print(f"  one after the other, clients kept   {in_turn:6.2f} s")
    print(f"  at once, cold                       {cold:6.2f} s   {in_turn / cold:5.1f}x faster   goal <= 1.2 s, >= 6x")
    print(f"  at once, warm                       {warm:6.2f} s   {in_turn / warm:5.1f}x faster   goal <= 0.4 s")
    print(f"  at once, a second session           {second:6.2f} s")
    print(f"  {CALLS} calls that only wait, 32 threads {bare:6.2f} s")
    print(f"  memory with ten sessions            {memory:6.0f} MiB   goal <= 250")


@contextmanager
def far_aws(folder: str) -> Iterator[dict[str, str]]:
    """The environment for a client of a TLS server that answers everything with nothing after `LATENCY`."""
    ca, pair = make_certificates(folder)
    words = [sys.executable, "-m", "tests.bench.explorer", "serve", pair]
    server = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        port = server.stdout.readline().strip()
        if not port:
            message = "the far AWS did not start"
            raise RuntimeError(message)
        dropped = ("PYTHONDONTWRITEBYTECODE", "HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy")
        kept = {name: value for name, value in os.environ.items() if name not in dropped}
        yield kept | {"AWS_CA_BUNDLE": ca, "FAR_AWS": f"https://localhost:{port}", "HOME": folder}
    finally:
        server.terminate()
        server.wait(timeout=10)


def make_certificates(folder: str) -> tuple[str, str]:
    """A CA, and a server certificate for localhost with its key: two paths. Both are good for an hour."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    now = dt.datetime.now(dt.UTC)
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca_name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Far AWS")])
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])

    def certificate(
        subject: x509.Name, public: ec.EllipticCurvePublicKey, *extensions: tuple[x509.ExtensionType, bool]
    ) -> x509.Certificate:
        builder = x509.CertificateBuilder().subject_name(subject).issuer_name(ca_name).public_key(public)
        builder = builder.serial_number(x509.random_serial_number()).not_valid_before(now - dt.timedelta(minutes=5))
        builder = builder.not_valid_after(now + dt.timedelta(hours=1))
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical)
        return builder.sign(ca_key, hashes.SHA256())

    root = certificate(ca_name, ca_key.public_key(), (x509.BasicConstraints(ca=True, path_length=0), True))
    leaf = certificate(name, key.public_key(), (x509.SubjectAlternativeName([x509.DNSName("localhost")]), False))
    ca_file, pair = os.path.join(folder, "ca.pem"), os.path.join(folder, "server.pem")
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    for path, content in ((ca_file, root.public_bytes(pem)), (pair, leaf.public_bytes(pem) + secret)):
        with open(path, "wb") as file:
            file.write(content)
    return ca_file, pair


def serve(pair: str) -> None:
    """Answer `{}` after `LATENCY`, on threads, until the process is ended; the first line printed is the port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair)
    listener = socket.create_server(("127.0.0.1", 0), backlog=256)
    print(listener.getsockname()[1], flush=True)
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=_answer, args=(connection, context), daemon=True).start()


def _answer(connection: socket.socket, context: ssl.SSLContext) -> None:
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with context.wrap_socket(connection, server_side=True) as secure:
        file = secure.makefile("rb")
        while file.readline():
            length, body, more = 0, b"{}", b""
            while (header := file.readline().strip()) != b"":
                name, _, value = header.partition(b":")
                length = int(value) if name.lower() == b"content-length" else length
                if name.lower() == b"authorization" and any(b"/%s/aws4_request" % service in value for service in SPEAKS_XML):
                    body = b"<Answer/>"
                if name.lower() == b"smithy-protocol":
                    body, more = b"\xa0", b"smithy-protocol: rpc-v2-cbor\r\n"
            action = file.read(length).partition(b"Action=")[2].partition(b"&")[0]
            body = b"<A><%sResult/></A>" % action if action and body.startswith(b"<") else body
            time.sleep(LATENCY)
            head = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n%sContent-Length: %d\r\n\r\n" % (more, len(body))
            secure.sendall(head + body)


def _measured(environ: dict[str, str]) -> tuple[float, ...]:
    words = [sys.executable, "-m", "tests.bench.explorer", "measure"]
    ended = subprocess.run(words, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise RuntimeError(ended.stderr[-600:])
    return tuple(map(float, ended.stdout.split()))


def measure() -> None:
    """Print: one after the other, cold, warm, a second session, threads that only wait (seconds), and memory (MiB)."""
    from concurrent.futures import ThreadPoolExecutor

    from tui_app.aws.door import AwsDoor
    from tui_app.explorer.fetch import fetch_first_sight, fetch_view
    from tui_app.explorer.views import FIRST_SIGHT
    from tui_app.model import AccessKey, Credentials, Identity, Session
    from tui_app.secret import Secret

    identity = Identity("111122223333", "arn:aws:sts::111122223333:assumed-role/Bench/me", "AROA:me", 0.0, REGIONS[0])

    def session(number: int) -> Session:
        key = AccessKey(f"AKIAEXAMPLE{number}", Secret("secret"))
        return Session("arn:aws:iam::111122223333:role/Bench", "bench", Credentials(key, time.time() + 3600), identity, 0.0, 3600, 1)

    regional = [view for view in FIRST_SIGHT if view.scope == "regional"]
    views = (*(view for view in FIRST_SIGHT if view.scope == "global"), *regional)
    regions = REGIONS[: (CALLS - len(views) + len(regional)) // len(regional) + 1]

    def look(who: Session, seen: tuple[str, ...] = regions) -> float:
        began = time.perf_counter()
        found = fetch_first_sight(door, who, seen, lambda _result: None, views=views)
        refused = {result.message for result in found if result.cause in ("out_of_reach", "not_aws", "failed")}
        if refused:
            raise RuntimeError(f"{len(found)} calls, among them: {sorted(refused)[:2]}")
        return (time.perf_counter() - began) * CALLS / len(found)

    door = AwsDoor(os.environ["FAR_AWS"])
    cold = look(session(0))
    warm = min(look(session(0)) for _ in range(3))
    second = look(session(1))
    began = time.perf_counter()
    for view in views[:20]:
        fetch_view(view, door, session(0).credentials.key, REGIONS[0], identity)
    in_turn = (time.perf_counter() - began) * CALLS / 20
    began = time.perf_counter()
    with ThreadPoolExecutor(32) as pool:
        list(pool.map(lambda _: time.sleep(LATENCY), range(CALLS)))
    bare = time.perf_counter() - began
    for number in range(2, 10):
        look(session(number))
    with open("/proc/self/statm", encoding="ascii") as file:
        memory = int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    print(in_turn, cold, warm, second, bare, memory)


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(sys.argv[2])
    else:
        measure()
