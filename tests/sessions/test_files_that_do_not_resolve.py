"""What the files or the command line get wrong is one sentence, and nothing is contacted."""

from __future__ import annotations

import re

import pytest

from tui_app.errors import ConfigUnusable, UsageError
from tui_app.sessions.broker import Wanted

READ_ONLY = "staging-readonly"


CIRCLE = """
[profile a]
role_arn = arn:aws:iam::111122223333:role/x
source_profile = b
[profile b]
role_arn = arn:aws:iam::111122223333:role/y
source_profile = a
"""


@pytest.mark.parametrize(
    ("shared", "key", "sentence"),
    [
        ("[profile lost]\nrole_arn = arn:aws:iam::111122223333:role/x\nsource_profile = nobody\n", "lost", r"nobody.*/config:\d+\)"),
        (CIRCLE, "a", r"circle.*/config:\d+\)"),
        (
            "[profile ec2]\nrole_arn = arn:aws:iam::111122223333:role/x\ncredential_source = Ec2InstanceMetadata\n",
            "ec2",
            "metadata service is switched off",
        ),
        (
            "[profile none]\nrole_arn = arn:aws:iam::111122223333:role/x\ncredential_source = Environment\n",
            "none",
            "keys in the environment",
        ),
        ("[profile x]\nrole_arn = arn:aws:iam::111122223333:role/x\nsource_profile = dev\nexternal_id = a b\n", "x", "external_id"),
    ],
)
def test_what_the_files_get_wrong_is_one_sentence_and_contacts_nothing(world, shared, key, sentence):
    with open(world.environ["AWS_CONFIG_FILE"], "a", encoding="utf-8") as file:
        file.write("\n" + shared)
    world.reload()

    with pytest.raises(ConfigUnusable) as caught:
        world.obtain(key)

    assert re.search(sentence, caught.value.sentence())
    assert "a b" not in caught.value.sentence(), "an external id is not shown"
    assert world.calls() == []


@pytest.mark.parametrize("region", ["", "eu_west_1", "evil.example/"])
def test_a_region_that_is_none_is_not_asked(world, region):
    with pytest.raises(UsageError, match="is not a region"):
        world.obtain(READ_ONLY, Wanted(region=region))

    assert world.calls() == []
