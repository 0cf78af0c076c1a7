"""The console's switch-role link, in every partition, and what keeps it from working.

Source: IAM user guide, "Switch from a user to an IAM role (console)"; the colours are those that the console's own form offers.
"""

from __future__ import annotations

from urllib.parse import urlencode

from tui_app.aws.partitions import partition_of
from tui_app.errors import ConfigUnusable
from tui_app.model import Chain, Role
from tui_app.text import clean, middle
from tui_app.values import frozen

NAME_LIMIT = 64
"""Characters of path and name that the console's cookie can hold; the display name has the same limit."""
COLORS = {"prod": "f2b0a9", "staging": "efda95", "dev": "b7ca9d"}
_COLOR = "83d4e8"
_HEX_DIGITS = 6


@frozen
class ConsoleLink:
    """A link for the browser, and the sentences that say why it may not work."""

    url: str
    warnings: tuple[str, ...] = ()


def switch_role_link(role: Role, chain: Chain | None = None) -> ConsoleLink:
    """The switch-role link of a role; `chain` tells whether it is reached by way of another role.

    Raises:
        ConfigUnusable: the account is not known, or the role's partition has no public console.
    """
    partition = partition_of(role.arn)
    account = role.account.id or role.account.alias
    named = clean(role.key)
    if not account:
        raise ConfigUnusable(f"The account of {named} is not known, so there is no link.", "Give the role its ARN, or the account its id.")
    if not partition.signin_host:
        raise ConfigUnusable(f"The partition {clean(partition.id)} has no public sign-in page.", "Ask who runs it for its address.")
    words = {
        "account": account,
        "roleName": role.name,
        "displayName": middle(clean(f"{role.account.label}/{role.short_name}"), NAME_LIMIT),
        "color": _color(role),
    }
    return ConsoleLink(f"https://{partition.signin_host}/switchrole?{urlencode(words, safe='/')}", _warnings(role, chain))


def _warnings(role: Role, chain: Chain | None) -> tuple[str, ...]:
    name = clean(role.short_name)
    warnings = []
    request = role.request
    if request.external_id or request.external_id_command:
        warnings.append(f"{name} wants an external id, which the console cannot send: the link will be refused.")
    if chain is not None and len(chain.hops) > 1:
        before = clean(chain.hops[-2].role.key)
        warnings.append(
            f"{name} is reached by way of {before}; the console switches from the user who signed in, so the link may be refused."
        )
    if len(role.name) > NAME_LIMIT:
        warnings.append(f"Path and name have {len(role.name)} characters; the console takes at most {NAME_LIMIT}.")
    if request.tags or request.source_identity:
        warnings.append(f"{name} is assumed with session tags or a source identity, which the console cannot send.")
    if not role.account.id:
        warnings.append(f"The account id of {name} is not known, so the link names its alias.")
    return tuple(warnings)


def _color(role: Role) -> str:
    own = role.color.removeprefix("#").lower()
    if len(own) == _HEX_DIGITS and all(digit in "0123456789abcdef" for digit in own):
        return own
    return COLORS.get(role.account.environment, _COLOR)
