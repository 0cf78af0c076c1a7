"""Identity, renewal times, the journal's reading of what others wrote."""

from __future__ import annotations

import pytest

from tui_app.arns import account_of
from tui_app.errors import WrongIdentity
from tui_app.model import AccessKey, Credentials, Identity, Session
from tui_app.secret import Secret
from tui_app.sessions.folder import PrivateFolder
from tui_app.sessions.identity import check_identity, role_of, same_role
from tui_app.sessions.journal import FILE, Journal
from tui_app.sessions.renewal import renewal_due, renewal_due_at

ROLE = "arn:aws:iam::111122223333:role/path/to/Dev"


@pytest.mark.parametrize(
    ("arn", "same"),
    [
        ("arn:aws:sts::111122223333:assumed-role/Dev/me", True),
        ("arn:aws:sts::111122223333:assumed-role/dev/me", False),
        ("arn:aws:sts::111122223334:assumed-role/Dev/me", False),
        ("arn:aws-cn:sts::111122223333:assumed-role/Dev/me", False),
        ("arn:aws:sts::111122223333:assumed-role/path/to/Dev/me", False),
        ("arn:aws:iam::111122223333:user/Dev", False),
        ("arn:aws:iam::111122223333:root", False),
        ("nonsense", False),
        ("", False),
    ],
)
def test_which_session_is_of_the_role(arn, same):
    assert same_role(ROLE, arn) is same


def test_the_alarm_names_both():
    arn = "arn:aws:sts::111122223333:assumed-role/Admin/me"
    with pytest.raises(WrongIdentity, match="Admin") as caught:
        check_identity(ROLE, Identity("111122223333", arn, "x", 0))
    assert ROLE in caught.value.message
    with pytest.raises(WrongIdentity):
        check_identity(ROLE, Identity("999999999999", "arn:aws:sts::111122223333:assumed-role/Dev/me", "x", 0))


def test_parts_of_arns():
    assert role_of(ROLE) == ("111122223333", "Dev")
    assert role_of("arn:aws:iam::1") == ("", "")
    assert account_of("arn:aws:iam::444455556666:mfa/Dev") == "444455556666"
    assert account_of("GAHT12345678") == ""


def session(life: float, renews="itself") -> Session:
    key = AccessKey("ASIAX", Secret("s"), Secret("t"))
    return Session(ROLE, "k", Credentials(key, 1000 + life), Identity("1", "a", "u", 0), 1000, int(life), 1, renews=renews)


@pytest.mark.parametrize(("life", "lead"), [(900, 300), (3600, 1200), (43200, 1200)])
def test_renewal_starts_with_a_third_or_twenty_minutes_left(life, lead):
    assert renewal_due_at(session(life)) == 1000 + life - lead
    assert not renewal_due(session(life), 999 + life - lead)
    assert renewal_due(session(life), 1000 + life - lead)
    assert renewal_due(session(life), 1000 + life)


def test_the_journal_reads_only_what_it_would_have_written(tmp_path):
    environ = {"HOME": str(tmp_path)}
    journal = Journal(environ, lambda: 0)
    journal.record("handover", session(3600), how="exec")
    folder = PrivateFolder(str(tmp_path / ".local" / "state" / "roledeck"))
    for junk in (b"junk\n", b"[]\n", b'{"at": 1, "event": "x"}\n', b'{"at": "never", "event": "x"}\n', b"\xff\n", b'{"event": "x"}\n'):
        folder.append(FILE, junk)
    folder.append(FILE, b'{"at": "1970-01-01T00:00:00Z", "event": "x\\u001b[2J"}\n')

    entries = journal.entries()

    assert [entry["event"] for entry in entries] == ["handover", "x␛[2J"]
    assert entries[0]["how"] == "exec"


def test_a_long_journal_is_begun_anew_and_still_read(tmp_path, monkeypatch):
    monkeypatch.setattr("tui_app.sessions.journal.LARGE", 300)
    journal = Journal({"HOME": str(tmp_path)}, lambda: 0)
    for number in range(8):
        journal.record("assume", role=str(number))

    assert [entry["role"] for entry in journal.entries()][-3:] == ["5", "6", "7"]
    assert {file.name for file in (tmp_path / ".local/state/roledeck").glob("*.jsonl")} == {"journal.jsonl", "journal.1.jsonl"}


def test_a_journal_that_another_window_has_just_begun_anew_is_not_put_in_place_of_the_older_one(tmp_path, monkeypatch):
    monkeypatch.setattr("tui_app.sessions.journal.LARGE", 300)
    environ = {"HOME": str(tmp_path)}
    mine, other = Journal(environ, lambda: 0), Journal(environ, lambda: 0)
    for number in range(5):
        other.record("assume", role=str(number))
    size = mine._folder.size

    def looked_at(name):
        found = size(name)
        monkeypatch.setattr(mine._folder, "size", size)
        other.record("assume", role="meanwhile")
        return found

    monkeypatch.setattr(mine._folder, "size", looked_at)
    mine.record("assume", role="mine")

    assert [entry["role"] for entry in mine.entries()] == ["0", "1", "2", "3", "4", "meanwhile", "mine"]


def test_a_journal_that_cannot_be_written_stops_nothing(tmp_path):
    (tmp_path / ".local").write_text("in the way")
    journal = Journal({"HOME": str(tmp_path)}, lambda: 0)

    journal.record("assume")

    assert journal.entries() == ()
