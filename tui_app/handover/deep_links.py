"""Where in the console to go: a service by its name, or the page of an ARN; always an address of the partition's own console.

The pages are not documented by AWS; they are those that the console itself links to. An ARN without a page here goes to the console's own
finder, `/go/view?arn=`.
"""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from tui_app.aws.partitions import Partition, partition_of
from tui_app.errors import ConfigUnusable, UsageError
from tui_app.handover.deep_link_pages import ALIASES, PAGES, SERVICES, Page
from tui_app.text import clean, nearest
from tui_app.values import frozen

HOME = "home"
_RESOURCE = r"[!-~](?:[ -~]*[!-~])?|[!-~]+/[^\x00-\x1f\x7f-\x9f]*(?<=\S)"
"""Printable ASCII; behind a `/` anything that can be printed, as in keys of S3."""
_ARN = re.compile(rf"arn:([a-z0-9-]+):([a-z0-9-]+):([a-z0-9-]*):([0-9]{{12}}|aws|):({_RESOURCE})")
_SUFFIXED = {"secretsmanager": re.compile(r"-[A-Za-z0-9]{6}$")}
"""What AWS puts behind a name in ARNs of a service, and the console leaves out."""


@frozen
class Destination:
    """A page of the console, and the account it lies in, where an ARN says so."""

    address: str
    account: str = ""


def destination(partition: Partition, to: str = "", region: str | None = None) -> Destination:
    """The page for a service's name or alias, an ARN, or an address of the console; the console's home for an empty text.

    Raises:
        ConfigUnusable: the partition has no public console.
        UsageError: there is no such service, or it lies in another partition, or it is no page of the console.
    """
    if not partition.console_host:
        raise ConfigUnusable(f"The partition {clean(partition.id)} has no public console.", "Ask who runs it for its address.")
    if to.startswith("arn:"):
        return _of_arn(partition, to, region)
    if "://" in to:
        return Destination(checked_address(to, partition))
    return Destination(_of_service(partition, to.strip().lower() or HOME, region))


def checked_address(address: str, partition: Partition) -> str:
    """The address, if it is https and a host of the partition's console.

    Raises:
        UsageError: it is not, so that nobody is signed in on the way to somewhere else.
    """
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        parts, host, port = urlsplit(""), "", None
    ours = host == partition.console_host or host.endswith(f".{partition.console_host}")
    plain = address.isascii() and address.isprintable() and not set(address) & set(" \\") and "@" not in parts.netloc
    if parts.scheme == "https" and ours and plain and port in (None, 443):
        return address
    raise UsageError(f"{clean(address, 100)} is no page of AWS's console.", f"Its addresses begin with https://{partition.console_host}/.")


def service_lines() -> tuple[str, ...]:
    """Each service with its aliases, for a list."""
    width = max(map(len, SERVICES))
    return tuple(
        f"{name.ljust(width)}  {', '.join(other for other, named in ALIASES.items() if named == name)}".rstrip() for name in SERVICES
    )


def _of_service(partition: Partition, name: str, region: str | None) -> str:
    page = SERVICES.get(ALIASES.get(name, name))
    if page is None:
        near = nearest(name, (*SERVICES, *ALIASES))
        meant = f"Did you mean {near}? " if near else ""
        raise UsageError(
            f'There is no service "{clean(name, 64)}" here.', f"{meant}roledeck console --services lists them; an ARN will do too."
        )
    return _address(partition, page, region, {})


def _of_arn(partition: Partition, arn: str, region: str | None) -> Destination:
    found = _ARN.fullmatch(arn)
    if found is None:
        raise UsageError(f"{clean(arn, 200)} is not an ARN.", "It is arn:aws:SERVICE:REGION:ACCOUNT:RESOURCE.")
    name, service, place, account, resource = found.groups()
    if name != partition.id:
        raise UsageError(
            f"{clean(arn, 200)} lies in {clean(name)}, and the role in {partition.id}.", "Choose a role of the same partition."
        )
    if place and partition_of(place).id != partition.id:
        raise UsageError(f"{clean(place)} is no region of {partition.id}.", f"Its regions are written like {partition.region}.")
    account = account if account.isdigit() else ""
    for page, pattern in PAGES.get(service, ()):
        if match := re.fullmatch(pattern, resource):
            words = {key: _trimmed(service, value) for key, value in match.groupdict("").items()}
            words |= {"arn": arn, "account": account, "queue": f"https://sqs.{place}.{partition.suffix}/{account}/{resource}"}
            return Destination(_address(partition, page, place or region, words), account)
    return Destination(f"https://{partition.console_host}/go/view?arn={_quoted(arn)}", account)


def _address(partition: Partition, page: Page, region: str | None, words: dict[str, str]) -> str:
    """The page's address with `words` put in, each quoted so that it stays one value."""
    place = partition.region if page.everywhere else region
    values = {key: _quoted(value) for key, value in words.items()}
    # the page of log groups reads its fragment twice, and takes $ for %
    values |= {f"{key}_twice": quote(_quoted(value), safe="").replace("%", "$") for key, value in words.items()}
    query = [f"region={place}"] if place and not page.everywhere else []
    query += [page.query.format(**values)] if page.query else []
    host = f"{place}.{partition.console_host}" if place else partition.console_host
    fragment = f"#{page.fragment.format(**values)}" if page.fragment else ""
    return f"https://{host}{page.path.format(**values)}{'?' if query else ''}{'&'.join(query)}{fragment}"


def _trimmed(service: str, value: str) -> str:
    return _SUFFIXED[service].sub("", value) if service in _SUFFIXED else value


def _quoted(value: str) -> str:
    return quote(value, safe="")
