"""`make screenshots`: play the story of the product in its real screen against the embedded AWS, and keep every screen as SVG and PNG."""

from __future__ import annotations

import argparse
import os
import sys
import time

FOLDER = os.path.dirname(os.path.abspath(__file__))


def main() -> int:
    """Make the pictures."""
    # both are read when Textual and the clock are first used
    os.environ.update(TEXTUAL_ANIMATIONS="none", TZ="UTC")
    time.tzset()
    sys.path.insert(0, os.path.dirname(FOLDER))
    from pictures import make
    from scenes import SCENES

    parser = argparse.ArgumentParser(description="Pictures of every screen, from the embedded AWS.")
    parser.add_argument("scenes", nargs="*", metavar="SCENE", help=f"of {', '.join(scene.name for scene in SCENES)}; all without")
    parser.add_argument("--out", default=FOLDER, metavar="FOLDER")
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)
    made = make(options.scenes, options.out)
    print(f"{len(made)} pictures in {options.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
