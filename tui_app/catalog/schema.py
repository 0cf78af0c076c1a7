"""Every setting of `config.toml` as data: its name, what kind of value it takes, and AWS's limits on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from tui_app.aws.partitions import PARTITIONS
from tui_app.catalog import limits, view_limits
from tui_app.catalog.limits import Check
from tui_app.values import frozen

Kind = Literal["text", "texts", "flag", "duration", "text table", "free", "table", "tables", "named tables"]


@frozen
class Setting:
    """One setting. `check` looks at each text, `words` are the only ones allowed, `longest` bounds a duration or the number of texts,
    `shortest` a duration.

    A "table" has `settings` of its own, "tables" is `[[a list of them]]`, "named tables" is one for each name: `[environment.prod]`.
    """

    kind: Kind
    meaning: str
    check: Check | None = None
    words: tuple[str, ...] = ()
    longest: int = 0
    required: bool = False
    settings: Mapping[str, Setting] | None = None
    called: str = ""
    shortest: int = limits.SHORTEST
    own: bool = False
    """Whether it holds only in files of one's own: a file that a team shares must not run programs or say where requests go."""


REQUEST: Mapping[str, Setting] = {
    "duration": Setting("duration", "How long a session lasts.", longest=limits.LONGEST_ROLE),
    "mfa_serial": Setting("text", "The MFA device whose code is asked for; an empty text switches it off.", limits.mfa_serial),
    "session_name": Setting("text", "The session's name in CloudTrail.", limits.session_name),
    "mfa": Setting("text", "Where the code goes.", words=("auto", "session", "direct")),
}

ROLE: Mapping[str, Setting] = {
    "name": Setting("text", "The role's name, with its path.", limits.role_name, required=True),
    "via": Setting("text", "A profile, another role as account/role, or a start page as sso-session NAME.", limits.some_text),
    "external_id": Setting("text", "The external id that the trust policy wants.", limits.external_id),
    "external_id_command": Setting("texts", "A program that prints the external id.", limits.some_text, own=True),
    **REQUEST,
    "source_identity": Setting("text", "The identity that CloudTrail keeps through the chain.", limits.source_identity),
    "tags": Setting("text table", "Session tags.", longest=limits.TAGS),
    "transitive_tags": Setting("texts", "Keys of the tags that go on through the chain.", limits.some_text, longest=limits.TAGS),
    "policy": Setting("text", "A session policy as JSON, to have less than the role may.", limits.policy),
    "policy_arns": Setting("texts", "Managed policies to the same end.", limits.policy_arn, longest=limits.POLICIES),
    "regions": Setting("texts", "Regions to look at; the first is the default.", limits.region),
    "color": Setting("text", "A colour for the list.", limits.some_text),
    "description": Setting("text", "A note to yourself."),
}

ACCOUNT: Mapping[str, Setting] = {
    "id": Setting("text", "The account's 12 digits, in quotes.", limits.account_id, required=True),
    "name": Setting("text", "What you call it.", limits.some_text),
    "alias": Setting("text", "Its alias in AWS.", limits.alias),
    "environment": Setting("text", "prod, staging, dev or a word of your own.", limits.some_text),
    "partition": Setting("text", "Which AWS it belongs to.", words=tuple(partition.id for partition in PARTITIONS)),
    "regions": Setting("texts", "Regions to look at; the first is the default.", limits.region),
    "confirm": Setting("flag", "Ask before its credentials are handed over."),
    "tags": Setting("text table", "Words to find it by."),
    "role": Setting("tables", "Its roles.", settings=ROLE, called="a role"),
}

DEFAULTS: Mapping[str, Setting] = {
    "region": Setting("text", "The region where nothing else says one.", limits.region),
    **REQUEST,
    "mfa_session": Setting("duration", "How long an MFA session lasts.", longest=limits.LONGEST_MFA_SESSION),
    "mfa_command": Setting("texts", "A program that prints an MFA code.", limits.some_text),
    "prefetch": Setting("text", "Which sessions the screen gets ahead, where that needs no code.", words=("none", "favourites")),
}

ENVIRONMENT: Mapping[str, Setting] = {
    "color": Setting("text", "Its colour.", limits.some_text),
    "confirm": Setting("flag", "Ask before its credentials are handed over."),
}

SIGN_IN: Mapping[str, Setting] = {
    "start_url": Setting("text", "The address of the start page.", limits.start_url, required=True),
    "region": Setting("text", "The region of the start page.", limits.region, required=True),
    "scopes": Setting("texts", "What is asked for at sign-in; otherwise sso:account:access.", limits.some_text),
}

VIEW: Mapping[str, Setting] = {
    "name": Setting("text", "What it is called on the command line.", view_limits.view_name, required=True),
    "title": Setting("text", "What it is called on the screen.", limits.some_text),
    "service": Setting("text", "The service, as the AWS CLI names it.", view_limits.service, required=True),
    "operation": Setting("text", "The operation of its API; one that only reads.", view_limits.operation, required=True),
    "parameters": Setting("free", "What the operation is asked with."),
    "rows": Setting("text", "Where the rows are in the answer, as JMESPath.", view_limits.expression, required=True),
    "columns": Setting("texts", "The columns, each 'Head = JMESPath on the row'.", view_limits.column, longest=20, required=True),
    "id": Setting("text", "What tells rows apart, as JMESPath; otherwise the first column.", view_limits.expression),
    "arn": Setting("text", "The row's ARN, as JMESPath.", view_limits.expression),
    "tags": Setting("text", "The row's tags, as JMESPath.", view_limits.expression),
    "action": Setting("text", "The IAM action, where it is not service:operation.", view_limits.action),
    "scope": Setting("text", "Whether it is asked once or in each region.", words=("global", "regional")),
}

TOP: Mapping[str, Setting] = {
    "include": Setting("texts", "Files of accounts that others write, as paths from here; ~ and * may be used.", limits.path),
    "defaults": Setting("table", "What holds for every role that does not say otherwise.", settings=DEFAULTS, called="[defaults]"),
    "account": Setting("tables", "Accounts with their roles.", settings=ACCOUNT, called="an account"),
    "storage": Setting(
        "table",
        "Where sessions are kept.",
        settings={
            "sessions": Setting("text", "file, keyring or memory.", words=("file", "keyring", "memory")),
            "share_with_aws_cli": Setting("flag", "Keep sessions in the AWS CLI's cache too, so that aws --profile asks for no code."),
        },
        called="[storage]",
    ),
    "aws": Setting(
        "table",
        "How AWS is reached.",
        settings={"endpoint_url": Setting("text", "An AWS of your own: https, or on this machine.", limits.endpoint_url)},
        called="[aws]",
    ),
    "keys": Setting("free", "Keys by command id."),
    "theme": Setting(
        "table",
        "How it looks.",
        settings={
            "name": Setting("text", "dark, light or plain.", words=("dark", "light", "plain")),
            "glyphs": Setting("text", "Which signs are drawn.", words=("auto", "unicode", "ascii")),
        },
        called="[theme]",
    ),
    "explorer": Setting(
        "table",
        "What is looked at in an account.",
        settings={
            "views": Setting("texts", "The views of the first sight.", limits.some_text),
            "regions": Setting("texts", "The regions they are asked in.", limits.region),
            "reload": Setting(
                "duration",
                "The time between two reloads that is offered first where a table is made to reload itself.",
                longest=limits.LONGEST_RELOAD,
                shortest=limits.SHORTEST_RELOAD,
            ),
            "view": Setting("tables", "Views of your own.", settings=VIEW, called="a view"),
        },
        called="[explorer]",
    ),
    "shell": Setting(
        "table",
        "The subshell.",
        settings={
            "program": Setting("text", "The shell; otherwise $SHELL.", limits.some_text),
        },
        called="[shell]",
    ),
    "console": Setting(
        "table",
        "The web console.",
        settings={
            "browser": Setting("texts", "The program that opens it, with {url}; otherwise $BROWSER or the system's own.", limits.some_text),
            "sign_out": Setting("flag", "Sign out of the console's present session first."),
        },
        called="[console]",
    ),
    "sso": Setting("named tables", "IAM Identity Center start pages by name.", settings=SIGN_IN, called="a sign-in"),
    "environment": Setting("named tables", "Colours and confirmations by environment.", settings=ENVIRONMENT, called="an environment"),
}

SHARED = ("account", "environment")
"""The tables that are taken from an included file; everything else is its reader's own to say."""
