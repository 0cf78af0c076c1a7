"""Files edited while the screen runs: what is seen, what stays, and what a broken version does."""

from __future__ import annotations

import asyncio
import os
import time
from contextlib import asynccontextmanager
from types import SimpleNamespace

import pytest

from tui_app.catalog.load import load_catalog
from tui_app.catalog.settings import Settings
from tui_app.catalog.stamps import FileStamp, stamp
from tui_app.ui.backstage import backstage_of, last_good
from tui_app.ui.restarts import wants_restart
from tui_app.ui.roledeck import Roledeck
from tui_app.ui.theme import Look
from tui_app.ui.watching import PATIENCE, Settling

ROLES = ("Alpha", "Beta", "Gamma", "Delta")


def text_of(names=ROLES, name: str = "production") -> str:
    roles = "".join(f'[[account.role]]\nname = "{role}"\nvia = "dev"\n' for role in names)
    return f'[[account]]\nid = "111122223333"\nname = "{name}"\n{roles}'


@pytest.fixture
def edited(tmp_path, world, monkeypatch):
    """`async with edited(text) as e`: a running screen over real files; `e.save(text)` writes the config as a person's editor would."""

    monkeypatch.setattr("tui_app.ui.watching.PAUSE", 0.1)

    @asynccontextmanager
    async def run(text: str):
        config = tmp_path / ".config/roledeck/config.toml"
        config.parent.mkdir(parents=True)
        config.write_text(text)
        environ = {"HOME": str(tmp_path), "TERM": "xterm-256color", "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"}
        broker, catalog = world.Broker(), load_catalog(environ)
        broker.catalog = catalog
        deck = Roledeck(
            backstage_of(SimpleNamespace(environ=environ, demo=None, catalog=catalog, broker=broker, door=world.Door())), look=Look()
        )
        lengths: list[int] = []
        deck.store.subscribe(lambda topic: lengths.append(len(deck.store.listing.keys)) if topic == "rows" else None)

        async with deck.run_test(size=(140, 40), notifications=True) as pilot:

            async def until(so, seconds: float = 15):
                end = time.monotonic() + seconds
                while not so():
                    assert time.monotonic() < end, "it never came about"
                    await pilot.pause()
                    await asyncio.sleep(0.02)
                await pilot.pause()

            await until(lambda: deck.watch is not None)
            yield SimpleNamespace(
                deck=deck, store=deck.store, config=config, home=tmp_path, until=until, pilot=pilot, broker=broker, lengths=lengths
            )

    return run


def keys(e) -> list[str]:
    return [key.removeprefix("production/") for key in e.store.listing.keys]


async def test_a_change_is_seen_and_cursor_marks_filter_and_tab_stay(edited):
    async with edited(text_of()) as e:
        e.store.set_query("a")
        e.store.move_to("production/Gamma")
        e.store.toggle_mark("production/Delta")
        e.store.favourites = ("production/Beta",)
        e.deck.show_tab("Chain")
        e.config.write_text(text_of(("Aaron", *ROLES)))
        await e.until(lambda: len(keys(e)) == 5)
        assert (e.store.cursor, e.store.marks, e.store.query) == ("production/Gamma", {"production/Delta"}, "a")
        assert e.deck.findings.tab == "Chain"
        assert "The files have changed; read again" in [note.text for note in e.store.activity]


async def test_a_role_that_is_gone_hands_the_cursor_to_its_neighbour_and_its_session_stays(edited, world):
    async with edited(text_of()) as e:
        e.store.move_to("production/Beta")
        session = world.session_of(e.store.roles["production/Beta"])
        e.broker.kept["production/Beta"] = session
        e.store.take_session(session)
        e.config.write_text(text_of(("Alpha", "Gamma", "Delta")))
        await e.until(lambda: len(keys(e)) == 3)
        assert e.store.cursor == "production/Gamma"
        assert [item.role_key for item in e.store.live_sessions()] == ["production/Beta"]


async def test_a_broken_version_keeps_the_last_good_one_and_says_where_until_it_is_mended(edited):
    async with edited(text_of()) as e:
        e.config.write_text(text_of() + "[[account.role]\n")
        await e.until(lambda: e.store.problems)
        assert keys(e) == list(ROLES)
        (problem,) = e.store.problems
        assert (problem.where.path, problem.where.line) == (str(e.config), 16)
        assert "What was read before stays in use." in problem.message
        assert e.deck.main.banner.display
        e.config.write_text(text_of(("Alpha",)))
        await e.until(lambda: not e.store.problems)
        assert keys(e) == ["Alpha"]
        assert not e.deck.main.banner.display
        assert e.store.activity[-1].text == "The files can be used again"


@pytest.mark.parametrize("broken", ["[profile b]\n".encode("utf-16"), b"", None])
def test_a_shared_file_that_cannot_be_read_any_more_keeps_the_last_good_one(tmp_path, broken):
    """PowerShell's `>` writes UTF-16. A file that is empty or gone is the user's own doing."""
    environ, config = {"HOME": str(tmp_path), "AWS_CONFIG_FILE": str(tmp_path / "config")}, tmp_path / "config"
    config.write_text("[profile a]\nrole_arn = arn:aws:iam::111122223333:role/A\nsource_profile = dev\n")
    good = load_catalog(environ)
    config.unlink()
    if broken is not None:
        config.write_bytes(broken)
    kept = last_good(good, load_catalog(environ))
    assert [role.key for role in kept.roles] == (["a"] if broken else [])


def test_a_shared_file_with_a_line_that_is_not_utf8_is_read_on_screen_as_everywhere(tmp_path):
    environ, config = {"HOME": str(tmp_path), "AWS_CONFIG_FILE": str(tmp_path / "config")}, tmp_path / "config"
    config.write_text("[profile a]\nrole_arn = arn:aws:iam::111122223333:role/A\nsource_profile = dev\n")
    good = load_catalog(environ)
    config.write_bytes(b"# na\xefve\n[profile b]\nrole_arn = arn:aws:iam::111122223333:role/B\nsource_profile = dev\n")
    kept = last_good(good, load_catalog(environ))
    assert [role.key for role in kept.roles] == ["b"]
    assert [problem.kind for problem in kept.problems] == ["not_utf8"]


def test_what_is_kept_has_the_stamps_of_now_so_that_a_broken_version_is_read_once(tmp_path):
    environ, config = {"HOME": str(tmp_path), "ROLEDECK_CONFIG": str(tmp_path / "config.toml")}, tmp_path / "config.toml"
    config.write_text(text_of())
    good = load_catalog(environ)
    config.write_text("[[[")
    kept = last_good(good, load_catalog(environ))
    assert kept.roles == good.roles
    assert all(stamp(one.path) == one for one in kept.stamps)


def rename_over(path, text):
    aside = path.with_suffix(".swp")
    aside.write_text(text)
    os.replace(aside, path)


def delete_and_create(path, text):
    path.unlink()
    time.sleep(0.15)
    path.write_text(text)


def truncate_and_write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        time.sleep(0.15)
        file.write(text)


def write_in_pieces(path, text):
    with open(path, "w", encoding="utf-8") as file:
        for line in text.splitlines(keepends=True):
            file.write(line)
            file.flush()
            time.sleep(0.02)


async def test_what_holds_from_the_start_only_says_so_until_it_is_taken_back(edited):
    async with edited(text_of()) as e:
        e.config.write_text('[storage]\nsessions = "memory"\n[aws]\nendpoint_url = "https://aws.example"\n' + text_of())
        await e.until(lambda: e.store.problems)
        assert [(problem.message, problem.where.line) for problem in e.store.problems] == [
            ("[storage] sessions has changed; roledeck goes on with file until it is started again.", 2),
            ("[aws] endpoint_url has changed; roledeck goes on with AWS itself until it is started again.", 4),
        ]
        e.config.write_text(text_of())
        await e.until(lambda: not e.store.problems)


def test_an_endpoint_of_the_environment_goes_before_that_of_the_files():
    assert wants_restart(Settings(), Settings(endpoint_url="https://aws.example"), {"ROLEDECK_ENDPOINT_URL": "https://mine.example"}) == ()


@pytest.mark.parametrize("save", [rename_over, delete_and_create, truncate_and_write, write_in_pieces])
async def test_however_an_editor_saves_the_list_is_never_empty_in_between(edited, save):
    async with edited(text_of()) as e:
        del e.lengths[:]
        await asyncio.to_thread(save, e.config, text_of((*ROLES, "Epsilon")))
        await e.until(lambda: len(keys(e)) == 5)
        assert set(e.lengths) <= {4, 5}
        assert not e.store.problems


async def test_a_shared_file_that_appears_is_seen_and_one_that_goes_too(edited):
    async with edited('include = ["~/team/*.toml"]\n' + text_of()) as e:
        (e.home / "team").mkdir()
        (e.home / "team/a.toml").write_text('[[account]]\nid = "222233334444"\nname = "other"\n[[account.role]]\nname = "R"\nvia = "dev"\n')
        await e.until(lambda: "other/R" in e.store.listing.keys)
        (e.home / "team/a.toml").unlink()
        await e.until(lambda: "other/R" not in e.store.listing.keys)


async def test_the_shared_config_is_watched_too(edited):
    async with edited(text_of()) as e:
        (e.home / ".aws").mkdir()
        (e.home / ".aws/config").write_text("[profile p]\nrole_arn = arn:aws:iam::111122223333:role/P\nsource_profile = dev\n")
        await e.until(lambda: "p" in e.store.listing.keys)


async def test_ctrl_r_reads_at_once_and_twice_in_a_row_is_no_fault(edited):
    async with edited(text_of()) as e:
        e.deck.watch.stop()
        e.config.write_text(text_of(("Alpha",)))
        await e.pilot.press("ctrl+r", "ctrl+r", "ctrl+r")
        await e.until(lambda: keys(e) == ["Alpha"])
        await e.until(lambda: e.deck.readings == 0)
        assert not e.store.problems


READ = (FileStamp("a", 1, 10, 1), FileStamp("b"))


def test_what_is_the_same_is_never_read_again():
    settling = Settling()
    assert not any(settling.settled(READ, READ) for _ in range(9))


@pytest.mark.parametrize(
    ("now", "looks"),
    [
        ((FileStamp("a", 2, 11, 1), FileStamp("b")), 2),
        ((FileStamp("a", 1, 10, 1), FileStamp("b", 5, 5, 5)), 2),
        ((FileStamp("a"), FileStamp("b")), PATIENCE + 1),
        ((FileStamp("a", 2, 0, 1), FileStamp("b")), PATIENCE + 1),
    ],
)
def test_a_change_is_believed_when_it_has_come_to_rest_and_a_loss_later(now, looks):
    settling = Settling()
    assert [settling.settled(READ, now) for _ in range(looks)] == [False] * (looks - 1) + [True]


def test_while_somebody_writes_nothing_is_read():
    settling = Settling()
    assert not any(settling.settled(READ, (FileStamp("a", moment, moment, 1), READ[1])) for moment in range(20, 40))
