"""Files that a slip of the hand, a bad disk or another encoding has spoilt: nothing is raised, and everything said has its line.

`ROLEDECK_EXAMPLES=10000` spoils as many files; the suite is content with fewer.
"""

from __future__ import annotations

import os
import random

import pytest

from tui_app.catalog.chain import resolve_chain
from tui_app.catalog.load import load_catalog
from tui_app.catalog.quick import names_fast
from tui_app.catalog.quick_rows import QuickRows

EXAMPLES = int(os.environ.get("ROLEDECK_EXAMPLES", "400"))
CONFIG = """# accounts of the team
[default]
region = eu-west-1

[profile dev]
mfa_serial = arn:aws:iam::444455556666:mfa/DevUser
credential_process = "/opt/a b/program" --profile 'dev'
mfa_process = pass otp 'aws dev'

[profile "two words"]
role_arn = arn:aws:iam::111122223333:role/team/Developer ; a comment
source_profile = dev
external_id = Ünïcode
duration_seconds = 3600
session_tags = a=b, c=d
s3 =
  addressing_style = path
  max_queue_size = 100

[profile chained]
include_profile = common
role_arn = arn:aws-cn:iam::111122223334:role/Second
source_profile = two words

[profile common]
include_profile = chained
region = cn-north-1

[profile hub]
sso_session = hub
sso_account_id = 777788889999
sso_role_name = ReadOnly

[sso-session hub]
sso_region = eu-west-1
sso_start_url = https://example.awsapps.com/start

[profile other]
aws_account_id = 999900001111
role_name = path/R
source_profile = dev

[services local]
sts =
  endpoint_url = http://127.0.0.1:1
"""
CREDENTIALS = """[dev]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = wJalr

[chained]
region=us-east-1
[prod]
aws_session_token : x
"""
PIECES = [
    *(b"\0", b"\xef\xbb\xbf", b"\xff\xfe", b"\xff", b"\r", b"\r\n", b"\n", b"\n\n", b"[", b"]", b"[]", b"=", b":", b"#", b";", b" ", b"\t"),
    *(
        b"\xc2\x85",
        b"\xe2\x80\xa8",
        b"\x0b",
        b"\x1c",
        b'"',
        b"'",
        b"\\",
        b"[DEFAULT]\n",
        b"[profile dev]\n",
        b"\n  ",
        b"\xe9",
        b"\xed\xa0\x80",
    ),
]


def spoilt(dice: random.Random, content: bytes) -> bytes:
    """The file after one to four mishaps."""
    for _ in range(dice.randint(1, 4)):
        place, end = dice.randrange(len(content) + 1), dice.randrange(len(content) + 1)
        lines = content.split(b"\n")
        line = dice.randrange(len(lines))
        match dice.randrange(10):
            case 0:
                content = content[:place] + content[place + dice.randint(1, 12) :]
            case 1 | 2:
                content = content[:place] + dice.choice(PIECES) + content[place:]
            case 3 if content:
                content = (
                    content[: place - 1] + bytes([content[place - 1] ^ 1 << dice.randrange(8)]) + content[place:] if place else content
                )
            case 4:
                content = b"\n".join([*lines[:line], lines[line], *lines[line:]])
            case 5:
                content = content[:place]
            case 6:
                content = b"\n".join([*lines[:line], *lines[line + 1 :]])
            case 7:
                content = content[min(place, end) : max(place, end)] + content
            case 8:
                content = content.decode("utf-8", "replace").encode(
                    dice.choice(["utf-16", "utf-16-le", "latin-1", "utf-8-sig", "utf-32"]), "replace"
                )
            case _:
                dice.shuffle(lines)
                content = b"\n".join(lines)
    return content


def length(content: bytes) -> int:
    return content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n") + 1


@pytest.mark.parametrize("part", range(4))
def test_whatever_has_happened_to_the_files_nothing_is_raised_and_every_finding_has_a_line(tmp_path, part):
    paths = {name: str(tmp_path / name) for name in ("config", "credentials")}
    environ = {"HOME": str(tmp_path), "AWS_CONFIG_FILE": paths["config"], "AWS_SHARED_CREDENTIALS_FILE": paths["credentials"]}
    wrong = []
    for number in range(part, EXAMPLES, 4):
        dice = random.Random(number)
        contents = {"config": spoilt(dice, CONFIG.encode()), "credentials": spoilt(dice, CREDENTIALS.encode())}
        for name, content in contents.items():
            with open(paths[name], "wb") as file:
                file.write(content)
        catalog = load_catalog(environ)
        chains = [resolve_chain(catalog, role) for role in catalog.roles]
        found = [*catalog.problems, *catalog.remarks, *(problem for chain in chains for problem in chain.problems)]
        lengths = {paths[name]: length(content) for name, content in contents.items()}
        wrong += [(number, one) for one in found if one.where is None or not 1 <= one.where.line <= lengths[one.where.path]]
        rows = QuickRows(environ)
        keys = [role.key for role in catalog.roles]
        if names_fast(environ) != keys or (not rows.depends and [rows.role(place) for place in range(len(rows))] != list(catalog.roles)):
            wrong.append((number, "the quick look differs"))
    assert wrong == []
