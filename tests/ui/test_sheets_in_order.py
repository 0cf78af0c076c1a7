"""What a role can see, written down: in the order of the views and the regions, whichever was answered first."""

from __future__ import annotations

import csv
import json

import pytest

from tests.ui.made_tables import ME, VIEW, named, visitor
from tui_app.ui.explorer.file_texts import sheet_text
from tui_app.ui.sight import Sight

REGIONS = ("eu-west-1", "us-east-1")


def answered(*regions):
    sight = Sight(ME.arn, REGIONS, (VIEW,))
    for region in regions:
        sight = sight.with_result(named("a", region=region))
    return sheet_text([(visitor(ME), sight)], "csv"), sheet_text([(visitor(ME), sight)], "json"), sheet_text([(visitor(ME), sight)], "txt")


def test_the_regions_of_a_sheet_do_not_hang_on_who_answered_first():
    assert answered("us-east-1", "eu-west-1") == answered("eu-west-1", "us-east-1")


@pytest.mark.parametrize("first", REGIONS)
def test_each_row_of_a_sheet_says_its_region(first):
    table, document, text = answered(first, *(set(REGIONS) - {first}))
    assert [row["Region"] for row in csv.DictReader(table.splitlines())] == list(REGIONS)
    assert [view["region"] for view in json.loads(document)[0]["views"]] == list(REGIONS)
    assert text.index("eu-west-1") < text.index("us-east-1")
