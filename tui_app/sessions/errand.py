"""One call of the broker in the making: what is wanted, who may be asked, and what its plan comes to."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tui_app import paths
from tui_app.arns import account_of
from tui_app.catalog.login_sessions import SETTING, signed_in
from tui_app.catalog.settings import Defaults
from tui_app.errors import ConfigUnusable, NeedsPerson
from tui_app.model import Account, Chain, Role, Source
from tui_app.secret import Secret
from tui_app.sessions.codes import AskCode, CodeRequest
from tui_app.sessions.consent import AskConsent, Program
from tui_app.sessions.identity import role_of
from tui_app.sessions.plan import Plan, PlannedHop
from tui_app.sessions.start import PlannedStart
from tui_app.sessions.wanted import Wanted
from tui_app.text import clean
from tui_app.values import frozen


def no_code(_request: CodeRequest) -> Secret:
    """Where nobody is asked for codes.

    Raises:
        NeedsPerson: always.
    """
    raise NeedsPerson("A code is needed, and nobody is asked here.", "Assume the role first.")


_SETTINGS = ("mfa_command", "mfa_process")
"""What a program that prints codes is called: in our own config, and in aws-vault's."""


@frozen
class Errand:
    """What one call wants, and who may be asked meanwhile."""

    wanted: Wanted
    ask_code: AskCode
    ask_consent: AskConsent
    cancelled: Callable[[], bool]
    progress: Callable[[str], None]


def refuse_problems(plan: Plan, environ: Mapping[str, str]) -> None:
    """Go on only with files that resolve.

    Raises:
        ConfigUnusable: they do not; with the first problem and its place.
    """
    if plan.chain.problems:
        problem = plan.chain.problems[0]
        where = paths.shown(str(problem.where or ""), environ)
        place = f" ({clean(where)})" if where else ""
        raise ConfigUnusable(f"{clean(problem.message).rstrip('.')}{place}.", clean(problem.mend), where)


def target_of(plan: Plan) -> PlannedHop | PlannedStart:
    """What gives the plan's role its session.

    Raises:
        ConfigUnusable: nothing does.
    """
    if plan.target is None:
        raise ConfigUnusable(f"{clean(plan.chain.role.key)} has no way to get a session.", "Look at it with `roledeck chain`.")
    return plan.target


def code_program(chain: Chain, defaults: Defaults) -> Program | None:
    """The program that prints codes for the chain's first call: the role's, else that of the defaults."""
    own = chain.hops[0].request.mfa_command
    if own:
        # the chain has taken it from the first that says one: a hop, else the profile that the chain starts at
        written = ((hop.role, name) for hop in chain.hops for name in _SETTINGS if name in hop.role.origins)
        role, setting = next(written, (None, "mfa_process"))
        owner = role.key if role else chain.source.profile or "the source"
        return Program(setting, own, owner, role.origins[setting] if role else chain.source.origin)
    where = defaults.origins.get("mfa_command")
    return Program("mfa_command", defaults.mfa_command, "the defaults", where) if defaults.mfa_command else None


def whose_keys(source: Source, environ: Mapping[str, str]) -> str:
    """`It is ****ABCD of dev (~/.aws/credentials:3).`, for a refusal of a source's own keys; an empty text where they are not written."""
    key = source.access_key
    if key is None:
        return ""
    where = clean(paths.shown(str(source.origin), environ)) if source.origin else ""
    whose = f" of {clean(source.profile)}" if source.profile else ""
    return f"It is ****{clean(key.id[-4:])}{whose}{f' ({where})' if where else ''}."


def role_of_source(source: Source) -> Role:
    """The role that a source itself is, where no profile of the catalog is it."""
    details = source.details
    if (written := details.get(SETTING)) is not None:
        who = signed_in(written)
        arn, account, name = (who.arn, who.account, who.name) if who else (written, "", written)
        return Role(source.profile or arn, arn, Account(account), name, profile=source.profile)
    arn = details.get("role_arn", "")
    number, name = (details.get("sso_account_id", ""), details.get("sso_role_name", "")) if not arn else (account_of(arn), role_of(arn)[1])
    return Role(source.profile or arn or name, arn, Account(number), name, profile=source.profile)
