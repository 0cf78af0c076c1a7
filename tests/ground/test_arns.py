"""ARNs taken apart, and what only looks like one."""

from __future__ import annotations

import pytest

from tui_app.arns import account_of, parse_arn

ROLE = "arn:aws-cn:iam::111122223333:role/path/Developer"


def test_the_parts_stand_as_they_are_written():
    assert parse_arn(ROLE) == ("aws-cn", "iam", "", "111122223333", "role/path/Developer")
    assert parse_arn("arn:aws:lambda:eu-west-1:111122223333:function:ship:7").resource == "function:ship:7"


@pytest.mark.parametrize(
    ("text", "account"), [(ROLE, "111122223333"), ("arn:aws:s3:::bucket", ""), ("GAHT12345678", ""), ("a:b:c:d:e:f", ""), ("", "")]
)
def test_the_account_is_empty_where_there_is_none(text, account):
    assert account_of(text) == account
