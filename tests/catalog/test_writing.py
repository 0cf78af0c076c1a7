"""Files of ours in config.d: whole or not at all, private, and never over somebody's own."""

from __future__ import annotations

import os
import stat
import threading
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_app.catalog.load import load_catalog
from tui_app.catalog.writing import MARK, change_fragment, fragment_text, write_fragment
from tui_app.errors import ConfigUnusable, RoledeckError, UsageError

ACCOUNT = {"id": "111122223333", "name": "production"}
TABLES = {"account": [{**ACCOUNT, "role": [{"name": "Reader", "via": "dev"}]}]}


@pytest.fixture
def environ(tmp_path):
    return {"HOME": str(tmp_path)}


def mode(path: str) -> int:
    return stat.S_IMODE(os.stat(path).st_mode)


def content(path: str) -> str:
    with open(path, encoding="utf-8") as file:
        return file.read()


def test_what_is_written_is_read_by_the_next_start(environ):
    path = write_fragment(environ, "import", TABLES)
    assert path.endswith(".config/roledeck/config.d/import.toml")
    assert (mode(path), mode(os.path.dirname(path))) == (0o600, 0o700)
    catalog = load_catalog(environ)
    assert (catalog.problems, [role.key for role in catalog.roles]) == ((), ["production/Reader"])
    assert catalog.roles[0].origins["via"].line == 9


def test_it_is_written_as_a_person_would(environ):
    tables = {
        "account": [{**ACCOUNT, "tags": {"team a": "x"}, "regions": ("eu-west-1",), "role": [{"name": "R", "tags": {"k": "v"}}]}],
        "environment": {"prod": {"color": "red"}},
    }
    assert fragment_text(tables).split("\n", 1)[1] == (
        '\n[[account]]\nid = "111122223333"\nname = "production"\ntags = { "team a" = "x" }\nregions = ["eu-west-1"]\n'
        '\n  [[account.role]]\n  name = "R"\n  tags = { k = "v" }\n'
        '\n[environment.prod]\ncolor = "red"\n'
    )


TEXTS = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), min_size=1, max_size=30)


@given(TEXTS.filter(str.strip), TEXTS.filter(str.strip), TEXTS)
def test_every_text_reads_back_as_it_was(name, via, description):
    tables = {"account": [{"id": "111122223333", "name": name, "role": [{"name": "R", "via": via, "description": description}]}]}
    assert tomllib.loads(fragment_text(tables)) == tables


@pytest.mark.parametrize("text", ["a\ud800b", "a\0b"])
@pytest.mark.parametrize("where", ["name", "tag", "key"])
def test_a_text_that_no_file_keeps_is_refused_before_anything_is_opened(environ, text, where):
    tags = {text: "x"} if where == "key" else {"x": text if where == "tag" else "y"}
    account = {**ACCOUNT, "name": text if where == "name" else "n", "tags": tags}
    with pytest.raises(UsageError, match="a file cannot keep"):
        write_fragment(environ, "import", {"account": [account]})
    assert not any(files for _, _, files in os.walk(environ["HOME"]))


@pytest.mark.parametrize("tables", [{"colour": 1}, {"account": [{"id": "1"}]}, {"account": [{**ACCOUNT, "role": [{"name": "a b"}]}]}])
def test_what_the_next_start_would_refuse_is_not_written_and_the_old_file_stays(environ, tables):
    path = write_fragment(environ, "import", TABLES)
    before = content(path)
    with pytest.raises(ConfigUnusable, match="What would be written cannot be used"):
        write_fragment(environ, "import", tables)
    assert content(path) == before
    assert os.listdir(os.path.dirname(path)) == ["import.toml"]


def test_a_file_of_ours_is_replaced_and_a_persons_own_is_not(environ):
    path = write_fragment(environ, "import", TABLES)
    write_fragment(environ, "import", {"account": [ACCOUNT]})
    assert load_catalog(environ).roles == ()
    with open(path, "w", encoding="utf-8") as file:
        file.write("# mine\n")
    with pytest.raises(UsageError, match="was not written by roledeck"):
        write_fragment(environ, "import", TABLES)
    assert content(path) == "# mine\n"


@pytest.mark.parametrize("name", ["", ".", "..", "../x", "a/b", "a.toml", "-x", "é", "x" * 65, "a\n"])
def test_a_name_that_could_lead_elsewhere_is_none(environ, name):
    with pytest.raises(UsageError, match="cannot be the name"):
        write_fragment(environ, name, TABLES)


def test_a_link_is_followed_to_a_file_of_ours_only(environ, tmp_path):
    path = write_fragment(environ, "import", TABLES)
    elsewhere = tmp_path / "dotfiles.toml"
    os.rename(path, elsewhere)
    os.symlink(elsewhere, path)
    write_fragment(environ, "import", {"account": [ACCOUNT]})
    assert os.path.islink(path)
    assert "Reader" not in elsewhere.read_text(encoding="utf-8")
    elsewhere.write_text("precious\n", encoding="utf-8")
    with pytest.raises(UsageError, match="was not written by roledeck"):
        write_fragment(environ, "import", TABLES)
    elsewhere.unlink()
    with pytest.raises(ConfigUnusable, match="is not there"):
        write_fragment(environ, "import", TABLES)
    assert not elsewhere.exists()


def test_a_folder_in_its_place_and_a_broken_file_of_ours_are_left_alone(environ):
    path = write_fragment(environ, "import", TABLES)
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"{MARK}\n[[[")
    with pytest.raises(ConfigUnusable, match="is not TOML any more"):
        write_fragment(environ, "import", TABLES)
    os.unlink(path)
    os.mkdir(path)
    with pytest.raises(ConfigUnusable, match="is a folder"):
        write_fragment(environ, "import", TABLES)


def test_a_folder_that_others_may_write_is_closed_to_them(environ):
    folder = os.path.dirname(write_fragment(environ, "import", TABLES))
    os.chmod(folder, 0o777)
    write_fragment(environ, "import", TABLES)
    assert mode(folder) == 0o755


def test_without_a_place_to_write_it_says_so(environ):
    with open(environ["HOME"] + "/.config", "w", encoding="utf-8"):
        pass
    with pytest.raises(RoledeckError, match="cannot be written"):
        write_fragment(environ, "import", TABLES)
    with pytest.raises(UsageError, match="no folder beside it"):
        write_fragment({**environ, "ROLEDECK_CONFIG": "/dev/null"}, "import", TABLES)


def test_a_full_disk_leaves_the_old_file_and_no_leftovers(environ, monkeypatch):
    path = write_fragment(environ, "import", TABLES)

    def full(fd):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(RoledeckError, match="no space left"):
        write_fragment(environ, "import", {"account": [ACCOUNT]})
    assert os.listdir(os.path.dirname(path)) == ["import.toml"]
    assert len(load_catalog(environ).roles) == 1


def test_two_that_add_at_once_take_turns(environ):
    def add(number: int) -> None:
        def more(tables):
            return {"account": [*tables.get("account", []), {"id": f"{number:012}"}]}

        change_fragment(environ, "added", more)

    threads = [threading.Thread(target=add, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(account.id for account in load_catalog(environ).accounts) == [f"{number:012}" for number in range(12)]
