"""Files that a team shares: which are read, what is taken from them, who wins, and what is seen when they change."""

from __future__ import annotations

import os

import pytest

from tui_app.catalog.chain import resolve_chain
from tui_app.catalog.load import load_catalog
from tui_app.catalog.stamps import stamp
from tui_app.catalog.user_config import read_user_config

ROLE = '[[account]]\nid = "111122223333"\nname = "{name}"\n[[account.role]]\nname = "{role}"\nvia = "dev"\n'


@pytest.fixture
def home(tmp_path):
    """Write files below the home folder; the environment that reads them."""

    class Home:
        path = tmp_path
        environ = {"HOME": str(tmp_path)}  # noqa: RUF012 - one for each test

        def write(self, name: str, text: str | bytes = "") -> str:
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode() if isinstance(text, str) else text)
            return str(path)

        def config(self, text: str) -> None:
            self.write(".config/roledeck/config.toml", text)

        def read(self):
            return read_user_config(self.environ)

        def catalog(self):
            return load_catalog(self.environ)

    return Home()


def role(name: str = "production", role: str = "Reader") -> str:
    return ROLE.format(name=name, role=role)


def kinds(problems) -> list[tuple[str, str, int]]:
    return [(problem.kind, os.path.basename(problem.where.path), problem.where.line) for problem in problems]


def test_files_are_found_by_home_by_star_and_beside_the_including_file(home):
    home.write("team/b.toml", role("b", "B"))
    home.write("team/a.toml", role("a", "A"))
    home.write("team/.hidden.toml", "not toml")
    home.write("team/readme.md", "not toml")
    home.write(".config/roledeck/near/c.toml", '[[account]]\nid = "222233334444"\n')
    home.config('include = ["~/team/*.toml", "near/c.toml"]\n')
    catalog = home.catalog()
    assert (catalog.problems, [item.key for item in catalog.roles]) == ((), ["a/A", "a/B"])
    assert [item.id for item in catalog.accounts] == ["111122223333", "222233334444"]


def test_a_role_of_a_shared_file_says_where_each_setting_stands(home):
    path = home.write("team/a.toml", "# ours\n" + role())
    home.config('include = ["~/team/a.toml"]\n')
    home.write(".aws/credentials", "[dev]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = x\n")
    catalog = home.catalog()
    (shared,) = catalog.roles
    assert {name: str(origin) for name, origin in shared.origins.items()} == {
        "role": f"{path}:5",
        "role_arn": f"{path}:6",
        "name": f"{path}:6",
        "via": f"{path}:7",
    }
    assert resolve_chain(catalog, shared).problems == ()


def test_config_toml_goes_first_then_config_d_then_what_is_included(home):
    home.write("team/a.toml", role("theirs") + 'external_id = "theirs"\n[environment.prod]\ncolor = "blue"\n')
    home.write(".config/roledeck/config.d/x.toml", role("fragment") + 'external_id = "fragment"\n')
    home.config('include = ["~/team/*.toml"]\n[environment.prod]\ncolor = "red"\n' + role("mine"))
    catalog = home.catalog()
    assert [(item.key, item.request.external_id) for item in catalog.roles] == [("mine/Reader", None)]
    assert catalog.settings.environments["prod"].color == "red"
    assert kinds(catalog.remarks) == [
        ("overridden", "x.toml", 3),
        ("overridden", "x.toml", 4),
        ("overridden", "a.toml", 8),
        ("overridden", "a.toml", 3),
        ("overridden", "a.toml", 4),
    ]
    assert "config.toml:6 too" in catalog.remarks[0].message


def test_the_first_of_two_shared_files_wins(home):
    home.write("team/1.toml", role("one"))
    home.write("team/2.toml", role("two"))
    home.config('include = ["~/team/2.toml", "~/team/1.toml"]\n')
    assert [item.key for item in home.catalog().roles] == ["two/Reader"]


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ('[aws]\nendpoint_url = "https://evil.example"\n', 1, '"aws" of the file'),
        ('[defaults]\nmfa_command = ["evil"]\n', 1, '"defaults" of the file'),
        ('[storage]\nsessions = "file"\n', 1, '"storage" of the file'),
        ('[keys]\n"role.forget" = "j"\n', 1, '"keys" of the file'),
        ('[shell]\nprogram = "/tmp/evil"\n', 1, '"shell" of the file'),
        ('[sso.hub]\nstart_url = "https://evil.example/start"\nregion = "eu-west-1"\n', 1, '"sso" of the file'),
        ('include = ["/etc/*"]\n', 1, '"include" of the file'),
        (role() + 'external_id_command = ["evil"]\n', 7, '"external_id_command" of a role'),
        ("[environment.prod]\nconfirm = false\n", 2, '"confirm" of an environment'),
        ('[[account]]\nid = "111122223333"\nconfirm = false\n', 3, '"confirm" of an account'),
    ],
)
def test_a_shared_file_runs_no_program_and_redirects_nothing(home, text, line, what):
    home.write("team/a.toml", text)
    home.config('include = ["~/team/a.toml"]\n[storage]\nsessions = "memory"\n')
    config = home.read()
    (problem,) = config.problems
    assert kinds([problem]) == [("not_shared", "a.toml", line)]
    assert what in problem.message
    assert (config.settings.endpoint_url, config.settings.mfa_command, config.settings.storage) == ("", (), "memory")
    assert (config.settings.keys, config.settings.shell, config.settings.sign_ins) == ({}, {}, {})
    assert not any("external_id_command" in item.values for account in config.accounts for item in account.values.get("role", ()))


def test_a_role_that_wanted_a_program_is_not_used_without_it(home):
    home.write("team/a.toml", role() + 'external_id_command = ["evil"]\n')
    home.config('include = ["~/team/a.toml"]\n')
    assert list(home.catalog().faults) == ["production/Reader"]


def test_a_fragment_of_ones_own_may_say_everything_and_include_too(home):
    home.write("team/a.toml", role())
    home.write(".config/roledeck/config.d/x.toml", 'include = ["~/team/a.toml"]\n[defaults]\nregion = "eu-west-1"\n')
    config = home.read()
    assert (config.problems, config.defaults.region, len(config.accounts)) == ((), "eu-west-1", 1)


def test_a_file_is_read_once_however_often_it_is_named(home):
    home.write("team/a.toml", role())
    (home.path / "team/link.toml").symlink_to("a.toml")
    home.config('include = [\n  "~/team/*.toml",\n  "~/team/a.toml",\n  "config.toml",\n  "../roledeck/*.toml",\n]\n')
    config = home.read()
    assert (config.problems, len(config.accounts)) == ((), 1)
    assert kinds(config.remarks) == [("included_twice", "config.toml", line) for line in (2, 3, 4, 5)]


def test_a_named_file_that_is_absent_is_a_problem_and_a_star_that_finds_nothing_is_none(home):
    home.config('include = [\n  "~/team/*.toml",\n  "~/team/a.toml",\n]\n')
    config = home.read()
    assert kinds(config.problems) == [("missing_include", "config.toml", 3)]
    assert kinds(config.remarks) == [("empty_include", "config.toml", 2)]


def test_what_is_no_file_is_refused_in_words_and_holds_nobody_up(home):
    team = home.path / "team"
    home.write("team/good.toml", role())
    (team / "folder.toml").mkdir()
    (team / "lost.toml").symlink_to("nowhere")
    os.mkfifo(team / "pipe.toml")
    with open(team / "huge.toml", "wb") as file:
        file.truncate(17 << 20)
    home.config('include = ["~/team/*.toml", "/dev/zero"]\n')
    config = home.read()
    said = {os.path.basename(problem.where.path): problem.message.rpartition("team/")[2] for problem in config.problems}
    assert said["folder.toml"] == "This is a folder, not a file."
    assert said["pipe.toml"] == "This is not a regular file."
    assert said["huge.toml"] == "This is larger than 16 MiB."
    assert said["lost.toml"] == "There is no such file."
    assert said["zero"] == "This is not a regular file."
    assert len(config.problems) == 5
    assert len(config.accounts) == 1
    assert all("It is included at" in problem.mend for problem in config.problems if problem.kind == "unreadable")


def test_a_path_that_no_system_takes_is_a_bad_value(home):
    home.config('include = ["\\u0000"]\n')
    assert kinds(home.read().problems) == [("bad_value", "config.toml", 1)]


def test_all_problems_of_shared_files_come_with_those_of_the_others(home):
    home.write("team/a.toml", '[[account]]\nid = "1"\n[[account.role]]\nvia = 2\n')
    home.write("team/b.toml", "[[[\n")
    home.write("team/c.toml", b"\xff\n")
    home.write(".config/roledeck/config.d/x.toml", "colour = 1\nother = 2\n")
    home.config('include = ["~/team/*.toml"]\nnonsense = 1\n')
    assert kinds(home.read().problems) == [
        ("unknown_key", "config.toml", 2),
        ("unknown_key", "x.toml", 1),
        ("unknown_key", "x.toml", 2),
        ("bad_value", "a.toml", 2),
        ("bad_value", "a.toml", 4),
        ("missing_setting", "a.toml", 3),
        ("syntax", "b.toml", 1),
        ("not_text", "c.toml", 1),
    ]


def test_a_file_that_appears_changes_or_goes_is_seen(home):
    home.write("team/one/a.toml", role())
    home.config('include = ["~/team/*/*.toml", "~/later.toml", "~/other/*.toml"]\n')

    def changed(do) -> bool:
        stamps = home.read().stamps
        assert all(stamp(one.path) == one for one in stamps)
        do()
        return any(stamp(one.path) != one for one in stamps)

    assert changed(lambda: home.write("team/one/b.toml"))
    assert changed(lambda: home.write("team/two/c.toml"))
    assert changed(lambda: home.write("team/one/a.toml", role(role="Other")))
    assert changed((home.path / "team/one/b.toml").unlink)
    assert changed(lambda: home.write("later.toml"))
    assert changed(lambda: home.write("other/d.toml"))


def test_a_pattern_that_means_everything_is_cut_off_in_words(home, monkeypatch):
    monkeypatch.setattr("tui_app.catalog.includes.LIMIT", 3)
    for number in range(5):
        home.write(f"team/{number}.toml")
    home.config('include = ["~/team/*.toml"]\n')
    (problem,) = home.read().problems
    assert problem.message.endswith("means 5 files, and only 3 are read.")


def test_the_line_of_a_wrong_item_of_a_list_is_its_own(home):
    home.config('[explorer]\nregions = [\n  "eu-west-1",\n  "Frankfurt",\n]\n[keys]\n\n"role.renew" = "n"\n')
    config = home.read()
    assert kinds(config.problems) == [("bad_value", "config.toml", 4)]
    assert config.settings.origins["keys.role.renew"].line == 8


@pytest.mark.parametrize("text", ['storage = "memory"\n', "storage = 3\n"])
def test_a_storage_that_is_no_table_keeps_nothing_on_disk(home, text):
    home.config(text)
    assert home.read().settings.storage == "memory"


def test_an_aws_table_that_is_none_is_never_quietly_left_out(home):
    home.config('aws = "https://elsewhere.example"\n')
    assert home.read().settings.endpoint_url == "https://elsewhere.example"
