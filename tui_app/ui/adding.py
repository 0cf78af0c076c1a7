"""The form of a role that is added, in plain Python: what is typed, what is wrong with it, what could be meant, what would be written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from tui_app.catalog.adding import FIELDS, Field, Known, already, doubts, settled, shown, tables_of, typed_value, wrong
from tui_app.catalog.load import Catalog
from tui_app.errors import UsageError
from tui_app.model import Account
from tui_app.text import clean
from tui_app.ui.widgets.paper import TextField

ENVIRONMENTS = ("prod", "staging", "dev", "shared", "sandbox")
COLOURS = ("red", "violet", "teal", "blue", "sand")
_SUGGESTED = 4


class Form:
    """The fields, and which of them is being typed. `tried`: enter was pressed, so that what is missing is said too."""

    def __init__(self, catalog: Catalog) -> None:
        self._files = Known(catalog)
        self.fields: Mapping[str, TextField] = {field.name: TextField() for field in FIELDS}
        self.at = 0
        self.tried = False
        self._offers = _offers(self._files)
        self._settled: tuple[tuple[str, ...], dict[str, Any]] = ((), {})

    @property
    def field(self) -> Field:
        """The field that is being typed."""
        return FIELDS[self.at]

    @property
    def typed(self) -> bool:
        """Whether anything was typed at all."""
        return any(field.text for field in self.fields.values())

    def move(self, step: int) -> None:
        """To another field; at the ends it stays."""
        self.at = max(0, min(len(FIELDS) - 1, self.at + step))
        if self.field.name == "account" and self._is_arn():
            self.at += 1 if step > 0 or self.at == 0 else -1

    def value(self, field: Field) -> Any:
        """What is typed, as the schema wants it."""
        return typed_value(field, self.fields[field.name].text)

    @property
    def account(self) -> Account:
        """What the files know of the account so far."""
        number = str(self.answers().get("account", ""))
        return self._files.account(number) or Account("")

    def known(self, field: Field) -> str:
        """What holds for a field that is left empty."""
        if field.name == "account":
            return str(self.answers().get("account", "")) if self._is_arn() else ""
        return {"name": self.account.name, "environment": self.account.environment}.get(field.name, "")

    def complaint(self, field: Field) -> str:
        """Why it cannot stay so."""
        value = self.value(field)
        if field.name == "account" and self._is_arn():
            return "" if not value else self._clash()
        if not value and not self.tried:
            return ""
        return wrong(field, value, self._files) or (self._there() if field.name == "role" else "")

    def remarks(self) -> Mapping[str, str]:
        """What may stay so but may not do what is meant, by field."""
        return doubts(self._files, self.answers(), guess=False)

    def faults(self) -> list[Field]:
        """The fields that keep it from being written, in their order; from now on what is missing is said too."""
        self.tried = True
        return [field for field in FIELDS if self.complaint(field)]

    def answers(self) -> dict[str, Any]:
        """What is good so far; asked for many times for each key, it is worked out once."""
        texts = tuple(field.text for field in self.fields.values())
        if texts != self._settled[0]:
            self._settled = (texts, self._good())
        return self._settled[1]

    def _good(self) -> dict[str, Any]:
        good = {field.name: value for field in FIELDS if (value := self.value(field)) and not wrong(field, value, self._files)}
        try:
            return settled(good, self._files)
        except UsageError:
            return settled({name: value for name, value in good.items() if name != "account"}, self._files)

    def preview(self) -> str:
        """The TOML of what is good so far, the external id hidden."""
        return shown(tables_of(self.answers()))

    def suggestions(self) -> tuple[str, ...]:
        """How what is being typed could go on."""
        text = self.fields[self.field.name].text.strip()
        wanted, offers = text.casefold(), self._offers.get(self.field.name, ())
        found = list(islice((offer for offer, folded in offers if folded.startswith(wanted) and offer != text), _SUGGESTED))
        if text and len(found) < _SUGGESTED:
            holding = (offer for offer, folded in offers if wanted in folded and not folded.startswith(wanted))
            found += islice(holding, _SUGGESTED - len(found))
        return tuple(found)

    def take_suggestion(self) -> bool:
        """Put the first suggestion in; False where there is none, or the insertion point is not at the end."""
        field, offers = self.fields[self.field.name], self.suggestions()
        if not offers or field.at < len(field.text):
            return False
        self.fields[self.field.name].text, self.fields[self.field.name].at = offers[0], len(offers[0])
        return True

    def _is_arn(self) -> bool:
        return self.fields["role"].text.strip().startswith("arn:")

    def _there(self) -> str:
        role = already(self._files, self.answers())
        return f"It is there already: {clean(role.key)}." if role else ""

    def _clash(self) -> str:
        try:
            settled({"role": self.fields["role"].text.strip(), "account": self.fields["account"].text.strip()}, self._files)
        except UsageError:
            return "The role's ARN is in another account; leave this empty."
        return ""


def _offers(files: Known) -> Mapping[str, tuple[tuple[str, str], ...]]:
    """What may be meant in each field, as it is and as it is compared."""
    catalog = files.catalog
    accounts = [account for account in catalog.accounts if account.id]
    serials = {role.request.mfa_serial for role in catalog.roles if role.request.mfa_serial}
    serials |= {source.mfa_serial for source in catalog.sources.values() if source.mfa_serial}
    offers = {
        "account": _once(label for account in accounts for label in (account.name, account.id) if label),
        "environment": _once((*(account.environment for account in accounts if account.environment), *ENVIRONMENTS)),
        "via": files.ways,
        "mfa_serial": tuple(sorted(serials)),
        "color": COLOURS,
        "duration": ("1h", "4h", "8h", "12h"),
    }
    return {name: tuple((text, text.casefold()) for text in texts) for name, texts in offers.items()}


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))
