from __future__ import annotations

import os
import struct
import sys
import xml.etree.ElementTree as ET

import pytest
from textual.app import App
from textual.content import Content
from textual.widgets import Static

FOLDER = os.path.join(os.path.dirname(__file__), "..", "..", "screenshots")
SHAPES = "●◐○◌⊘━─│┃█▀▄▌▐▎⠋⠙⠹⠸"
LETTERS = "·✕▸↓…—✓←→↑•"
ROWS = [f"{SHAPES} {LETTERS}", "a => b :: <&>", "  two spaces before", "━━━━────"]


@pytest.fixture(scope="module")
def render():
    sys.path.insert(0, os.path.abspath(FOLDER))
    try:
        import render
    finally:
        sys.path.pop(0)
    return render


@pytest.fixture
async def exported():
    class Sample(App[None]):
        def compose(self):
            yield Static(Content("\n").join([Content.styled(ROWS[0], "bold red"), *map(Content, ROWS[1:])]))
            yield Static(Content.styled("reverse", "reverse"))

    app = Sample()
    async with app.run_test(size=(60, 8)) as pilot:
        await pilot.pause()
        return app.export_screenshot(title="sample")


def characters_of(path: str) -> set[int]:
    """The code points of a TrueType font, from its cmap's format 4 table."""
    with open(path, "rb") as file:
        data = file.read()
    tables = {
        data[at : at + 4]: struct.unpack(">I", data[at + 8 : at + 12])[0]
        for at in range(12, 12 + 16 * struct.unpack(">H", data[4:6])[0], 16)
    }
    cmap, found = tables[b"cmap"], set()
    for number in range(struct.unpack(">H", data[cmap + 2 : cmap + 4])[0]):
        start = cmap + struct.unpack(">I", data[cmap + 8 + 8 * number : cmap + 12 + 8 * number])[0]
        if struct.unpack(">H", data[start : start + 2])[0] == 4:
            count = struct.unpack(">H", data[start + 6 : start + 8])[0] // 2
            ends = struct.unpack(f">{count}H", data[start + 14 : start + 14 + 2 * count])
            starts = struct.unpack(f">{count}H", data[start + 16 + 2 * count : start + 16 + 4 * count])
            for first, last in zip(starts, ends, strict=True):
                found |= set(range(first, last + 1))
    return found


def test_the_text_of_a_screen_is_read_back_whole(render, exported):
    assert render.read(exported).text.splitlines()[:5] == [*ROWS, "reverse"]


def test_the_svg_needs_no_network_and_is_well_formed(render, exported):
    svg = render.to_svg(exported)
    assert "http" not in svg.replace("http://www.w3.org/2000/svg", "")
    assert "Fira" not in svg
    root = ET.fromstring(svg)
    texts = [element.text for element in root.iter() if element.tag.endswith("text")]
    assert "two spaces before" in texts
    assert not any(character in text for text in texts for character in SHAPES)


def test_the_same_screen_gives_the_same_svg(render, exported):
    assert render.to_svg(exported) == render.to_svg(exported)


def test_signs_that_the_font_would_join_stand_apart(render, exported):
    texts = [element.text for element in ET.fromstring(render.to_svg(exported)).iter() if element.tag.endswith("text")]
    assert not any(pair in text for text in texts for pair in ("=>", "::", "<&"))


@pytest.mark.parametrize("weight", ["Regular", "Bold"])
def test_every_sign_of_the_states_is_in_the_font_or_drawn(weight, render):
    in_font = characters_of(os.path.join(FOLDER, "font", f"JetBrainsMono-{weight}.ttf"))
    assert [sign for sign in SHAPES if render.draw(sign, 0, 0, "#000") is None] == []
    assert [sign for sign in LETTERS if ord(sign) not in in_font] == []


def test_the_png_has_the_size_of_the_svg_and_ink_in_it(render, exported):
    svg = render.to_svg(exported)
    png = render.to_png(svg)
    assert png.startswith(b"\x89PNG")
    root = ET.fromstring(svg)
    assert struct.unpack(">II", png[16:24]) == (int(root.get("width")), int(root.get("height")))
    blank = render.to_png("".join(line for line in svg.splitlines() if not line.startswith("<text")))
    assert len(png) > 1.5 * len(blank)


def test_every_picture_in_the_folder_has_both_kinds():
    names = {os.path.splitext(name) for name in os.listdir(FOLDER) if name.endswith((".svg", ".png"))}
    assert {stem for stem, kind in names if kind == ".svg"} == {stem for stem, kind in names if kind == ".png"}


async def test_a_screen_without_colours_has_its_whole_size_and_the_terminals_ground(render):
    class Plain(App[None]):
        CSS = "Screen, Static { background: ansi_default; color: ansi_default; }"

        def compose(self):
            yield Static(Content.styled("reverse", "reverse"))

    app = Plain(ansi_color=True)
    async with app.run_test(size=(60, 8)) as pilot:
        await pilot.pause()
        exported = app.export_screenshot(title="plain")
    picture = render.read(exported)
    assert (picture.columns, picture.rows) == (60, 8)
    fills = [element.get("fill") for element in ET.fromstring(render.to_svg(exported)).iter() if element.get("shape-rendering")]
    assert len(fills) == 1
    assert picture.default not in fills
