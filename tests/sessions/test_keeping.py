"""Where sessions are kept, what is told of them, and forgetting."""

from __future__ import annotations

import os
from pathlib import Path

from tui_app import paths
from tui_app.sessions import index
from tui_app.sessions.broker import Wanted

DEVELOPER = "production/cross-account/CrossAccountDeveloperRole"
ADMIN = "production/AdminRole"
DEPLOYER = "staging/Deployer"
READ_ONLY = "staging-readonly"


def test_forget_drops_and_tells(world):
    world.obtain(READ_ONLY)
    world.obtain(ADMIN)
    index.write_ready(READ_ONLY, world.environ, "{}", 9_999_999_999, [])

    (dropped,) = world.broker.forget(READ_ONLY)
    assert dropped.startswith(f"{READ_ONLY}, ")
    assert dropped.endswith(" left")
    assert world.broker.forget(READ_ONLY) == ()
    assert index.read_ready(READ_ONLY, world.environ) is None
    assert world.broker.forget_expired() == ()
    dropped = world.broker.forget_all()
    assert [what.partition(",")[0] for what in dropped] == ["the MFA session of dev", ADMIN]
    assert world.broker.sessions() == () == world.broker.mfa_sessions()


def test_the_journal_tells_who_became_what_and_no_secret(world):
    session = world.obtain(ADMIN)
    world.obtain(ADMIN, Wanted(fresh=True))
    world.broker.forget(ADMIN)

    entries = world.broker.journal.entries()
    assert [entry["event"] for entry in entries] == ["assume", "renew", "forget"]
    assert entries[0]["arn"] == session.identity.arn
    text = Path(paths.state_folder(world.environ), "journal.jsonl").read_text()
    assert session.credentials.key.secret.reveal() not in text
    assert session.credentials.key.token.reveal() not in text
    assert "UniqueExternalId12345" not in text
    assert os.stat(os.path.join(paths.state_folder(world.environ), "journal.jsonl")).st_mode & 0o777 == 0o600


def test_no_code_external_id_or_base_key_reaches_a_file(world, files_of):
    code = world.aws.code()
    world.person.answers = [code]
    world.obtain(ADMIN)
    world.obtain(DEVELOPER)

    _, secret = world.aws.key("dev")
    top = os.path.dirname(paths.sessions_folder(world.environ))
    for file in (*files_of(top), *files_of(paths.state_folder(world.environ))):
        text = Path(file).read_text()
        assert f'"{code}"' not in text
        assert "UniqueExternalId12345" not in text
        assert secret not in text


def test_a_folder_that_cannot_be_written_degrades_to_memory_with_one_warning(world):
    folder = Path(paths.sessions_folder(world.environ))
    folder.parent.mkdir(parents=True)
    folder.write_text("in the way")
    world.reload()

    world.obtain(READ_ONLY)
    world.obtain(DEPLOYER)

    assert world.obtain(READ_ONLY).from_cache
    assert len(world.broker.warnings) == 1


def test_storage_memory_writes_no_session(world, files_of):
    world.reload('\n[storage]\nsessions = "memory"\n')

    world.obtain(READ_ONLY)

    assert world.obtain(READ_ONLY).from_cache
    assert not [name for name in files_of(paths.sessions_folder(world.environ)) if name.endswith(".json")]
