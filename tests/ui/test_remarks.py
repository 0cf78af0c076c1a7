"""What lint says of a role's own place in the files stands in its pane, once somebody looks at it."""

from __future__ import annotations

from tui_app.catalog.load import load_catalog

PROFILE = "[profile team]\nrole_arn = arn:aws:iam::111122223333:role/Dev\nsource_profile = dev\n"
CREDENTIALS = "[dev]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI\n"


def read(tmp_path, config):
    (tmp_path / "config").write_text(config)
    (tmp_path / "credentials").write_text(CREDENTIALS)
    names = {"AWS_CONFIG_FILE": "config", "AWS_SHARED_CREDENTIALS_FILE": "credentials"}
    return load_catalog({"HOME": str(tmp_path), **{name: str(tmp_path / file) for name, file in names.items()}})


async def test_a_remark_stands_in_the_pane_with_its_place(stage, tmp_path):
    catalog = read(tmp_path, PROFILE + "duration_seconds = 1h\nregion = eu-west-1 # home\n")
    async with stage(catalog=catalog, roles=catalog.roles) as s:
        await s.sees("The duration_seconds of team is no")
        assert "~/config:4" in s.screen
        assert "and 1 more: roledeck lint" in s.screen


async def test_hints_and_good_settings_have_no_such_line(stage, tmp_path):
    catalog = read(tmp_path, PROFILE + "region = eu-west-1\ngranted_color = red\n")
    async with stage(catalog=catalog, roles=catalog.roles) as s:
        await s.until(lambda: "team" in s.deck.findings.remarks)
        assert "Files" not in s.screen
