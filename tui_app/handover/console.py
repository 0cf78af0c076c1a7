"""The console's switch-role link, in every partition, and what keeps it from working; the start page's shortcut for permission sets.

Sources: IAM user guide, "Switch from a user to an IAM role (console)"; the colours are those that the console's own form offers. IAM
Identity Center user guide, "Create shortcut links".
"""

from __future__ import annotations

import re
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
_RESERVED = re.compile(r"AWSReservedSSO_(.+)_[0-9a-f]{16}")


@frozen
class ConsoleLink:
    """A link for the browser, and the sentences that say why it may not work."""

    url: str
    warnings: tuple[str, ...] = ()


def switch_role_link(role: Role, chain: Chain | None = None) -> ConsoleLink:
    """The link that opens the console as a role; `chain` tells how it is reached.

    That is the switch-role link, but the start page's shortcut for a permission set of Identity Center, which nobody can switch to.

    Raises:
        ConfigUnusable: the account is not known, or the role's partition has no public console.
    """
    partition = partition_of(role.arn)
    account = role.account.id or role.account.alias
    named = clean(role.key)
    if not account:
        raise ConfigUnusable(f"The account of {named} is not known, so there is no link.", "Give the role its ARN, or the account its id.")
    if chain is not None and (shortcut := shortcut_link(role, chain)):
        sentence = f"{clean(role.short_name)} is a permission set of IAM Identity Center: nobody can switch to it, its start page opens it."
        return ConsoleLink(shortcut, (sentence,))
    if ":role/" not in role.arn and role.arn.startswith("arn:"):
        raise ConfigUnusable(
            f"{named} is a user, and nobody can switch to one.", "Open the console with `roledeck console`, or sign in as that user."
        )
    if not partition.signin_host:
        raise ConfigUnusable(f"The partition {clean(partition.id)} has no public sign-in page.", "Ask who runs it for its address.")
    words = {
        "account": account,
        "roleName": role.name,
        "displayName": middle(clean(f"{role.account.label}/{role.short_name}"), NAME_LIMIT),
        "color": _color(role),
    }
    return ConsoleLink(f"https://{partition.signin_host}/switchrole?{urlencode(words, safe='/')}", _warnings(role, chain))


def shortcut_link(role: Role, chain: Chain, destination: str = "") -> str:
    """The start page's shortcut that opens a permission set in the console, at `destination` where one is given; empty for other roles.

    Whoever opens it signs in at the start page, so it is no secret.
    """
    permission_set, page = _permission_set(role, chain), _start_page(chain)
    if not (permission_set and page and role.account.id):
        return ""
    words = {"account_id": role.account.id, "role_name": permission_set} | ({"destination": destination} if destination else {})
    return f"{page}/#/console?{urlencode(words)}"


def _warnings(role: Role, chain: Chain | None) -> tuple[str, ...]:
    name = clean(role.short_name)
    warnings = []
    request = role.request
    if request.external_id or request.external_id_command:
        warnings.append(f"{name} wants an external id, which the console cannot send: the link will be refused.")
    if _permission_set(role, chain):
        warnings.append(
            f"{name} belongs to IAM Identity Center: nobody can switch to it, and the link will be refused. Its start page opens it."
        )
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


def _permission_set(role: Role, chain: Chain | None) -> str:
    """The permission set that the role is, or an empty text for an ordinary role."""
    if match := _RESERVED.fullmatch(role.short_name):
        return match[1]
    return role.short_name if chain is not None and chain.source.kind == "sso" and not chain.hops else ""


def _start_page(chain: Chain) -> str:
    """The start page that the chain begins at, without its end, or an empty text."""
    page = chain.source.details.get("sso_start_url", "") if chain.source.kind == "sso" else ""
    page = page.removesuffix("#").rstrip("/").removesuffix("/#").rstrip("/")
    return page if re.fullmatch(r"https?://[\x21-\x7e]+", page) and "#" not in page else ""


def _color(role: Role) -> str:
    own = role.color.removeprefix("#").lower()
    if len(own) == _HEX_DIGITS and all(digit in "0123456789abcdef" for digit in own):
        return own
    return COLORS.get(role.account.environment, _COLOR)
