"""Who the role is: GetCallerIdentity's answer, or why there is none, and where every setting comes from."""

from __future__ import annotations

from tui_app.clock import ago, clock_time, time_left, typed_duration
from tui_app.model import Origin, Role, Session
from tui_app.sessions.identity import is_role
from tui_app.text import clean
from tui_app.ui.draw import BLANK, LABEL, fact, facts, keys_row, line, paragraph, wrapped, wrapped_arn
from tui_app.ui.happenings import Failure
from tui_app.ui.panes.context import Pane
from tui_app.ui.theme import Part, Row

_SEEN = ("s3-buckets", "ec2-instances", "lambda-functions", "dynamodb-tables", "iam-users")
"""The views whose counts are worth a line beside the identity."""


def identity_rows(pane: Pane) -> list[Row]:
    """The Identity tab."""
    work, failure = pane.store.work.get(pane.entry.key), pane.store.failures.get(pane.entry.key)
    rows: list[Row] = []
    if work:
        rows += [line(pane.width, [(f"  {pane.spinner} ", "bold accent"), (_working(work.word), "bold text")])]
        rows += paragraph(pane.width, work.detail, "muted", margin=4) if work.detail else []
        rows += [BLANK, *keys_row(pane.width, [(pane.key("app.back"), "cancel")]), BLANK]
    elif failure:
        rows += [*failure_rows(pane, failure), BLANK]
    if pane.session:
        rows += [*_verified(pane, pane.session), BLANK]
    elif not work and not failure:
        word = "Expired." if pane.store.state(pane.entry.key, pane.now) == "expired" else "Not assumed yet."
        rows += [
            line(pane.width, [("  ", ""), (word, "bold text")]),
            BLANK,
            *keys_row(pane.width, [(pane.key("role.assume"), "assume")], 2),
            BLANK,
        ]
    rows += settings_rows(pane)
    rows += _uses(pane)
    return rows


def _working(word: str) -> str:
    return {"code?": "Waiting for a code.", "renewing": "Renewing.", "assuming": "Assuming."}.get(word, word)


def failure_rows(pane: Pane, failure: Failure) -> list[Row]:
    """Why it failed, what to do, what to press, and AWS's own words."""
    width = pane.width
    rows = paragraph(width, failure.message, "bold text", lead=("✕ ", "bold wrong"))
    if failure.next_step:
        rows += paragraph(width, failure.next_step, "text", margin=4)
    rows += [BLANK, *keys_row(width, [(pane.key("role.assume"), "try again"), (pane.key("look.origin"), "open where it is written")])]
    if failure.aws_message:
        rows += [BLANK, fact(width, "AWS said", (failure.code or "no code", "text"))]
        rows += paragraph(width, failure.aws_message, "muted", margin=2 + LABEL)
        rows += facts(width, "Request", wrapped(failure.request_id, width - LABEL - 4), "muted") if failure.request_id else []
    return [*rows, BLANK, fact(width, "Tried", (clock_time(failure.at, pane.now), "text"), (f"  {ago(pane.now - failure.at)}", "muted"))]


def _verified(pane: Pane, session: Session) -> list[Row]:
    width, identity = pane.width, session.identity
    room = width - LABEL - 4
    rows: list[Row] = []
    if pane.role and not is_role(pane.role.arn, identity.arn):
        rows += paragraph(width, "This is not the role that was asked for.", "bold wrong", lead=("✕ ", "bold wrong"))
        rows += [*paragraph(width, f"Asked for {clean(pane.role.arn)}.", "text", margin=4), BLANK]
        verdict: list[Part] = [("✕ ", "bold wrong"), (f"{ago(pane.now - identity.verified)}, another than asked for", "text")]
    else:
        verdict = [("✓ ", "bold live"), (f"{ago(pane.now - identity.verified)}, the one asked for", "text")]
    account = clean(identity.account)
    name = pane.entry.account if pane.entry.account != account else ""
    rows.append(fact(width, "Verified", *verdict))
    rows.append(fact(width, "Account", (account, "text"), (f"  {name}", "muted")))
    rows += _arn(width, "ARN", clean(identity.arn))
    rows += facts(width, "User id", wrapped_arn(clean(identity.user_id), room))
    region = clean(identity.region)
    others = [item for item in (pane.role.regions if pane.role else ()) if item != identity.region]
    rows.append(fact(width, "Region", (region or "none set", "text"), ("".join(f", {clean(item)}" for item in others), "muted")))
    return rows


def settings_rows(pane: Pane) -> list[Row]:
    """Where the chain starts and what is asked for, each with its file and line."""
    role = pane.role
    if role is None:
        return []
    room = pane.width - LABEL - 4
    rows: list[Row] = []
    if not pane.session:
        rows += _arn(pane.width, "Role ARN", clean(role.arn))
    rows.append(_setting(pane, "Source", _source(pane, role), _origin(role, "via", "source_profile", "credential_source", "sso_session")))
    if looked_up := pane.looked_up(role.origin):
        rows.append(fact(pane.width, "Looked up", (looked_up, "text")))
    if role.request.external_id or role.request.external_id_command:
        rows.append(_setting(pane, "External id", "set", _origin(role, "external_id", "external_id_command")))
    rows.append(_setting(pane, "MFA", _mfa(pane, role), role.origins.get("mfa_serial")))
    rows.append(_duration(pane, role))
    if role.description:
        rows += facts(pane.width, "About", wrapped(clean(role.description), room), "muted")
    return rows + _remarks(pane)


def _remarks(pane: Pane) -> list[Row]:
    """What lint says of the role's own place in the files: the worst of it, and how much more there is."""
    found = pane.findings.remarks.get(pane.entry.key, ())
    if not found:
        return []
    first, room = found[0], pane.width - LABEL - 4
    rows = facts(pane.width, "Files", wrapped(clean(f"{first.message} {first.mend}"), room), "text")
    more = f"  and {len(found) - 1} more: roledeck lint" if len(found) > 1 else ""
    return [*rows, fact(pane.width, "", (pane.place(first.where, room - len(more)), "faint"), (more, "faint"))]


def _arn(width: int, label: str, arn: str) -> list[Row]:
    """An ARN as AWS gave it: beside its label, or below it where its first part is too long for that."""
    head, room = arn.find("/") + 1 or len(arn), width - LABEL - 4
    if head <= room:
        return facts(width, label, wrapped_arn(arn, room))
    return [fact(width, label), *(line(width, [("    ", ""), (text, "text")]) for text in wrapped_arn(arn, width - 4))]


def _setting(pane: Pane, label: str, value: str, origin: Origin | None) -> Row:
    room = pane.width - LABEL - 4 - len(value) - 2
    where = pane.place(origin, room) if room > 10 else ""  # noqa: PLR2004 - less would name no file
    return fact(pane.width, label, (value, "text"), (f"  {where}" if where else "", "faint"))


def _origin(role: Role, *names: str) -> Origin | None:
    return next((role.origins[name] for name in names if name in role.origins), role.origin)


def _source(pane: Pane, role: Role) -> str:
    return clean(role.via or (pane.plan.chain.source.profile if pane.plan else "") or "none")


def _mfa(pane: Pane, role: Role) -> str:
    session, plan = pane.session, pane.plan
    mfa = pane.store.mfa_session(pane.now)
    if session and session.source_of_code == "mfa_session" and mfa:
        return f"session of {clock_time(mfa.issued, pane.now)}, {time_left(mfa.credentials.left(pane.now))} left"
    if session and session.source_of_code == "code":
        return "code sent with AssumeRole"
    if plan and any(hop.asks_for_code for hop in plan.hops):
        return f"asks for a code of {clean(plan.serial.rpartition(':')[2])}"
    if role.request.mfa_serial:
        return clean(role.request.mfa_serial.rpartition(":")[2])
    return "no code needed"


def _duration(pane: Pane, role: Role) -> Row:
    step = pane.plan.target if pane.plan else None
    seconds = step.duration if step else role.request.duration or 3600
    why = f", {clean(step.why_duration)}" if step and step.why_duration else ""
    if not seconds:
        # a permission set has a duration of its own, which only its sessions tell
        return fact(pane.width, "Duration", (why.removeprefix(", "), "muted"))
    return fact(pane.width, "Duration", (typed_duration(seconds), "text"), (why, "muted"))


def _uses(pane: Pane) -> list[Row]:
    """What the identity can see, and who uses it."""
    rows: list[Row] = []
    sight = pane.findings.sight_of(pane.entry.key, pane.session)
    if sight and sight.results:
        readable = sum(result.state == "ok" for result in sight.results.values())
        denied = sum(result.state == "denied" for result in sight.results.values())
        rows += [BLANK, line(pane.width, [("  It can see", "bold text"), (f"    {readable} readable, {denied} denied", "muted")])]
        for name in _SEEN:
            found = [result for result in sight.results.values() if result.view.name == name]
            if found and found[0].state == "denied":
                rows.append(fact(pane.width, found[0].view.title[:LABEL], ("⊘ denied", "muted"), (f"  {found[0].action}", "faint")))
            elif found and found[0].state == "ok":
                rows.append(fact(pane.width, found[0].view.title[:LABEL], (f"{sum(item.count for item in found):>2}", "text")))
    child = pane.store.children.get(pane.entry.key)
    if child:
        rows += [BLANK, line(pane.width, [("  In use by", "bold text")])]
        rows.append(fact(pane.width, clock_time(child.at, pane.now), (child.words, "text")))
        if child.stopped:
            rows += [BLANK, *keys_row(pane.width, [(pane.key("role.shell"), "resume the shell")], 2)]
    return rows
