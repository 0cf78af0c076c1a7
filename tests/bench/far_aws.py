"""An AWS that is `LATENCY` away: a TLS server in a process of its own, with a certificate of a CA that is made for the run.

It gives a session to whoever asks for a role, says who that is, and has a hundred of some things and none of the others.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

LATENCY = 0.08
ROWS = 100
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SPEAKS_XML = (b"s3", b"route53", b"iam", b"ec2", b"rds", b"sns", b"cloudformation", b"elasticloadbalancing", b"monitoring", b"sts")
WHEN = "2026-01-01T00:00:00Z"
KEYS = "<AccessKeyId>ASIAEXAMPLE{account}</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken>"
ASSUMED = "<Arn>arn:aws:sts::{account}:assumed-role/Bench/me</Arn>"
_CREDENTIAL = re.compile(rb"Credential=(?:ASIAEXAMPLE)?(\d*)[^/]*/\d+/[^/]*/([^/]+)/aws4_request")


@contextmanager
def far_aws(folder: str) -> Iterator[dict[str, str]]:
    """The environment for a client of it; `FAR_AWS` is its address."""
    ca, pair = make_certificates(folder)
    words = [sys.executable, "-m", "tests.bench.far_aws", pair]
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
    """Answer after `LATENCY`, on threads, until the process is ended; the first line printed is the port."""
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
        while first := file.readline():
            headers = {}
            while (header := file.readline().strip()) != b"":
                name, _, value = header.partition(b":")
                headers[name.lower()] = value.strip()
            body, more = _body(first, headers, file.read(int(headers.get(b"content-length", 0))))
            time.sleep(LATENCY)
            head = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n%sContent-Length: %d\r\n\r\n" % (more, len(body))
            secure.sendall(head + body)


def _body(first: bytes, headers: dict[bytes, bytes], asked: bytes) -> tuple[bytes, bytes]:
    """The answer, and a header line that it needs."""
    found = _CREDENTIAL.search(headers.get(b"authorization", b""))
    account, service = (found[1].decode(), found[2]) if found else ("", b"")
    if headers.get(b"smithy-protocol"):
        return b"\xa0", b"smithy-protocol: rpc-v2-cbor\r\n"
    action = asked.partition(b"Action=")[2].partition(b"&")[0].decode()
    target = headers.get(b"x-amz-target", b"").partition(b".")[2].decode()
    if target or service not in SPEAKS_XML:
        listed = LISTED.get(target or first.split(b" ")[1].partition(b"?")[0].decode())
        return json.dumps({listed[0]: [listed[1](number) for number in range(ROWS)]} if listed else {}).encode(), b""
    if service == b"s3":
        buckets = "".join(f"<Bucket><Name>bench-{number}</Name><CreationDate>{WHEN}</CreationDate></Bucket>" for number in range(ROWS))
        return f"<ListAllMyBucketsResult><Buckets>{buckets}</Buckets></ListAllMyBucketsResult>".encode(), b""
    inner = ""
    if action == "AssumeRole":
        account = re.findall(rb"iam%3A%3A(\d+)", asked)[0].decode()
        until = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)
        given = f"<Credentials>{KEYS}<Expiration>{until:%Y-%m-%dT%H:%M:%SZ}</Expiration></Credentials>"
        inner = f"{given}<AssumedRoleUser>{ASSUMED}<AssumedRoleId>AROA:me</AssumedRoleId></AssumedRoleUser>".format(account=account)
    elif action == "GetCallerIdentity":
        inner = f"{ASSUMED}<UserId>AROA:me</UserId><Account>{{account}}</Account>".format(account=account)
    elif action in MEMBERS:
        name, member = MEMBERS[action]
        inner = f"<{name}>{''.join(f'<member>{member.format(number=number)}</member>' for number in range(ROWS))}</{name}>"
    return f"<A><{action}Result>{inner}</{action}Result></A>".encode(), b""


def _arn(kind: str, number: int) -> str:
    return f"arn:aws:{kind}-{number}"


LISTED = {
    "DescribeLogGroups": (
        "logGroups",
        lambda number: {
            "logGroupName": f"/aws/lambda/bench-{number}",
            "arn": _arn("logs:eu-west-1:1:log-group:b", number),
            "storedBytes": number,
        },
    ),
    "DescribeParameters": (
        "Parameters",
        lambda number: {"Name": f"/bench/{number}", "Type": "SecureString", "Version": 3, "Tier": "Standard"},
    ),
    "ListSecrets": ("SecretList", lambda number: {"Name": f"bench-{number}", "ARN": _arn("secretsmanager:eu-west-1:1:secret:b", number)}),
    "ListTables": ("TableNames", lambda number: f"bench-{number}"),
    "/2015-03-31/functions/": (
        "Functions",
        lambda number: {
            "FunctionName": f"bench-{number}",
            "FunctionArn": _arn("lambda:eu-west-1:1:function:b", number),
            "Runtime": "python3.13",
        },
    ),
}
"""By target or path: the name of the list, and one entry of it."""
_MADE = f"<Path>/</Path><CreateDate>{WHEN}</CreateDate>"
MEMBERS = {
    "ListRoles": (
        "Roles",
        _MADE + "<RoleName>Bench{number}</RoleName><RoleId>AROA{number}</RoleId><Arn>arn:aws:iam::1:role/Bench{number}</Arn>",
    ),
    "ListUsers": (
        "Users",
        _MADE + "<UserName>Bench{number}</UserName><UserId>AIDA{number}</UserId><Arn>arn:aws:iam::1:user/Bench{number}</Arn>",
    ),
    "ListPolicies": ("Policies", _MADE + "<PolicyName>Bench{number}</PolicyName><Arn>arn:aws:iam::1:policy/Bench{number}</Arn>"),
    "DescribeStacks": (
        "Stacks",
        f"<StackName>bench-{{number}}</StackName><CreationTime>{WHEN}</CreationTime><StackStatus>CREATE_COMPLETE</StackStatus>",
    ),
    "DescribeDBInstances": ("DBInstances", "<DBInstanceIdentifier>bench-{number}</DBInstanceIdentifier><Engine>postgres</Engine>"),
    "ListTopics": ("Topics", "<TopicArn>arn:aws:sns:eu-west-1:1:bench-{number}</TopicArn>"),
}
"""By action: the name of the list, and the members of one entry of it."""


if __name__ == "__main__":
    serve(sys.argv[1])
