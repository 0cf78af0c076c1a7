"""One client serves everybody, and each request is signed by the one who makes it."""

from __future__ import annotations

import threading

import pytest

from tui_app.aws.callers import CallersKeys, calling
from tui_app.aws.door import AwsDoor
from tui_app.model import AccessKey
from tui_app.secret import Secret

KEYS = [AccessKey(f"AKIAEXAMPLE{number}", Secret(f"secret-{number}"), Secret(f"token-{number}")) for number in range(12)]


def test_each_thread_signs_with_its_own_keys(stub):
    stub.says(200, "<ListUsersResponse><ListUsersResult><Users/></ListUsersResult></ListUsersResponse>")
    door = AwsDoor(stub.url)
    gate = threading.Barrier(len(KEYS))

    def ask(key):
        gate.wait()
        for _ in range(3):
            door.call("iam", "ListUsers", region="us-east-1", key=key, parameters={})

    threads = [threading.Thread(target=ask, args=(key,)) for key in KEYS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    signed = sorted((sent["Authorization"].split("Credential=")[1].split("/")[0], sent["X-Amz-Security-Token"]) for sent in stub.headers)
    assert signed == sorted((key.id, key.token.reveal()) for key in KEYS for _ in range(3))
    assert len(door._clients) == 1


def test_nobody_signs_outside_a_call():
    keys = CallersKeys()
    with calling(KEYS[0]):
        assert keys.get_frozen_credentials().access_key == keys.access_key == KEYS[0].id
        with calling(None), pytest.raises(LookupError):
            keys.get_frozen_credentials()
    with pytest.raises(LookupError):
        keys.get_frozen_credentials()


def test_what_remembers_who_asked_serves_one_key_and_is_forgotten_with_it(stub):
    stub.says(200, "<ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>")
    stub.more = {}
    door = AwsDoor(stub.url)
    clients = {id(door._client("s3", "eu-west-1", key, 10.0, 1)) for key in KEYS[:2]}
    assert len(clients) == 2
    door.forget(KEYS[0].id)
    assert [wanted.key.id for wanted in door._clients] == [KEYS[1].id]
    door.forget(KEYS[1].id)
    assert not door._clients
