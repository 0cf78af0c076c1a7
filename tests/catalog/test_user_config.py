from __future__ import annotations

import os
import tomllib

import pytest

from tui_app import paths
from tui_app.catalog.load import load_catalog
from tui_app.catalog.schema import TOP
from tui_app.catalog.settings import EnvironmentSettings
from tui_app.catalog.user_config import read_user_config

ACCOUNT = '[[account]]\nid = "111122223333"\nname = "production"\n'


@pytest.fixture
def write(tmp_path):
    def to(text: str | bytes, name: str = "config.toml"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return {"HOME": str(tmp_path), "ROLEDECK_CONFIG": str(tmp_path / "config.toml")}

    return to


def found(config) -> list[tuple[str, int]]:
    return [(problem.kind, problem.where.line) for problem in config.problems]


def test_the_sample_has_every_setting_and_no_problem():
    with open(paths.sample("roledeck.example.toml"), "rb") as file:
        sample = tomllib.load(file)
    config = read_user_config({"HOME": "/nowhere"}, paths.sample("roledeck.example.toml"))
    assert config.problems == ()
    assert missing(sample, TOP) == set()


def missing(table, settings) -> set[str]:
    tables = table if isinstance(table, list) else [table]
    absent = set(settings) - {name for one in tables for name in one}
    for name, setting in settings.items():
        below = [one[name] for one in tables if name in one]
        if setting.kind == "named tables":
            below = [named for one in below for named in one.values()]
        if setting.settings and below:
            flat = [each for one in below for each in (one if isinstance(one, list) else [one])]
            absent |= missing(flat, setting.settings)
    return absent


def test_an_unknown_key_is_refused_with_its_line_and_the_nearest_known_one(write):
    config = read_user_config(write('# mine\n[defaults]\nregion = "eu-west-1"\nduraton = "1h"\n'))
    (problem,) = config.problems
    assert (problem.kind, problem.where.line) == ("unknown_key", 4)
    assert problem.message == '"duraton" is not a setting of [defaults].'
    assert problem.mend == 'Did you mean "duration"?'
    assert config.defaults.region == "eu-west-1"


def test_all_problems_of_all_files_at_once(write):
    write('[[account]]\nid = "1"\n', "config.d/a.toml")
    write("[defaults\n", "config.d/b.toml")
    config = read_user_config(write('colour = 1\n[defaults]\nmfa = "sometimes"\n' + ACCOUNT + "[[account.role]]\nvia = 3\n"))
    assert [(os.path.basename(problem.where.path), problem.kind, problem.where.line) for problem in config.problems] == [
        ("config.toml", "unknown_key", 1),
        ("config.toml", "bad_value", 3),
        ("config.toml", "bad_value", 8),
        ("config.toml", "missing_setting", 7),
        ("a.toml", "bad_value", 2),
        ("b.toml", "syntax", 1),
    ]


@pytest.mark.parametrize(
    ("setting", "wants"),
    [
        ('name = ""', "A role's name has 1 to 64"),
        ('name = "with space"', "A role's name"),
        (f'name = "{"x" * 65}"', "A role's name has 1 to 64"),
        (f'name = "{"x/" * 300}y"', "A role's path has up to 512"),
        ('external_id = "x"', "An external id has 2 to 1224"),
        ('external_id = "no spaces"', "An external id"),
        ('external_id_command = "pass x"', "a list of texts"),
        ('external_id_command = [""]', "It may not be empty."),
        ('duration = "10m"', "A duration is 15m to 12h"),
        ('duration = "13h"', "A duration is 15m to 12h"),
        ('duration = "soon"', "A duration is 15m to 12h"),
        ("duration = 1.5", 'A duration is written "15m"'),
        ("duration = true", 'A duration is written "15m"'),
        ('mfa_serial = "arn:aws:iam::444455556666:user/DevUser"', "This is a user's ARN; a device's has :mfa/"),
        ('mfa_serial = "arn:aws:iam::4444:mfa/DevUser"', "An MFA device is arn:aws:iam::ACCOUNT:mfa/NAME"),
        ('mfa_serial = "short"', "An MFA serial has 9 to 256"),
        ('session_name = "{who}"', "A session name may use {user}"),
        ('source_identity = "aws:me"', "A source identity has 2 to 64"),
        ("tags = { a = 1 }", "a table of texts"),
        ("tags = { a = 'x', A = 'y' }", "The keys of tags differ in more than capitals."),
        (f"tags = {{ a = '{'x' * 257}' }}", "A tag's key has 1 to 128"),
        (f"transitive_tags = [{', '.join(repr(str(n)) for n in range(51))}]", "There may be 50 of them."),
        ("policy = 'not json'", "A session policy is JSON"),
        (f"policy = '{'[' * 2000}'", "A session policy is JSON"),
        (f"policy = '\"{'x' * 2048}\"'", "at most 2048"),
        ("policy = '[]'", "A session policy is a JSON object."),
        ("policy_arns = ['ReadOnlyAccess']", "A managed policy is arn:aws:iam"),
        ('regions = ["Frankfurt"]', "A region is written like eu-west-1."),
        ('regions = "eu-west-1"', "a list of texts"),
        ('mfa = "sesion"', 'Did you mean "session"?'),
    ],
)
def test_values_are_held_against_awss_limits(write, setting, wants):
    named = "" if setting.startswith("name") else 'name = "Reader"\n'
    config = read_user_config(write(f"{ACCOUNT}[[account.role]]\n{named}{setting}\n"))
    (problem,) = [problem for problem in config.problems if problem.kind == "bad_value"]
    assert wants in problem.message
    assert problem.where.line == (6 if named else 5)


@pytest.mark.parametrize(
    ("setting", "wants"),
    [
        ("id = 111122223333", "a text in quotes"),
        ('id = "1111"', "An account id has 12 digits."),
        ('id = "111122223333"\nalias = "No"', "An account alias"),
        ('id = "111122223333"\npartition = "aws-gov"', 'Did you mean "aws-us-gov"?'),
        ('id = "111122223333"\nconfirm = "yes"', "true or false"),
        ('id = "111122223333"\nrole = "x"', "a list of tables: [[account.role]]"),
    ],
)
def test_accounts_are_checked_too(write, setting, wants):
    config = read_user_config(write(f"[[account]]\n{setting}\n"))
    assert wants in config.problems[0].message


@pytest.mark.parametrize("endpoint", ["http://example.com", "ftp://x", "http://127.0.0.1.example.com", "http://localhost@example.com"])
def test_an_endpoint_elsewhere_is_a_problem_and_never_quietly_left_out(write, endpoint):
    config = read_user_config(write(f'[aws]\nendpoint_url = "{endpoint}"\n'))
    assert found(config) == [("bad_value", 2)]
    assert config.settings.endpoint_url == endpoint


@pytest.mark.parametrize("endpoint", ["https://sts.example.com", "http://127.0.0.1:5000", "http://localhost:1/x", "http://[::1]:80"])
def test_endpoints_that_may_be_used(write, endpoint):
    config = read_user_config(write(f'[aws]\nendpoint_url = "{endpoint}"\n'))
    assert (config.problems, config.settings.endpoint_url) == ((), endpoint)


@pytest.mark.parametrize("text", ['[storage]\nsessions = "memry"\n', "[storage]\nsesions = 'memory'\n", "[[[\n", b"\xff\xfe"])
def test_what_would_say_where_sessions_are_kept_cannot_be_read_so_nothing_is_kept_on_disk(write, text):
    config = read_user_config(write(text))
    assert config.problems
    assert config.settings.storage == "memory"


def test_without_a_file_everything_is_as_usual(tmp_path):
    config = read_user_config({"HOME": str(tmp_path)})
    assert (config.problems, config.settings.storage, config.defaults.mfa_session) == ((), "file", 28800)
    assert [stamp.path for stamp in config.stamps] == [f"{tmp_path}/.config/roledeck/{name}" for name in ("config.toml", "config.d")]


def test_a_file_that_was_named_and_is_absent_is_a_problem(tmp_path):
    config = read_user_config({"HOME": str(tmp_path), "ROLEDECK_CONFIG": str(tmp_path / "none.toml")})
    assert [problem.kind for problem in config.problems] == ["unreadable"]


@pytest.mark.parametrize(
    ("text", "line"), [("[defaults]\nregion = \n", 2), ("a = 1\na = 2\n", 2), ('[defaults]\n\nregion = "x', 3), ("x = " + "[" * 5000, 1)]
)
def test_a_syntax_error_has_its_line(write, text, line):
    assert found(read_user_config(write(text))) == [("syntax", line)]


def test_the_shared_config_still_works_beside_a_broken_file(write, tmp_path):
    environ = write("[defaults\n")
    (tmp_path / "aws").write_text("[profile a]\nrole_arn = arn:aws:iam::111122223333:role/x\nsource_profile = b\n")
    catalog = load_catalog({**environ, "AWS_CONFIG_FILE": str(tmp_path / "aws")})
    assert [role.key for role in catalog.roles] == ["a"]
    assert [problem.kind for problem in catalog.problems] == ["syntax"]


def test_the_settings_of_all_tables(write):
    config = read_user_config(
        write(
            '[defaults]\nmfa_command = ["oath"]\nmfa_session = "12h"\n[keys]\n"session.renew" = "n"\n[theme]\nname = "light"\n'
            '[shell]\nprogram = "/bin/fish"\n[explorer]\nregions = ["eu-west-1"]\n[environment.prod]\ncolor = "red"\nconfirm = true\n'
        )
    )
    assert config.problems == ()
    assert config.settings.mfa_command == config.defaults.mfa_command == ("oath",)
    assert config.defaults.mfa_session == 43200
    assert config.settings.environments == {"prod": EnvironmentSettings("prod", "red", confirm=True)}
    assert (config.settings.keys, config.settings.theme) == ({"session.renew": "n"}, {"name": "light"})
    assert (config.settings.shell, config.settings.explorer) == ({"program": "/bin/fish"}, {"regions": ("eu-west-1",)})
    assert config.settings.origins["theme.name"].line == 7


@pytest.mark.parametrize(("said", "seconds"), [('"10s"', 10), ('"2s"', 2), ("45", 45), ('"1h"', 3600)])
def test_the_time_between_reloads_is_a_duration(write, said, seconds):
    config = read_user_config(write(f"[explorer]\nreload = {said}\n"))
    assert (config.problems, config.settings.explorer) == ((), {"reload": seconds})


@pytest.mark.parametrize("said", ['"1s"', "0", "-4", '"2h"', '"soon"', "true", "1.5", '""', '["10s"]'])
def test_a_time_between_reloads_that_is_none_is_said_with_its_line(write, said):
    config = read_user_config(write(f"[explorer]\nreload = {said}\n"))
    (problem,) = config.problems
    assert problem.where.line == 2
    assert not config.settings.explorer.get("reload")


def test_fragments_add_and_the_main_file_wins(write):
    write('[defaults]\nregion = "us-east-1"\nduration = "2h"\n', "config.d/b.toml")
    write('[defaults]\nduration = "3h"\n', "config.d/a.toml")
    write("not toml", "config.d/readme.txt")
    config = read_user_config(write('[defaults]\nregion = "eu-west-1"\n'))
    assert (config.defaults.region, config.defaults.duration, config.problems) == ("eu-west-1", 3 * 3600, ())
    assert config.defaults.origins["duration"].path.endswith("config.d/a.toml")
