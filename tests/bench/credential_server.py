"""The loopback credential server as an SDK meets it: a connection for each question, from a process of its own."""

from __future__ import annotations

import json
import os
import socket
import statistics
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))

from tui_app.handover.credential_server import LOOPBACK, CredentialServer

QUESTIONS = 2000
ANSWER = json.dumps({
    "AccessKeyId": "ASIA" + "X" * 16, "SecretAccessKey": "s" * 40, "Token": "t" * 900, "Expiration": "2030-01-01T00:00:00Z",
}).encode()  # fmt: skip


def questions(rounds: int) -> None:
    """p50 and p99 of one question with its answer, and how many a second; the median of the rounds."""
    server = CredentialServer(lambda *, wait: ANSWER)
    try:
        words = [sys.executable, os.path.abspath(__file__), str(server.port), server.url.partition(f":{server.port}")[2]]
        asking = [subprocess.run(words, input=server.token, capture_output=True, text=True, check=True) for _ in range(max(3, rounds // 3))]
        figures = [json.loads(asked.stdout) for asked in asking]
    finally:
        server.close()
    p50, p99, each_second = (statistics.median(column) for column in zip(*figures, strict=True))
    print("\nCredential server")
    print(f"  one answer, half of them within   {p50:8.3f} ms")
    print(f"  one answer, 99 of 100 within      {p99:8.3f} ms   goal <= 1")
    print(f"  answers a second, one after another {each_second:6.0f}      goal >= 3000")


def client(port: int, path: str, token: str) -> list[float]:
    """Ask over and over: p50 and p99 in ms, and answers a second."""
    request = f"GET {path} HTTP/1.1\r\nHost: {LOOPBACK}:{port}\r\nAccept: application/json\r\nAuthorization: {token}\r\n\r\n".encode()
    times, began = [], time.perf_counter()
    for _ in range(QUESTIONS):
        asked, answer = time.perf_counter(), b""
        with socket.create_connection((LOOPBACK, port)) as connection:
            connection.sendall(request)
            while part := connection.recv(65536):
                answer += part
        times.append(time.perf_counter() - asked)
        if not answer.endswith(ANSWER):
            raise RuntimeError("the server did not answer")
    each_second = QUESTIONS / (time.perf_counter() - began)
    times.sort()
    return [times[QUESTIONS // 2] * 1000, times[QUESTIONS * 99 // 100] * 1000, each_second]


if __name__ == "__main__":
    print(json.dumps(client(int(sys.argv[1]), sys.argv[2], sys.stdin.read())))
