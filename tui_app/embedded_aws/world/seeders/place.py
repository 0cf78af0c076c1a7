"""Where a seeder works: one account, one region, the estate there, and moto's backend of a service."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from tui_app.embedded_aws.backends import load_backend
from tui_app.embedded_aws.world.estates import Estate
from tui_app.embedded_aws.world.furnishings import Furnishing
from tui_app.embedded_aws.world.values import AccountSeed
from tui_app.values import frozen


@frozen
class Place:
    """An account and a region, and what lies there; `region` is `aws` for a global service."""

    account: AccountSeed
    region: str
    estate: Estate
    furnishing: Furnishing = Furnishing()

    def backend(self, service: str) -> Any:
        """The backend of a service in moto for this account and region."""
        return load_backend(service)[self.account.id][self.region]

    def role(self, name: str) -> str:
        """The ARN of one of the account's service roles."""
        return f"arn:aws:iam::{self.account.id}:role/service-role/{name}"


def tag_list(**tags: str) -> list[dict[str, str]]:
    """Tags as most services take them."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def given(function: Callable[..., Any], **known: Any) -> Any:
    """Call one of moto's functions with what is known; None for every other parameter that has no default."""
    parameters = inspect.signature(function).parameters.values()
    unsaid = {one.name: None for one in parameters if one.default is one.empty and one.kind is one.POSITIONAL_OR_KEYWORD}
    return function(**{**unsaid, **known})
