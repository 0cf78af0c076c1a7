"""The schema for editors: equal to the code, valid, and never stricter than the program."""

from __future__ import annotations

import pathlib
import tomllib

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_app.catalog import limits
from tui_app.catalog.json_schema import _PATTERNS, json_schema, schema_text
from tui_app.catalog.schema import ROLE, TOP

CONFIG = pathlib.Path(__file__).parents[2] / "config"


def errors(document) -> list[str]:
    return ["/".join(map(str, error.absolute_path)) for error in jsonschema.Draft202012Validator(json_schema()).iter_errors(document)]


def test_the_file_is_the_codes_own():
    assert (CONFIG / "schema.json").read_text(encoding="utf-8") == schema_text(), (
        "python -m tui_app.catalog.json_schema > config/schema.json"
    )


def test_it_is_json_schema():
    jsonschema.Draft202012Validator.check_schema(json_schema())


@pytest.mark.parametrize("name", ["roledeck.example.toml", "demo.toml"])
def test_the_samples_hold_to_it(name):
    assert errors(tomllib.loads((CONFIG / name).read_text(encoding="utf-8"))) == []


def test_the_sample_tells_editors_where_the_schema_is():
    first = (CONFIG / "roledeck.example.toml").read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith("#:schema ")
    assert (CONFIG / first.removeprefix("#:schema ")).exists()


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("colour = 1", ""),
        ("[[account]]\nid = 111122223333", "account/0/id"),
        ("[[account]]\nname = 'x'", "account/0"),
        ("[[account]]\nid = '111122223333'\n[[account.role]]\nname = 'r'\nduration = '1 week'", "account/0/role/0/duration"),
        ("[[account]]\nid = '111122223333'\n[[account.role]]\nname = 'r'\nexternal_id = 'x'", "account/0/role/0/external_id"),
        ("[defaults]\nmfa = 'sometimes'", "defaults/mfa"),
        ("[environment.prod]\nconfirm = 'yes'", "environment/prod/confirm"),
        ("include = 'x'", "include"),
        ("[sso.hub]\nregion = 'eu-west-1'", "sso/hub"),
    ],
)
def test_what_the_program_refuses_an_editor_marks(text, place):
    assert errors(tomllib.loads(text)) == [place]


WORD = st.one_of(
    st.text(max_size=20),
    st.from_regex(r"(?:[a-z]{2}-[a-z]+-\d|\d{12}|arn:aws:iam::\d{12}:mfa/[\w]+|https://[a-z.]+|[\w/+=,.@:-]{0,70})", fullmatch=True),
)


@pytest.mark.parametrize("check", _PATTERNS, ids=lambda check: check.__name__)
def test_it_takes_every_text_that_the_program_takes(check):
    validator = jsonschema.Draft202012Validator({"type": "string"} | _PATTERNS[check])

    @given(WORD)
    def held(text):
        assert check(text) or validator.is_valid(text)

    held()


@given(st.one_of(st.integers(0, 50000), st.from_regex(r" ?(?:\d{1,5}|\d{1,2}[hmHM]|\d{1,2}h\d{1,2}m) ?", fullmatch=True)))
def test_it_takes_every_duration_that_the_program_takes(value):
    schema = json_schema()["properties"]["defaults"]["properties"]["duration"]
    assert limits.seconds(value, limits.LONGEST_ROLE)[1] or jsonschema.Draft202012Validator(schema).is_valid(value)


def test_every_setting_has_its_meaning_in_the_editor():
    role = json_schema()["properties"]["account"]["items"]["properties"]["role"]["items"]["properties"]
    assert {name: each["description"] for name, each in role.items()} == {name: setting.meaning for name, setting in ROLE.items()}
    assert list(json_schema()["properties"]) == list(TOP)
