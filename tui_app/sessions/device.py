"""Codes for one plan: asked at the right desk, for the device that AWS takes, and whose keys they go with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tui_app.arns import account_of
from tui_app.aws.partitions import sts_region
from tui_app.catalog import limits
from tui_app.errors import Cancelled, NeedsPerson, Refused, RoledeckError
from tui_app.secret import Secret
from tui_app.sessions.codes import CodeDesk, CodeRequest, GoesInto
from tui_app.sessions.locks import Stop
from tui_app.sessions.plan import Plan
from tui_app.sessions.record import Record
from tui_app.sessions.tools import Tools

_KEYS = frozenset({"unknown_key", "wrong_secret", "bad_token", "expired"})
"""Refusals of the keys themselves."""


class Codes:
    """`serial` is the device that codes are asked of: the plan's, or the user's own once AWS has refused that and taken the other."""

    def __init__(self, tools: Tools, plan: Plan, stop: Stop) -> None:
        self._tools = tools
        self._plan = plan
        self._stop = stop
        key = plan.chain.source.access_key
        self._whose = key.id if key else ""
        self.serial = tools.lessons.device(self._whose, plan.serial) or plan.serial

    def desk(self, *, quiet: bool) -> CodeDesk:
        """Where a code is asked; `quiet`: without a person.

        Raises:
            NeedsPerson: only a person can give one.
        """
        desk = self._tools.alone() if quiet else self._tools.desk
        if desk is None:
            raise NeedsPerson("Renewing needs a code.", "Assume the role again.")
        return desk

    def with_code(
        self, desk: CodeDesk, asking: CodeRequest, lock: str, found: Callable[[], Record | None], send: Callable[[Secret], Record]
    ) -> Record:
        """What comes of a code; where AWS says that the device is not this user's, the user's own device is offered, once."""
        try:
            return desk.with_code(asking, lock, found, send, self._stop)
        except Refused as refusal:
            own = self._own_device(asking.serial) if refusal.cause == "wrong_device" else ""
            if not own:
                raise self.blamed(refusal) from None
            said = f"AWS says that {asking.serial} is no device of this user."
            refusal.next_step = f"The user's own device is {own}: set mfa_serial to it."
            self.serial = own
            offer = replace(asking, serial=own, device_account=account_of(own), why=f"{said} {refusal.next_step}", refusal="")
            try:
                record = desk.with_code(offer, lock, found, send, self._stop)
            except (Cancelled, NeedsPerson):
                raise refusal from None
            self._tools.lessons.learn_device(self._whose, self._plan.serial, own)
            return record

    def blamed(self, refusal: Refused) -> Refused:
        """The refusal of a request that the source's own keys made; one that is about the keys says whose they are."""
        if refusal.cause in _KEYS and self._tools.whose not in refusal.next_step:
            refusal.next_step = f"{refusal.next_step} {self._tools.whose}".strip()
        return refusal

    def request(self, goes_into: GoesInto, duration: int, covers: int, why: str) -> CodeRequest:
        """What a person is told when a code is asked."""
        plan = self._plan
        return CodeRequest(
            serial=self.serial,
            device_account=account_of(self.serial),
            source_profile=plan.chain.source.profile or "",
            role=plan.chain.role,
            goes_into=goes_into,
            duration=duration,
            covers=covers,
            why=why,
            hops=tuple(f"{hop.hop.role.account.label}/{hop.hop.role.short_name}" for hop in plan.hops),
            external_id=any(hop.hop.request.external_id or hop.hop.request.external_id_command for hop in plan.hops),
        )

    def _own_device(self, wrong: str) -> str:
        """A device of the source's user that shows codes, by ListMFADevices; an empty text where there is none or nobody may ask."""
        try:
            region = sts_region(self._tools.region(self._plan.hops[0]), wrong if wrong.startswith("arn:") else "")
            answer = self._tools.door.call("iam", "ListMFADevices", region=region, key=self._tools.source(), parameters={})
        except RoledeckError:
            return ""
        serials = [str(device.get("SerialNumber", "")) for device in answer.get("MFADevices", []) if isinstance(device, dict)]
        return next((serial for serial in serials if serial != wrong and ":u2f/" not in serial and not limits.mfa_serial(serial)), "")
