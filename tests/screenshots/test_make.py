from __future__ import annotations

import os
import subprocess
import sys
import xml.etree.ElementTree as ET

FOLDER = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", "screenshots"))


def test_a_scene_is_played_in_the_real_screen_and_kept_twice(tmp_path, bare_environ):
    out, home = tmp_path / "out", bare_environ["HOME"]
    words = [sys.executable, os.path.join(FOLDER, "make.py"), "--out", str(out), "main-80x24", "first-run"]
    made = subprocess.run(words, env=bare_environ, capture_output=True, text=True, timeout=120, check=False)
    assert made.returncode == 0, made.stderr
    assert sorted(os.listdir(out)) == ["first-run.png", "first-run.svg", "main-80x24.png", "main-80x24.svg"]
    texts = [element.text or "" for element in ET.parse(out / "main-80x24.svg").iter() if element.tag.endswith("text")]
    assert any("CrossAccountDeveloperRole" in text for text in texts)
    assert any("47:12" in text for text in texts)
    assert any("refused" in text for text in texts)
    assert not any(home in text or str(tmp_path) in text for text in texts)
    assert os.listdir(home) == []
