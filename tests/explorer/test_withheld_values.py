"""Values that a list call of AWS tells beside their names, and that people keep secrets in."""

from __future__ import annotations

import pytest

from tui_app.explorer.description import WITHHELD, withheld


@pytest.mark.parametrize(
    "told",
    [
        {"Origins": {"Items": [{"CustomHeaders": {"Items": [{"HeaderName": "X-Auth", "HeaderValue": "hunter2"}]}}]}},
        {"Parameters": [{"ParameterKey": "DatabasePassword", "ParameterValue": "hunter2", "ResolvedValue": "hunter2"}]},
    ],
    ids=["the headers by which an origin knows CloudFront", "the parameters of a stack"],
)
def test_names_are_told_and_values_are_not(told):
    shown = str(withheld(told))

    assert "hunter2" not in shown
    assert WITHHELD in shown
    assert "X-Auth" in shown or "DatabasePassword" in shown
