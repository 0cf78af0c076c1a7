"""Each format carries every value to its reader unchanged, or refuses it."""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_app.errors import RoledeckError
from tui_app.handover import formats

PIECES = [
    *"'\"\\$`!\n\r\t ;&|(){}*?~#%^=<>[]-aZé日\u2019\u202e\x1b\x7f\u2028\ufeff",
    "$(touch OWN)", "`touch OWN`", "'; touch OWN; '", "\\'; touch OWN; \\'", "%PATH%", "!!", "${HOME}", "\\n",
]  # fmt: skip
_drawn = random.Random(7)
HOSTILE = ["", *PIECES, *("".join(_drawn.choices(PIECES, k=_drawn.randint(0, 14))) for _ in range(450))]
ONE_LINE = [value for value in HOSTILE if not re.search("[\r\n]", value)]
DUMP = "python3 -c \"import os,json;print(json.dumps({k:v for k,v in os.environ.items() if k.startswith('V_')}))\"\n"
SHELLS = [
    pytest.param(["bash", "--norc"], "sh", id="bash"),
    pytest.param(["dash"], "sh", id="dash"),
    pytest.param(["zsh", "-f"], "sh", id="zsh"),
    pytest.param(["fish", "--no-config"], "fish", id="fish"),
]


def run(words, script, folder, *, by_stdin):
    if not shutil.which(words[0]):
        pytest.skip(f"needs {words[0]}")
    arguments = words if by_stdin else [*words, "-c", script]
    done = subprocess.run(arguments, input=script.encode() if by_stdin else b"", capture_output=True, cwd=folder, check=False, timeout=30)
    assert list(folder.iterdir()) == [], "a value ran something"
    return json.loads(done.stdout.decode().strip().splitlines()[-1]), done.stderr


@pytest.mark.parametrize("by_stdin", [False, True], ids=["-c", "stdin"])
@pytest.mark.parametrize(("words", "form"), SHELLS)
def test_shells_get_every_value_unchanged(words, form, by_stdin, tmp_path):
    quoting, line = (formats.fish, "set -gx {} {}\n") if form == "fish" else (formats.sh, "export {}={}\n")
    script = "".join(line.format(f"V_{number}", quoting(value)) for number, value in enumerate(HOSTILE))
    got, _ = run(words, script + DUMP, tmp_path, by_stdin=by_stdin)
    assert [value for number, value in enumerate(HOSTILE) if got[f"V_{number}"] != value] == []


@pytest.mark.parametrize(("words", "form"), SHELLS)
def test_what_is_printed_can_be_evaluated(words, form, tmp_path):
    printed = formats.write(form, {f"V_{number}": value for number, value in enumerate(ONE_LINE)}, unset=["V_GONE"])
    set_before = "set -gx V_GONE old\n" if form == "fish" else "export V_GONE=old\n"
    got, errors = run(words, set_before + printed + "\n" + DUMP, tmp_path, by_stdin=True)
    assert got == {f"V_{number}": value for number, value in enumerate(ONE_LINE)}
    assert errors == b""


@pytest.mark.parametrize("words", [["bash", "--norc"], ["dash"]])
def test_dotenv_lines_mean_the_same_to_a_shell(words, tmp_path):
    carried = [value for value in ONE_LINE if "'" not in value and "\\" not in value]
    printed = formats.write("dotenv", {f"V_{number}": value for number, value in enumerate(carried)})
    got, _ = run(words, f"set -a\n{printed}\n{DUMP}", tmp_path, by_stdin=True)
    assert got == {f"V_{number}": value for number, value in enumerate(carried)}


@pytest.mark.parametrize("form", formats.FORMATS)
@pytest.mark.parametrize("value", ["a\nb", "a\rb", "a\0b", "\n", "x\r\nAWS_PROFILE=evil"])
def test_line_breaks_and_nul_are_refused_everywhere(form, value):
    with pytest.raises(RoledeckError, match="AWS_SESSION_TOKEN has a line break") as refused:
        formats.write(form, {"AWS_SESSION_TOKEN": value})
    assert value not in refused.value.sentence()


@pytest.mark.parametrize("form", formats.FORMATS)
def test_a_name_that_is_no_name_is_refused(form):
    with pytest.raises(RoledeckError):
        formats.write(form, {"A;touch OWN": "x"})


@given(st.text())
def test_powershell_reads_its_own_quoting_back(value):
    quoted = formats.powershell(value)
    inside = quoted[1:-1]
    marks = "'\u2018\u2019\u201a\u201b"
    assert re.fullmatch(f"(?:[^{marks}]|([{marks}])\\1)*", inside)
    assert re.sub(f"([{marks}])\\1", r"\1", inside) == value


@given(st.text(alphabet="'#ab\"\\$r", max_size=12))
def test_nu_raw_texts_end_where_they_should(value):
    quoted = formats.nu(value)
    marks = re.match("r(#+)'", quoted)[1]
    body = quoted[len(marks) + 2 :]
    assert body.index("'" + marks) == len(value)
    assert body == value + "'" + marks


@pytest.mark.parametrize("character", list('%!"^&|<>\t\x1b'))
def test_cmd_refuses_what_it_would_read(character):
    with pytest.raises(RoledeckError, match="cmd cannot carry"):
        formats.write("cmd", {"V": f"a{character}b"})


@pytest.mark.parametrize("value", ["a b", "a;b", "a#b", "it's", "a\\b", "a=b", "日"])
def test_the_other_formats_carry_or_refuse_but_never_bend(value):
    assert json.loads(formats.write("json", {"V": value})) == {"V": value}
    for form in ("cmd", "dotenv", "ini"):
        try:
            printed = formats.write(form, {"AWS_SESSION_TOKEN": value})
        except RoledeckError:
            continue
        assert value in printed


HEADERS = ["plain", "a/b", "a]\ncredential_process = /tmp/evil", "[default]", "a b", "]", "", "é", "x\r[y]"]


@pytest.mark.parametrize("section", HEADERS)
def test_an_ini_section_is_one_profile_whatever_its_name(section, tmp_path):
    from botocore.configloader import raw_config_parse

    keys = {"AWS_ACCESS_KEY_ID": "ASIAX", "AWS_SECRET_ACCESS_KEY": "s/+=", "AWS_SESSION_TOKEN": "t==", "AWS_CREDENTIAL_EXPIRATION": "x"}
    file = tmp_path / "credentials"
    file.write_text(formats.write("ini", keys | {"AWS_REGION": "eu-west-1"}, section=section) + "\n", encoding="utf-8")
    read = raw_config_parse(str(file))
    expected = {"aws_access_key_id": "ASIAX", "aws_secret_access_key": "s/+=", "aws_session_token": "t==", "region": "eu-west-1"}
    assert list(read.values()) == [expected]
