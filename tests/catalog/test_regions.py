"""The region that a role works in is the nearest that is said."""

from __future__ import annotations

import pytest

from tui_app.catalog.load import load_catalog
from tui_app.catalog.regions import working_region


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (("eu-west-1", "us-east-2", "eu-north-1", "sa-east-1", "us-west-2"), "eu-west-1"),
        ((None, "us-east-2", "eu-north-1", "sa-east-1", "us-west-2"), "us-east-2"),
        ((None, None, "eu-north-1", "sa-east-1", "us-west-2"), "eu-north-1"),
        ((None, None, None, "sa-east-1", "us-west-2"), "sa-east-1"),
        ((None, None, None, None, "us-west-2"), "us-west-2"),
        ((None, None, None, None, ""), None),
    ],
)
def test_the_region_is_the_nearest_that_is_said(tmp_path, said, expected):
    asked, own, account, source, default = said
    keys = "aws_access_key_id = AKIAEXAMPLEEXAMPLE12\naws_secret_access_key = s\n"
    region = f"region = {source}\n" if source else ""
    (tmp_path / "credentials").write_text("")
    (tmp_path / "config").write_text(f"[profile dev]\n{keys}{region}")
    defaults = f'[defaults]\nregion = "{default}"\n' if default else ""
    regions = f'regions = ["{account}"]\n' if account else ""
    its_own = f'regions = ["{own}"]\n' if own else ""
    text = f'{defaults}[[account]]\nid = "111122223333"\nname = "a"\n{regions}[[account.role]]\nname = "B"\nvia = "dev"\n{its_own}'
    (tmp_path / "config.toml").write_text(text)
    files = {"AWS_CONFIG_FILE": "config", "AWS_SHARED_CREDENTIALS_FILE": "credentials", "ROLEDECK_CONFIG": "config.toml"}
    catalog = load_catalog({"HOME": str(tmp_path)} | {name: str(tmp_path / file) for name, file in files.items()})
    assert working_region(catalog, catalog.role("a/B"), asked) == expected
