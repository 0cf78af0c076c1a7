"""Lessons and used codes: shared by processes, forgotten in time, unreadable by design."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tui_app.sessions.folder import PrivateFolder
from tui_app.sessions.remembered import CODES, FILE, LESSON_KEPT, STEP, Lessons, UsedCodes

ARN = "arn:aws:iam::111122223333:role/Dev"
SERIAL = "arn:aws:iam::444455556666:mfa/Dev"


@pytest.fixture
def now():
    return [1_800_000_000.0]


@pytest.fixture
def folder(tmp_path):
    return PrivateFolder(str(tmp_path / "state"))


def test_lessons_are_shared_and_forgotten_after_a_week(folder, now):
    Lessons(folder, lambda: now[0]).learn(ARN, maximum=3600)
    Lessons(folder, lambda: now[0]).learn(ARN, direct=True)
    other = Lessons(PrivateFolder(folder.path), lambda: now[0])

    assert other.maximum(ARN) == 3600
    assert other.wants_direct(ARN)
    assert other.maximum("arn:other") is None
    now[0] += LESSON_KEPT
    assert other.maximum(ARN) is None
    assert not other.wants_direct(ARN)


def test_a_large_estate_is_remembered_whole(folder, now):
    roles = [f"{ARN}{number}" for number in range(1500)]
    lessons = Lessons(folder, lambda: now[0])
    folder.put(FILE, json.dumps({role: {"maximum": 3600, "at": now[0]} for role in roles}).encode())

    lessons.learn(ARN, maximum=7200)

    assert lessons.maximum(ARN) == 7200
    assert lessons.maximum(roles[0]) == lessons.maximum(roles[-1]) == 3600


@pytest.mark.parametrize("junk", [b"", b"[]", b'{"x": 1}', b"\xff", b"[" * 20000, f'{{"{ARN}": {{"maximum": "x", "at": null}}}}'.encode()])
def test_junk_teaches_nothing(folder, now, junk):
    folder.put(FILE, junk)
    lessons = Lessons(folder, lambda: now[0])

    assert lessons.maximum(ARN) is None
    lessons.learn(ARN, maximum=3600)
    assert lessons.maximum(ARN) == 3600


def test_without_a_folder_lessons_last_for_the_run(tmp_path, now):
    (tmp_path / "file").write_text("")
    lessons = Lessons(PrivateFolder(str(tmp_path / "file" / "state")), lambda: now[0])

    lessons.learn(ARN, maximum=3600)

    assert lessons.maximum(ARN) == 3600


def test_a_used_code_is_known_to_other_processes_for_as_long_as_aws_could_take_it(folder, now):
    UsedCodes(folder, lambda: now[0]).mark(SERIAL, "123456")
    other = UsedCodes(PrivateFolder(folder.path), lambda: now[0])

    assert other.used(SERIAL, "123456")
    assert not other.used(SERIAL, "123457")
    assert not other.used("arn:aws:iam::444455556666:mfa/Other", "123456")
    now[0] += 2 * STEP
    assert other.used(SERIAL, "123456")
    now[0] += 2 * STEP
    assert not other.used(SERIAL, "123456")


def test_the_next_code_starts_with_the_next_step(folder, now):
    codes = UsedCodes(folder, lambda: now[0])
    assert codes.next_code_at(SERIAL) == 0

    codes.mark(SERIAL, "123456")

    assert codes.next_code_at(SERIAL) == (now[0] // STEP + 1) * STEP
    now[0] += STEP
    assert codes.next_code_at(SERIAL) == 0


def test_after_a_mistyped_code_the_present_one_will_do(folder, now):
    codes = UsedCodes(folder, lambda: now[0])
    codes.mark(SERIAL, "000000")
    codes.mistyped(SERIAL, "000000")

    assert codes.next_code_at(SERIAL) == 0
    assert codes.used(SERIAL, "000000"), "it is not sent again"
    codes.mark(SERIAL, "123456")
    assert codes.next_code_at(SERIAL) > now[0]


def test_after_three_wrong_codes_every_window_waits_for_the_next(folder, now):
    for wrong in ("000000", "111111", "222222"):
        assert UsedCodes(folder, lambda: now[0]).next_code_at(SERIAL) == 0
        window = UsedCodes(folder, lambda: now[0])
        window.mark(SERIAL, wrong)
        window.mistyped(SERIAL, wrong)

    other = UsedCodes(folder, lambda: now[0])
    assert other.next_code_at(SERIAL) == (now[0] // STEP + 1) * STEP
    now[0] += STEP
    assert other.next_code_at(SERIAL) == 0


def test_a_code_that_never_left_is_still_good(folder, now):
    codes = UsedCodes(folder, lambda: now[0])
    codes.mark(SERIAL, "123456")
    codes.unmark(SERIAL, "123456")

    assert not codes.used(SERIAL, "123456")


def test_neither_code_nor_device_is_in_the_file(folder, now):
    UsedCodes(folder, lambda: now[0]).mark(SERIAL, "123456")

    text = Path(folder.path, CODES).read_text()
    assert '"123456"' not in text
    assert "mfa/Dev" not in text
