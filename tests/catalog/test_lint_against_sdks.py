"""What lint says of other tools, held against those tools: botocore always, the JavaScript SDK where node has it."""

from __future__ import annotations

import json
import os
import pathlib
import random
import shutil
import subprocess

import botocore.configloader
import botocore.exceptions
import botocore.session
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.catalog.sdk_specification import read_by_specification
from tui_app.catalog.lint.known_settings import SDK_SETTINGS
from tui_app.catalog.lint.run import lint
from tui_app.catalog.load import load_catalog

NODE_MODULES = pathlib.Path(__file__).parents[2] / ".node" / "node_modules"
REFUSED, ABSENT = "the file is refused", None
READ_ALL = """
const load = name => { try { return require(name) } catch { return {} } };
const { parseKnownFiles } = { ...load("@smithy/shared-ini-file-loader"), ...load("@smithy/core/config") };
const folders = JSON.parse(require("fs").readFileSync(0, "utf8"));
(async () => {
  const read = [];
  for (const folder of folders) {
    read.push(await parseKnownFiles({ filepath: folder + "/credentials", configFilepath: folder + "/config" }));
  }
  console.log(JSON.stringify(read));
})();
"""

A = "[profile a]\n"
ROLE = "role_arn = arn:aws:iam::111122223333:role/X\n"

# config, credentials, the rule and its line, whose setting, and what is read of it by: roledeck, botocore, JavaScript
CASES = {
    "duplicate section": (A + "x = 1\n[profile a]\ny = 2\n", "", "duplicate_section", 3, ("a", "x"), "1", REFUSED, "1"),
    "duplicate setting": (A + "region = 1\nregion = 2\n", "", "duplicate_setting", 3, ("a", "region"), "2", REFUSED, "2"),
    "inline comment": (A + "region = x # y\n", "", "inline_comment", 2, ("a", "region"), "x", "x # y", "x"),
    "byte order mark": ("\ufeff" + A + "region = x\n", "", "byte_order_mark", 1, ("a", "region"), "x", REFUSED, "x"),
    "DEFAULT": ("[DEFAULT]\nregion = x\n" + A + "b = c\n", "", "default_in_capitals", 1, ("a", "region"), ABSENT, "x", ABSENT),
    "both defaults": (
        *("[profile default]\nregion = x\n[default]\nregion = y\n", "", "two_defaults", 3),
        *(("default", "region"), "x", "y", "x"),
    ),
    "no prefix": ("[a]\nregion = x\n", "", "not_a_profile", 1, ("a", "region"), ABSENT, ABSENT, ABSENT),
    "prefix in credentials": ("", A + "region = x\n", "prefix_in_credentials", 1, ("profile a", "region"), ABSENT, "x", ABSENT),
    "padded name": ("[ profile a ]\nregion = x\n", "", "padded_section", 1, ("a", "region"), "x", ABSENT, ABSENT),
    "two spaces": ("[profile  a]\nregion = x\n", "", "section_spacing", 1, ("a", "region"), "x", "x", ABSENT),
    "space behind": ("[profile a ]\nregion = x\n", "", "section_spacing", 1, ("a", "region"), "x", "x", ABSENT),
    "comment at the bracket": ("[profile a]# c\nregion = x\n", "", "comment_at_section", 1, ("a", "region"), "x", "x", ABSENT),
    "section in a value": (
        *(A + "output = x\n  [profile b]\nregion = y\n", "", "continued_value", 2),
        *(("a", "region"), "y", "y", ABSENT),
    ),
    "quoted name": ('[profile "a"]\nregion = x\n', "", "quoted_section_name", 1, ("a", "region"), "x", "x", "x"),
    "name with a space": ('[profile "a b"]\nregion = x\n', "", "name_outside_specification", 1, ("a b", "region"), "x", "x", ABSENT),
    "half a quote": ("[profile o'brien]\nregion = x\n", "", "bad_section_name", 1, ("o'brien", "region"), ABSENT, ABSENT, ABSENT),
    "colon": (A + "region: x\n", "", "colon", 2, ("a", "region"), "x", "x", ABSENT),
    "colon before equals": (A + "a:b = c\n", "", "colon_before_equals", 2, ("a", "a"), "b = c", "b = c", ABSENT),
    "quotes": (A + 'region = "x"\n', "", "quotes_in_value", 2, ("a", "region"), '"x"', '"x"', '"x"'),
    "empty": (A + "role_arn =\n", "", "empty_value", 2, ("a", "role_arn"), "", "", ABSENT),
    "capitals": (A + "Region = x\n", "", "capitals_in_setting", 2, ("a", "region"), "x", "x", ABSENT),
    "continued": (
        *(A + "output = x\n  region = y\n", "", "continued_value", 2),
        *(("a", "region"), ABSENT, ABSENT, "y"),
    ),
    "indented": ("[profile a]\n  region = x\n", "", "indented_setting", 2, ("a", "region"), "x", "x", "x"),
    "comment in a block": (A + "s3 =\n  b = c # d\n", "", "comment_in_block", 3, ("a", "s3"), "\nb = c # d", {"b": "c # d"}, ABSENT),
    "block for a value": (A + "region =\n  b = c\n", "", "nested_value", 2, ("a", "region"), "\nb = c", {"b": "c"}, ABSENT),
    "line without equals": (A + "region\n", "", "no_equals", 2, ("a", "region"), ABSENT, REFUSED, ABSENT),
    "before any section": ("region = x\n" + A + "b = c\n", "", "outside_section", 1, ("a", "region"), ABSENT, REFUSED, ABSENT),
    "comment below a setting": (A + "region = x\n  # y\n", "", "indented_comment", 3, ("a", "region"), "x", "x", "x"),
    "comment below a section": (A + "\t; y\nregion = x\n", "", "indented_comment", 2, ("a", "region"), "x", "x", "x"),
    "carriage return": (A + "region = x\routput = y\n", "", "old_line_end", 2, ("a", "output"), "y", "y", ABSENT),
}


def environment(folder) -> dict[str, str]:
    names = {"AWS_CONFIG_FILE": "config", "AWS_SHARED_CREDENTIALS_FILE": "credentials"}
    return {"HOME": str(folder), **{name: str(folder / file) for name, file in names.items()}}


def write(folder, config, credentials):
    folder.mkdir(exist_ok=True)
    for name, text in (("config", config), ("credentials", credentials)):
        (folder / name).write_bytes(text.encode())
    return environment(folder)


def found(environ) -> list[tuple[str, int]]:
    return [(finding.rule, finding.where.line) for finding in lint(load_catalog(environ), environ, 0.0)]


def botocore_profiles(environ):
    """Profile → settings as botocore has them; None where it refuses a file."""
    session = botocore.session.Session()
    session.set_config_variable("config_file", environ["AWS_CONFIG_FILE"])
    session.set_config_variable("credentials_file", environ["AWS_SHARED_CREDENTIALS_FILE"])
    try:
        botocore.configloader.raw_config_parse(environ["AWS_SHARED_CREDENTIALS_FILE"])
        return session.full_config["profiles"]
    except botocore.exceptions.ConfigParseError:
        return None


def roledeck_profiles(environ):
    return {
        name: {setting: value[0] for setting, value in section.values.items()}
        for name, section in load_catalog(environ).shared.profiles.items()
    }


@pytest.fixture(scope="module")
def node(tmp_path_factory):
    """What the JavaScript SDK reads of the files in each folder, all in one run."""
    program = shutil.which("node")
    if not program or not (NODE_MODULES / "@aws-sdk" / "client-sts").exists():
        pytest.skip("needs node with @aws-sdk/client-sts")
    environ = {"PATH": os.environ["PATH"], "NODE_PATH": str(NODE_MODULES), "HOME": str(tmp_path_factory.mktemp("nobody"))}

    def read(folders):
        given = json.dumps([str(folder) for folder in folders])
        done = subprocess.run([program, "-e", READ_ALL], input=given, env=environ, capture_output=True, text=True, check=True, timeout=60)
        return json.loads(done.stdout)

    return read


@pytest.fixture(scope="module")
def javascript(node, tmp_path_factory):
    """What the JavaScript SDK reads of each case."""
    folders = {}
    for number, (name, (config, credentials, *_)) in enumerate(CASES.items()):
        folders[name] = tmp_path_factory.mktemp(f"case{number}")
        write(folders[name], config, credentials)
    return dict(zip(folders, node(folders.values()), strict=True))


@pytest.mark.parametrize("name", CASES)
def test_the_rule_is_found_at_its_line(tmp_path, name):
    config, credentials, rule, line, *_ = CASES[name]
    assert (rule, line) in found(write(tmp_path, config, credentials))


@pytest.mark.parametrize("name", CASES)
def test_roledeck_and_botocore_read_what_the_table_says(tmp_path, name):
    config, credentials, _, _, (profile, setting), ours, theirs, _ = CASES[name]
    environ = write(tmp_path, config, credentials)
    assert roledeck_profiles(environ).get(profile, {}).get(setting) == ours
    read = botocore_profiles(environ)
    assert (REFUSED if read is None else read.get(profile, {}).get(setting)) == theirs


@pytest.mark.parametrize("name", CASES)
def test_the_javascript_sdk_reads_what_the_table_says(javascript, name):
    *_, (profile, setting), _, _, theirs = CASES[name]
    assert javascript[name].get(profile, {}).get(setting) == theirs


LINES = (
        "[profile a]", "[profile b]", "[ profile c]", "[profile  d]", '[profile "e"]', '[profile "f g"]', "[default]", "[profile default]",
        "[DEFAULT]", "[a]", "[profile h] # i", "[sso-session j]", "region = x", "region=y", "Output = z", "output: w", "a:b = c", "s3 =",
        "  k = l", "  m", "  n = o # p", "role_arn =", "q = r # s", "t = u;v", "# w", "", "  ; x", 'y = "z"', "stray", " region = 1",
)  # fmt: skip


def test_where_the_javascript_sdk_reads_something_else_there_is_a_finding(node, tmp_path):
    chance = random.Random(20)
    environs = [write(tmp_path / str(number), A + "\n".join(chance.choices(LINES, k=chance.randint(1, 3))), "") for number in range(600)]
    theirs = node([os.path.dirname(environ["AWS_CONFIG_FILE"]) for environ in environs])
    differing = [environ for environ, read in zip(environs, theirs, strict=True) if _profiles(read) != _as_javascript(environ)]
    assert len(differing) > 100
    assert [pathlib.Path(environ["AWS_CONFIG_FILE"]).read_text() for environ in differing if not found(environ)] == []


def test_where_the_specification_reads_something_else_or_refuses_there_is_a_finding(tmp_path):
    chance = random.Random(21)
    silent = []
    for number in range(600):
        environ = write(tmp_path / str(number), A + "\n".join(chance.choices(LINES, k=chance.randint(1, 3))), "")
        config = pathlib.Path(environ["AWS_CONFIG_FILE"]).read_text()
        reading = read_by_specification(config, "")
        if (reading.error or reading.profiles != roledeck_profiles(environ)) and not found(environ):
            silent.append((config, reading.error))
    assert silent == []


def _profiles(read):
    return {name: settings for name, settings in read.items() if not name.startswith(("sso-session.", "services."))}


def _as_javascript(environ):
    """Our reading in JavaScript's shape: no empty values, blocks as `parent.child`."""
    flat = {name: _flat(settings) for name, settings in roledeck_profiles(environ).items()}
    shaped = {name: dict(_dotted(settings)) for name, settings in flat.items()}
    return {name: settings for name, settings in shaped.items() if settings}


def _dotted(settings):
    for name, value in settings.items():
        if isinstance(value, dict):
            yield from ((f"{name}.{inner}", text) for inner, text in value.items())
        elif value:
            yield name, value


@given(st.lists(st.sampled_from(LINES), max_size=9))
def test_where_botocore_reads_something_else_there_is_a_finding(tmp_path_factory, lines):
    environ = write(tmp_path_factory.getbasetemp() / "generated", "\n".join(lines), "")
    theirs, ours = botocore_profiles(environ), roledeck_profiles(environ)
    flat = None if theirs is None else {name: _flat(settings) for name, settings in theirs.items()}
    if flat != {name: _flat(settings) for name, settings in ours.items()}:
        assert found(environ) != []


def _flat(settings):
    """Blocks as botocore has them: a mapping."""
    return {
        name: {key.strip(): rest.strip() for key, _, rest in (line.partition("=") for line in value.strip().splitlines())}
        if isinstance(value, str) and value.startswith("\n")
        else value
        for name, value in settings.items()
    }


REFUSALS = {
    "both_sources": (A + ROLE + "source_profile = b\ncredential_source = Environment\n", 4, "contains both"),
    "missing_source": (A + ROLE, 2, "source_profile or credential_source"),
    "source_not_there": (A + ROLE + "source_profile = nobody\n", 3, "does not exist"),
    "source_is_itself": (A + ROLE + "source_profile = a\n", 3, "Infinite loop"),
    "source_without_credentials": (A + ROLE + "source_profile = b\n[profile b]\nregion = eu-west-1\n", 3, "must have credentials"),
    "loop": (A + ROLE + "source_profile = b\n[profile b]\n" + ROLE + "source_profile = a\n", 3, "Infinite loop"),
    "unknown_source": (A + ROLE + "credential_source = environment\n", 3, "is not valid"),
    "partial_keys": (A + "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\n", 2, "Partial credentials"),
    "sso_session_missing": (A + "sso_session = b\nsso_account_id = 111122223333\nsso_role_name = X\n", 2, "does not exist"),
    "sso_incomplete": (A + "sso_account_id = 111122223333\n", 2, "missing"),
    "sso_inconsistent": (
        A + "sso_session = b\nsso_region = eu-west-1\nsso_account_id = 111122223333\nsso_role_name = X\n"
        "[sso-session b]\nsso_region = us-east-1\nsso_start_url = https://x.example\n",
        3,
        "inconsistent",
    ),
    "missing_role": (A + "web_identity_token_file = /nowhere\n", 2, "no role ARN"),
}


@pytest.mark.parametrize("rule", REFUSALS)
def test_botocore_refuses_the_profile_that_is_an_error_here(tmp_path, monkeypatch, rule):
    config, line, said = REFUSALS[rule]
    environ = write(tmp_path, config, "")
    assert (rule, line) in found(environ)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(botocore.exceptions.BotoCoreError, match=said):
        botocore.session.Session(profile="a").get_credentials().get_frozen_credentials()


def test_halves_of_a_pair_in_two_files_are_refused_by_botocore(tmp_path, monkeypatch):
    environ = write(tmp_path, A + "aws_secret_access_key = x\n", "[a]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n")
    assert ("keys_in_two_files", 2) in found(environ)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(botocore.exceptions.PartialCredentialsError):
        botocore.session.Session(profile="a").get_credentials()


def test_botocore_reads_no_file_whose_variable_is_empty(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "config").write_text(A + "region = eu-west-1\n")
    assert "a" in botocore.session.Session().full_config["profiles"]
    monkeypatch.setenv("AWS_CONFIG_FILE", "")
    assert "a" not in botocore.session.Session().full_config["profiles"]
    environ = {"HOME": str(tmp_path), "AWS_CONFIG_FILE": ""}
    assert ("environment_empty_file", 0) in found(environ)
    assert "a" in roledeck_profiles(environ)


def test_every_setting_that_botocore_reads_is_known():
    from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES

    names = [row[0] for row in BOTOCORE_DEFAUT_SESSION_VARIABLES.values()]
    assert [name for name in names if isinstance(name, str) and name not in SDK_SETTINGS] == []
