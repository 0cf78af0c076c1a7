"""`roledeck profiles`: shown, asked, written, taken out again; and any program that reads profiles is the role then."""

from __future__ import annotations

import json
import os
import pathlib
import shlex
import stat
import subprocess
import sys

import pytest

DEVELOPER = "production/cross-account/CrossAccountDeveloperRole"
ADMIN = "production/AdminRole"


@pytest.fixture
def config(environ) -> pathlib.Path:
    return pathlib.Path(environ["AWS_CONFIG_FILE"])


def names(done) -> list[str]:
    assert done.returncode == 0, done.stderr
    return [found["profile"] for found in json.loads(done.stdout)["profiles"] if found["state"] != "gone"]


def test_every_own_role_goes_in_and_the_file_comes_back(roledeck, config):
    before = config.read_bytes()
    done = roledeck("profiles", "install", "--yes")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("--- ")
    text = config.read_text()
    assert text.startswith(before.decode())
    assert f"+[profile {DEVELOPER}]\n" in done.stdout
    assert f"[profile {DEVELOPER}]\ncredential_process = " in text
    assert "[profile iot-fleet]" in before.decode()
    assert "credential-process iot-fleet" not in text, "it is a profile already"
    done = roledeck("profiles", "remove", "--yes")
    assert done.returncode == 0
    assert config.read_bytes() == before


@pytest.mark.parametrize("shape", ["absent", "empty", "no final newline", "crlf", "bom", "invalid", "mixed"])
def test_whatever_the_file_was_like(roledeck, environ, tmp_path, shape):
    content = {
        "absent": None, "empty": b"", "no final newline": b"[profile a]\nregion = x", "crlf": b"[profile a]\r\nregion = x",
        "bom": b"\xef\xbb\xbf[profile a]\n", "invalid": b"[profile \xff]\n", "mixed": b"# a\r\n# b\n# c\r",
    }[shape]  # fmt: skip
    file = tmp_path / "some" / "config"
    if content is not None:
        file.parent.mkdir()
        file.write_bytes(content)
    run = {"AWS_CONFIG_FILE": str(file)}
    assert roledeck("profiles", "install", DEVELOPER, "--yes", **run).returncode == 0
    assert file.read_bytes().startswith(content or b"")
    assert len(file.read_bytes()) > len(content or b"")
    assert roledeck("profiles", "remove", "--all", "--yes", **run).returncode == 0
    assert (file.read_bytes() if file.exists() else None) == content


def test_a_second_time_nothing_is_touched(roledeck, config):
    assert roledeck("profiles", "install", "--yes").returncode == 0
    os.utime(config, ns=(1, 1))
    before = config.stat()
    for words in (["install", "--yes"], ["install", DEVELOPER], ["diff"]):
        done = roledeck("profiles", *words)
        assert (done.returncode, done.stdout) == (0, "")
        assert "Nothing to do" in done.stderr
    after = config.stat()
    assert (after.st_mtime_ns, after.st_ino, after.st_ctime_ns) == (1, before.st_ino, before.st_ctime_ns)


def test_without_a_terminal_and_without_yes_the_difference_is_shown_and_nothing_written(roledeck, config):
    before = config.read_bytes(), config.stat().st_mtime_ns
    done = roledeck("profiles", "install", DEVELOPER)
    assert done.returncode == 3
    assert f"+[profile {DEVELOPER}]" in done.stdout
    assert done.stderr.count("\n") == 1
    assert "--yes" in done.stderr
    done = roledeck("profiles", "install", DEVELOPER, "--json")
    assert (done.returncode, json.loads(done.stdout)["written"]) == (3, False)
    assert (config.read_bytes(), config.stat().st_mtime_ns) == before


def test_a_person_is_asked_and_may_say_no(on_terminal, environ, config):
    before = config.read_bytes()
    for answer, code in (("n\r", 130), ("y\r", 0)):
        program = on_terminal([sys.executable, "-m", "tui_app", "profiles", "install", DEVELOPER], **environ)
        shown = program.expect("[y/N]")
        assert f"\x1b[32m+[profile {DEVELOPER}]" in shown
        program.type(answer)
        assert program.exit_code() == code
        assert (config.read_bytes() == before) is bool(code)


def test_colours_are_for_terminals_that_want_them(on_terminal, environ):
    program = on_terminal([sys.executable, "-m", "tui_app", "profiles", "diff"], **environ, NO_COLOR="1")
    assert program.exit_code() == 0
    assert "+[profile" in program.seen
    assert "\x1b[3" not in program.seen


def test_options_may_stand_anywhere(roledeck):
    done = roledeck("--yes", "profiles", "--json", "install", ADMIN, "--prefix", "rd-", DEVELOPER)
    assert names(done) == ["rd-" + ADMIN, "rd-" + DEVELOPER]


def test_roles_come_and_go_one_by_one(roledeck, config):
    before = config.read_bytes()
    assert names(roledeck("profiles", "install", DEVELOPER, "--json", "--yes")) == [DEVELOPER]
    assert names(roledeck("profiles", "install", ADMIN, "--json", "--yes")) == [DEVELOPER, ADMIN]
    assert names(roledeck("profiles", "remove", "production/CrossAccountDeveloperRole", "--json", "--yes")) == [ADMIN]
    done = roledeck("profiles", "remove", DEVELOPER, "--yes")
    assert done.returncode == 2
    assert "is not in the block" in done.stderr
    assert names(roledeck("profiles", "install", ADMIN, "--prefix", "rd-", "--json", "--yes")) == ["rd-" + ADMIN]
    assert names(roledeck("profiles", "remove", "rd-" + ADMIN, "--json", "--yes")) == []
    assert config.read_bytes() == before


def test_what_is_written_beside_the_block_stays(roledeck, config):
    before = config.read_bytes()
    roledeck("profiles", "install", DEVELOPER, "--yes")
    config.write_bytes(b"# above\n" + config.read_bytes() + b"[profile below]\nregion = x")
    roledeck("profiles", "install", ADMIN, "--yes")
    assert config.read_bytes().endswith(b"# END roledeck\n[profile below]\nregion = x")
    assert roledeck("profiles", "remove", "--yes").returncode == 0
    assert config.read_bytes() == b"# above\n" + before + b"[profile below]\nregion = x"


@pytest.mark.parametrize("action", ["install", "remove", "diff"])
def test_an_edited_block_is_refused_with_its_line(roledeck, config, action):
    roledeck("profiles", "install", DEVELOPER, "--yes")
    config.write_bytes(config.read_bytes().replace(b"credential_process = ", b"credential_process = env "))
    edited = config.read_bytes()
    done = roledeck("profiles", action, "--yes")
    assert done.returncode == 6
    line = edited[: edited.index(b"# BEGIN")].count(b"\n") + 1
    assert f"{config}:{line}: The block of roledeck has been edited." in done.stderr
    assert done.stderr.count("\n") == 1
    assert config.read_bytes() == edited


def test_a_profile_that_is_there_is_never_taken_over(roledeck, config):
    with config.open("a") as file:
        file.write(f"[profile rd-{DEVELOPER}]\nregion = mars\n")
    before = config.read_bytes()
    done = roledeck("profiles", "install", "--prefix", "rd-", DEVELOPER, "--yes")
    assert done.returncode == 1
    assert "is left out: there is a profile of the name" in done.stderr
    assert config.read_bytes() == before
    done = roledeck("profiles", "install", "--prefix", "rd-", "--json", "--yes")
    assert (done.returncode, [entry["role"] for entry in json.loads(done.stdout)["left_out"]]) == (0, [DEVELOPER])
    assert config.read_bytes().startswith(before)


def test_a_role_whose_name_a_profile_has_goes_in_by_its_accounts_id(roledeck, config):
    with config.open("a") as file:
        file.write(f"[profile {DEVELOPER}]\nregion = mars\n")
    found = names(roledeck("profiles", "install", DEVELOPER, "--json", "--yes"))
    assert found == ["111122223333/cross-account/CrossAccountDeveloperRole"]


def test_a_name_of_the_credentials_file_is_taken_too(roledeck, environ):
    with open(environ["AWS_SHARED_CREDENTIALS_FILE"], "a", encoding="utf-8") as file:
        file.write("[rd-production/AdminRole]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n")
    done = roledeck("profiles", "install", ADMIN, "--prefix", "rd-", "--yes")
    assert done.returncode == 1
    assert "is left out" in done.stderr


def test_roles_that_are_profiles_get_a_prefix(roledeck):
    done = roledeck("profiles", "install", "--all", "--json", "--yes")
    assert "iot-fleet" in {entry["role"] for entry in json.loads(done.stdout)["left_out"]}
    assert "rd-iot-fleet" in names(roledeck("profiles", "install", "--all", "--prefix", "rd-", "--json", "--yes"))


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["instal"], "it is one of install, remove, diff"),
        ([], "needs install|remove|diff"),
        (["install", "--prefix", "a b"], "cannot begin a profile's name"),
        (["install", "--prefix", "x\n[profile evil"], "cannot begin a profile's name"),
        (["install", "--all", ADMIN], "not clear"),
        (["install", "no/such"], "There is no role"),
        (["install", "--", "-no/such"], "There is no role"),
    ],
)
def test_wrong_words(roledeck, words, says):
    done = roledeck("profiles", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr


def test_the_list_shows_each_role_once_and_under_its_own_name(roledeck):
    before = roledeck("ls", "--json").stdout, roledeck("ls", "--names").stdout, roledeck("ls", "--names", "production").stdout
    roledeck("profiles", "install", "--yes")
    assert (roledeck("ls", "--json").stdout, roledeck("ls", "--names").stdout, roledeck("ls", "--names", "production").stdout) == before
    roledeck("profiles", "install", "--prefix", "rd-", "--yes")
    assert (roledeck("ls", "--json").stdout, roledeck("ls", "--names").stdout, roledeck("ls", "--names", "production").stdout) == before


def test_a_role_that_starts_from_a_profile_of_the_block_starts_from_the_role(roledeck, config):
    roledeck("profiles", "install", "--prefix", "rd-", "--yes")
    with config.open("a") as file:
        file.write("[profile child]\nrole_arn = arn:aws:iam::111122223333:role/Child\nsource_profile = rd-shared-services/Hub\n")
    chain = json.loads(roledeck("chain", "child", "--json").stdout)
    assert [hop["role_arn"].rpartition("/")[2] for hop in chain["hops"]] == ["Hub", "Child"]
    assert chain["source"]["kind"] == "static"


def test_a_role_that_leads_back_to_itself_is_said_and_does_not_hang(roledeck, environ):
    with open(environ["AWS_CONFIG_FILE"], "a", encoding="utf-8") as file:
        file.write("[profile back]\ncredential_process = roledeck credential-process production/Round\n")
    with open(environ["ROLEDECK_CONFIG"], "a", encoding="utf-8") as file:
        file.write('\n[[account]]\nid = "111122223333"\n[[account.role]]\nname = "Round"\nvia = "back"\n')
    done = roledeck("profiles", "install", "production/Round", "--yes")
    assert done.returncode == 0
    assert "will not work yet" in done.stderr
    assert "circle" in done.stderr
    done = roledeck("credential-process", "production/Round")
    assert done.returncode != 0
    assert done.stderr.count("\n") == 1


def test_names_that_not_every_reader_takes_are_made_safe_and_said(roledeck, environ, config):
    with open(environ["ROLEDECK_CONFIG"], "a", encoding="utf-8") as file:
        file.write('\n[[account]]\nid = "121212121212"\nname = "our #1 account\'s; $(touch pwned) \\"x\\""\n')
        file.write('[[account.role]]\nname = "Dev"\nvia = "dev"\n')
    key = 'our #1 account\'s; $(touch pwned) "x"/Dev'
    done = roledeck("profiles", "install", key, "--yes")
    assert done.returncode == 0, done.stderr
    assert "is installed as our-1-account-s-touch-pwned-x-/Dev" in done.stderr
    process = next(line for line in config.read_text().splitlines() if "pwned" in line and "credential_process" in line)
    assert shlex.split(process.partition(" = ")[2])[-1] == key
    assert roledeck("ls", "--names").stdout.count("/Dev\n") == 1


def test_a_name_with_control_characters_is_left_out(roledeck, environ, config):
    with open(environ["ROLEDECK_CONFIG"], "a", encoding="utf-8") as file:
        file.write('\n[[account]]\nid = "121212121212"\nname = "x]\\n[profile evil"\n[[account.role]]\nname = "Dev"\nvia = "dev"\n')
    done = roledeck("profiles", "install", "--yes")
    assert done.returncode == 0
    assert "characters that cannot be seen" in done.stderr
    assert "evil" not in config.read_text()


def test_another_config_file_is_named_in_the_profile(roledeck, environ, config):
    done = roledeck("--config", environ["ROLEDECK_CONFIG"], "profiles", "install", DEVELOPER, "--yes", ROLEDECK_CONFIG="")
    assert done.returncode == 0, done.stderr
    assert f"credential-process {DEVELOPER} --config {environ['ROLEDECK_CONFIG']}\n" in config.read_text()


def test_a_linked_file_stays_a_link(roledeck, environ, config, tmp_path):
    (tmp_path / "link").symlink_to(config)
    config.chmod(0o640)
    before = config.read_bytes()
    run = {"AWS_CONFIG_FILE": str(tmp_path / "link")}
    assert roledeck("profiles", "install", DEVELOPER, "--yes", **run).returncode == 0
    assert (tmp_path / "link").is_symlink()
    assert b"# BEGIN roledeck" in config.read_bytes()
    assert stat.S_IMODE(config.stat().st_mode) == 0o640
    assert roledeck("profiles", "remove", "--yes", **run).returncode == 0
    assert config.read_bytes() == before


def test_many_at_once_lose_nothing(environ, config):
    before = config.read_bytes()
    roles = [DEVELOPER, ADMIN, "staging/Deployer", "shared-services/Hub"]
    words = [[sys.executable, "-m", "tui_app", "profiles", "install", role, "--yes"] for role in roles]
    running = [
        subprocess.Popen(word, env=environ, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for word in words
    ]
    done = [(program.communicate(timeout=60)[1], program.returncode) for program in running]
    text = config.read_text()
    for role, (said, code) in zip(roles, done, strict=True):
        # one that saw another's change in time has said so, and has written nothing
        assert code in {0, 6}, said
        assert (f"[profile {role}]" in text) is (code == 0)
    assert any(code == 0 for _, code in done)
    subprocess.run([sys.executable, "-m", "tui_app", "profiles", "remove", "--yes"], env=environ, check=True, capture_output=True)
    assert config.read_bytes() == before


@pytest.mark.program("aws")
def test_the_aws_cli_is_the_role_through_the_installed_profile(roledeck, environ):
    assert roledeck("profiles", "install", "--prefix", "rd-", "--yes").returncode == 0
    words = ["aws", "sts", "get-caller-identity", "--output", "json", "--profile", f"rd-{DEVELOPER}"]
    done = subprocess.run(words, env=environ, capture_output=True, text=True, check=False, timeout=60, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done.stderr
    assert ":assumed-role/CrossAccountDeveloperRole/" in json.loads(done.stdout)["Arn"]


def test_boto3_is_the_role_through_an_installed_profile(roledeck, environ, monkeypatch):
    import boto3

    assert roledeck("profiles", "install", DEVELOPER, "--yes").returncode == 0
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    session = boto3.session.Session(profile_name=DEVELOPER)
    assert session.region_name == "eu-west-1"
    client = session.client("sts", endpoint_url=environ["AWS_ENDPOINT_URL"])
    try:
        assert ":assumed-role/CrossAccountDeveloperRole/" in client.get_caller_identity()["Arn"]
    finally:
        client.close()
