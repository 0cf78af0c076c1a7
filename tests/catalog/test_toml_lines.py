from __future__ import annotations

import tomllib

import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_app.catalog.toml_lines import line_of, setting_lines

TEXT = """
top = 1 # [not.a.table]
"quoted key" = "a ] b"
dotted.name = 2

[table]   # comment
long = '''
[fake]
fake = 1
'''
list = [
  "x", # ] = "y"
  { inner = 1 },
]
after = 'last'

[[many]]
one = 1
  [[many.below]]
  two = 2
  [many.side]
  three = "\\"="
[[many]]
one = \"\"\"a \\\"\"\" = b\"\"\"
[[many.below]]
[[many.below]]
two = 2
[a.b."c.d"]
e = 1
"""


def test_every_table_and_setting_has_its_line():
    tomllib.loads(TEXT)
    assert setting_lines(TEXT) == {
        ("top",): 2,
        ("quoted key",): 3,
        ("dotted",): 4,
        ("dotted", "name"): 4,
        ("table",): 6,
        ("table", "long"): 7,
        ("table", "list"): 11,
        ("table", "list", 0): 12,
        ("table", "list", 1): 13,
        ("table", "list", 1, "inner"): 13,
        ("table", "after"): 15,
        ("many",): 17,
        ("many", 0): 17,
        ("many", 0, "one"): 18,
        ("many", 0, "below"): 19,
        ("many", 0, "below", 0): 19,
        ("many", 0, "below", 0, "two"): 20,
        ("many", 0, "side"): 21,
        ("many", 0, "side", "three"): 22,
        ("many", 1): 23,
        ("many", 1, "one"): 24,
        ("many", 1, "below"): 25,
        ("many", 1, "below", 0): 25,
        ("many", 1, "below", 1): 26,
        ("many", 1, "below", 1, "two"): 27,
        ("a",): 28,
        ("a", "b"): 28,
        ("a", "b", "c.d"): 28,
        ("a", "b", "c.d", "e"): 29,
    }


def test_tables_written_in_one_line_have_lines_too():
    text = (
        'a = [\n  { id = "x", role = [\n    { name = "]" },\n    { name = "b", tags = { "t.u" = "}" } }, # }\n  ] },\n]\nb.c = { d = 1 }\n'
    )
    tomllib.loads(text)
    lines = setting_lines(text)
    assert lines["a", 0, "role", 0, "name"] == 3
    assert lines["a", 0, "role", 1, "tags", "t.u"] == 4
    assert lines["b", "c", "d"] == 7


def test_what_has_no_line_of_its_own_takes_the_nearest_around_it():
    lines = setting_lines("[a]\n\nb = { c = 1 }\n")
    assert (line_of(lines, ("a", "b", "c")), line_of(lines, ("z",))) == (3, 1)


WORDS = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\r"), max_size=8)
DOCUMENTS = st.recursive(
    st.one_of(WORDS, st.integers(-9, 9), st.booleans()),
    lambda inner: st.one_of(st.dictionaries(WORDS, inner, max_size=3), st.lists(inner, max_size=3)),
    max_leaves=12,
)


@settings(max_examples=80, deadline=None)
@given(st.dictionaries(WORDS, DOCUMENTS, max_size=4), st.booleans())
def test_the_line_of_a_setting_starts_with_its_name_or_its_table(document, multiline):
    text = tomli_w.dumps(document, multiline_strings=multiline)
    rows = text.split("\n")
    for place, line in setting_lines(text).items():
        row = rows[line - 1].lstrip()
        names = [part for part in place if isinstance(part, str)]
        plain = names[-1] if names[-1].isascii() and names[-1].isalnum() else ""
        if any(isinstance(part, int) for part in place):
            assert plain in row or isinstance(place[-1], int)
        else:
            assert row.startswith(("[", plain, '"'))
    for name in document:
        assert (name,) in setting_lines(text) or document[name] in ({}, [])
