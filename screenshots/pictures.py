"""Playing the scenes in the program's real screen against the embedded AWS, each picture kept as SVG and PNG.

Nothing of the person who runs it is read or changed: home, cache and state lie in a folder that is removed at the end. The clocks of
the screen and of the embedded AWS stand still, so that two runs differ only in what moto makes up.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Callable, Mapping

import render
from scenes import SCENES, Scene
from stage import Stage
from world import NOW, prepare

from tui_app.aws.door import AwsDoor
from tui_app.catalog.load import load_catalog
from tui_app.embedded_aws.server import EmbeddedAws
from tui_app.paths import DEMO_FOLDER
from tui_app.sessions.broker import Broker
from tui_app.ui.backstage import Backstage, Loaded
from tui_app.ui.deck import Deck
from tui_app.ui.roledeck import Roledeck
from tui_app.ui.store import Store
from tui_app.ui.theme import Look

DEMO = f"{DEMO_FOLDER}pictures"


class Asleep:
    """Renews nothing, so that what is nearly over can be seen."""

    def look(self) -> None:
        """Renew nothing."""

    def stop(self) -> None:
        """There is nothing to stop."""


def clock() -> float:
    """The moment of every picture."""
    return NOW


def homes(folder: str) -> dict[str, str]:
    """Variables of a person at a terminal who has nothing yet."""
    places = {
        "HOME": folder,
        "XDG_CONFIG_HOME": f"{folder}/.config",
        "XDG_CACHE_HOME": f"{folder}/.cache",
        "XDG_STATE_HOME": f"{folder}/.local/state",
    }
    return places | {"USER": "DevUser", "LANG": "C.UTF-8", "TERM": "xterm-256color", "SHELL": "/bin/sh", "PATH": os.defpath}


def deck_for(scene: Scene, environ: Mapping[str, str], aws: EmbeddedAws | None) -> Deck:
    """The program's own screen, with a clock that stands still."""

    def load() -> Loaded:
        catalog, door = load_catalog(environ), AwsDoor(aws.url if aws else None, clock)
        return Loaded(catalog, Broker(catalog, environ, door, clock), door)

    deck = Roledeck(Backstage(environ, load, aws), Store(clock=clock), Look(scene.look))
    deck.renewer = Asleep()
    return deck


async def play(scene: Scene, environ: Mapping[str, str], aws: EmbeddedAws | None, keep: Callable[[str, str], None]) -> None:
    """Play one scene and hand every picture to `keep(name, exported SVG)`."""
    deck = deck_for(scene, environ, aws)
    async with deck.run_test(size=scene.size, notifications=True) as pilot:
        stage = Stage(deck, pilot, aws, keep)
        await stage.until(lambda: deck.store.loaded)
        await stage.rest()
        await scene.play(stage)


def make(names: list[str], out: str) -> list[str]:
    """Make the scenes of those names, or all; returns the pictures' names."""
    made: list[str] = []

    def keep(name: str, exported: str) -> None:
        svg = render.to_svg(exported)
        for ending, content in ((".svg", svg.encode()), (".png", render.to_png(svg))):
            with open(os.path.join(out, name + ending), "wb") as file:
                file.write(content)
        made.append(name)
        print(name, flush=True)

    chosen = [scene for scene in SCENES if not names or scene.name in names]
    with tempfile.TemporaryDirectory() as folder:
        for scene in chosen:
            if scene.empty:
                asyncio.run(play(scene, homes(folder), None, keep))
    with tempfile.TemporaryDirectory() as folder, EmbeddedAws(folder=os.path.join(folder, DEMO)) as aws:
        environ = homes(folder) | aws.environment()
        prepare(aws, environ)
        for scene in chosen:
            if not scene.empty:
                asyncio.run(play(scene, environ, aws, keep))
    return made
