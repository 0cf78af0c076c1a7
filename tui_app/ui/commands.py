"""The one table of commands: bindings, footer, palette, help page and the keys section of the README all come from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Literal

from tui_app.ui.key_names import SHOWN
from tui_app.values import frozen

Group = Literal["Session", "Hand over", "Look", "Copy", "Favourites", "Rows", "Table", "Move", "App"]
GROUPS: tuple[Group, ...] = ("Session", "Hand over", "Look", "Copy", "Favourites", "Rows", "Table", "Move", "App")
Place = Literal["list", "explorer", "both"]
"""Where a command's keys hold: in the list of roles and its pane, among the resources, or in both."""


@frozen
class Situation:
    """What decides which commands apply: the role under the cursor, where the focus is, what there is at all."""

    role: bool = False
    state: str = "never"
    working: bool = False
    in_pane: bool = False
    typing: bool = False
    """Whether the filter is being typed, so that letters are no keys."""
    narrow: bool = False
    filtered: bool = False
    stopped: bool = False
    live: int = 0
    marked: int = 0
    favourites: int = 0
    written: bool = False
    """Whether the role's place in a file is known."""
    place: Place = "list"
    part: str = ""
    """Among the resources, where the cursor is: `views`, `rows`, `details`, `refusals` or `answers`."""
    row: bool = False
    more: bool = False
    denied: bool = False
    refused: bool = False
    """Whether some of what was asked for is missing from the rows that are shown."""
    unasked: bool = False
    """Whether the table that is shown has not been asked for yet."""
    empty: bool = False
    """Whether there is no row to filter, and none is on its way."""
    filtering: bool = False
    """Whether a filter among the resources is being typed, so that letters are no keys."""
    sideways: bool = False
    """Whether the table that is shown has more columns than there is room for."""
    ended: bool = False
    """Whether the session has ended while its rows are shown."""
    beside: bool = False
    """Whether several roles are looked at side by side."""
    differences: bool = False
    """Whether only what not all were shown alike is shown."""
    reloads: bool = False
    """Whether the table that is shown reloads itself."""

    @property
    def held(self) -> bool:
        """Whether the role has a session that lasts."""
        return self.state in ("live", "expiring")


When = Callable[[Situation], bool]


def _always(_: Situation) -> bool:
    return True


def _on_role(now: Situation) -> bool:
    return now.role


def _idle_role(now: Situation) -> bool:
    return now.role and not now.working


def _renewable(now: Situation) -> bool:
    return now.marked > 0 or (now.role and not now.working and now.state != "never")


def _in_rows(now: Situation) -> bool:
    return now.part in ("rows", "matrix", "search")


def _has_columns(now: Situation) -> bool:
    return _in_rows(now) or (now.part == "views" and now.sideways)


def _can_search(now: Situation) -> bool:
    return now.place == "explorer" or now.live > 0


def _in_table(now: Situation) -> bool:
    return now.part == "rows" and not now.empty


def _on_a_table(now: Situation) -> bool:
    return now.part in ("rows", "details")


def _not_in_matrix(now: Situation) -> bool:
    return now.part != "matrix"


def _has_regions(now: Situation) -> bool:
    return now.part not in ("matrix", "search", "answers")


def _in_list_or_rows(now: Situation) -> bool:
    return now.part in ("views", "matrix") or (now.part in ("rows", "search") and now.row) or now.unasked


def _on_resource(now: Situation) -> bool:
    return now.part in ("rows", "search") and now.row


def _on_thing(now: Situation) -> bool:
    return now.row


def _to_copy(now: Situation) -> bool:
    return now.row or now.denied


def _not_over_rows(now: Situation) -> bool:
    return now.part not in ("details", "refusals")


def _beside(now: Situation) -> bool:
    return now.beside and now.part == "rows"


@frozen
class Command:
    """One thing a person can do. `keys` are Textual's names; `footer` orders the footer, 0 keeps it out; `verb` is shown there."""

    id: str
    keys: tuple[str, ...]
    verb: str
    help: str
    group: Group
    when: When = _always
    footer: int = 0
    right: bool = False
    """Whether it stands at the footer's right end."""
    spare: int = 0
    """Which leave the footer first where it has no room: the highest."""
    place: Place = "list"


COMMANDS: tuple[Command, ...] = (
    Command("role.assume", ("enter",), "assume", "assume, or open", "Session", _idle_role, 1),
    Command("role.renew", ("r",), "renew", "renew this", "Session", _renewable, 2),
    Command("roles.renew", ("R",), "renew all", "renew all or marked", "Session", lambda now: now.live > 0 or now.marked > 0),
    Command(
        "role.forget", ("x",), "forget", "forget", "Session", lambda now: now.held or now.marked > 0 or now.state in ("failed", "expired")
    ),
    Command("role.mark", ("space",), "mark", "mark several", "Session", _on_role, 9, spare=6),
    Command("role.add", ("a",), "add", "add a role", "Session"),
    Command("sso.login", (), "sign in", "sign in to SSO", "Session"),
    Command("sso.new", (), "new sign-in", "sign in elsewhere", "Session"),
    Command("sso.logout", (), "sign out", "sign out of SSO", "Session"),
    Command("role.shell", ("s",), "shell", "subshell", "Hand over", _idle_role, 3),
    Command("role.shell_renewing", ("S",), "shell that renews", "subshell that renews", "Hand over", _idle_role),
    Command("role.export", ("e",), "export", "export", "Hand over", _idle_role, 4),
    Command("role.link", ("c",), "link", "copy switch-role link", "Hand over", _on_role, 5, spare=2),
    Command("role.console", ("C",), "console", "console, signed in", "Hand over", _idle_role),
    Command("look.resources", ("v",), "explore", "explore resources", "Look", _on_role, 6),
    Command("look.matrix", ("V",), "compare all", "all live side by side", "Look", lambda now: now.live > 0, 10, spare=8),
    Command("look.search", ("F",), "search", "search live accounts", "Look", _can_search, 13, spare=7, place="both"),
    Command("look.trust", ("t",), "trust", "trust and chain", "Look", _on_role, 7, spare=3),
    Command("look.pane", ("tab",), "details", "details and back", "Look", _on_role),
    Command("look.next", ("right", "l"), "tabs", "next tab", "Look", _on_role),
    Command("look.previous", ("left", "h"), "tabs", "previous tab", "Look", _on_role),
    Command("look.origin", ("o",), "open", "open its file", "Look", lambda now: now.written),
    Command("look.reload", ("ctrl+r",), "reload", "reload what is shown", "Look"),
    Command("discover.refresh", (), "look for roles", "look for roles again", "Look"),
    Command("roles.import", (), "import", "import roles", "Look"),
    Command("copy.account", ("y",), "account id", "account id", "Copy", _on_role),
    Command("copy.arn", ("Y",), "role ARN", "role ARN", "Copy", _on_role),
    Command("favourite.toggle", ("f",), "favourite", "set or unset", "Favourites", _on_role),
    Command("favourite.go", tuple("123456789"), "go to", "go to", "Favourites", lambda now: now.favourites > 0),
    Command("explore.open", ("enter",), "open", "open what lies in it", "Rows", _in_list_or_rows, 1, place="explorer"),
    Command("explore.details", ("d",), "details", "tree, JSON or YAML", "Rows", _on_resource, 2, place="explorer"),
    Command("explore.console", ("o",), "console", "open in the console", "Rows", _on_thing, 5, spare=1, place="explorer"),
    Command("explore.copy_id", ("y",), "copy id", "copy id, or request", "Rows", _to_copy, 3, place="explorer"),
    Command("explore.refusals", ("D",), "why not", "what is missing, why", "Rows", lambda now: now.refused, 12, spare=5, place="explorer"),
    Command("explore.copy_arn", ("Y",), "copy ARN", "copy its ARN", "Rows", _on_thing, 4, spare=2, place="explorer"),
    Command("explore.pane", ("tab",), "views", "views, rows, format", "Rows", _not_in_matrix, footer=9, spare=1, place="explorer"),
    Command("explore.more", ("m",), "more", "one page more", "Table", lambda now: now.more, 6, place="explorer"),
    Command("explore.all", ("M",), "all pages", "all pages", "Table", lambda now: now.more, place="explorer"),
    Command("explore.reload", ("ctrl+r",), "reload", "reload what is shown", "Table", footer=10, spare=3, place="explorer"),
    Command("explore.every", ("e",), "reload every …", "reload by itself", "Table", _on_a_table, place="explorer"),
    Command("explore.sort_next", ("greater_than_sign",), "sort", "sort by next column", "Table", _in_rows, place="explorer"),
    Command("explore.sort_previous", ("less_than_sign",), "sort", "by the column before", "Table", _in_rows, place="explorer"),
    Command("explore.turn", ("s",), "turn", "turn the order round", "Table", _in_rows, place="explorer"),
    Command("explore.columns", ("c",), "choose columns", "choose columns, tags", "Table", _in_table, 7, spare=4, place="explorer"),
    Command("explore.right", ("right", "l"), "columns", "columns to the right", "Table", _has_columns, 4, place="explorer"),
    Command("explore.left", ("left", "h"), "left", "columns to the left", "Table", _has_columns, place="explorer"),
    Command("explore.regions", ("R",), "regions", "choose regions", "Table", _has_regions, footer=11, spare=4, place="explorer"),
    Command("explore.differences", ("equals_sign",), "differences", "only the differences", "Table", _beside, 7, place="explorer"),
    Command("explore.write", ("w",), "write", "write CSV or JSON", "Table", _not_over_rows, 8, spare=5, place="explorer"),
    Command("explore.renew", ("r",), "renew", "renew the session", "Table", lambda now: now.ended, 1, place="explorer"),
    Command("move.up", ("up", "k"), "up", "one row up", "Move", place="both"),
    Command("move.down", ("down", "j"), "down", "one row down", "Move", place="both"),
    Command("move.first", ("g", "home"), "first", "first", "Move", place="both"),
    Command("move.last", ("G", "end"), "last", "last", "Move", place="both"),
    Command("move.page_down", ("ctrl+f", "pagedown"), "page down", "page down", "Move", place="both"),
    Command("move.page_up", ("ctrl+b", "pageup"), "page up", "page up", "Move", place="both"),
    Command("list.group", ("b",), "group", "change the groups", "Move"),
    Command(
        "app.filter",
        ("slash",),
        "filter",
        "filter",
        "App",
        lambda now: _not_over_rows(now) and not now.empty,
        8,
        place="both",
    ),
    Command(
        "app.back",
        ("escape",),
        "back",
        "back, cancel, clear",
        "App",
        lambda now: now.place == "explorer" or now.in_pane or now.filtered or now.working or now.marked > 0,
        place="both",
    ),
    Command("app.commands", ("colon", "ctrl+p"), "commands", "every command", "App", place="both"),
    Command("app.theme", (), "theme", "dark, light or plain", "App", place="both"),
    Command("app.suspend", ("ctrl+z",), "suspend", "to the shell until fg", "App", place="both"),
    Command("app.help", ("question_mark",), "help", "this page", "App", footer=1, right=True, place="both"),
    Command("app.quit", ("q",), "quit", "quit", "App", footer=2, right=True, place="both"),
)
BY_ID: Mapping[str, Command] = {command.id: command for command in COMMANDS}

Keymap = Mapping[str, tuple[str, ...]]
DEFAULT_KEYS: Keymap = {command.id: command.keys for command in COMMANDS}


def key_text(key: str) -> str:
    """A key as a person reads it: `/`, `esc`, `ctrl+f`."""
    return SHOWN.get(key, key)


def keys_text(command: Command, keys: Keymap = DEFAULT_KEYS) -> str:
    """The keys of a command for a page that has room: `1…9`, `↑ k`."""
    mine = keys.get(command.id, ())
    return "1…9" if mine == tuple("123456789") else " ".join(key_text(key) for key in mine)


def first_key(command_id: str, keys: Keymap = DEFAULT_KEYS) -> str:
    """The key that a footer or a sentence names for a command."""
    mine = keys.get(command_id, ())
    return key_text(mine[0]) if mine else ""


def applies(command: Command, now: Situation) -> bool:
    """Whether it can be run now, where the keys go."""
    return command.place in (now.place, "both") and command.when(now)


def commands_by_key(keys: Keymap, place: Place = "list") -> Mapping[str, str]:
    """The command that each key runs in a place."""
    return {key: command for command, mine in keys.items() if BY_ID[command].place in (place, "both") for key in mine}


def find_commands(query: str, keys: Keymap = DEFAULT_KEYS, commands: Iterable[Command] = COMMANDS) -> list[Command]:
    """The commands whose words hold every word of the query; a key typed alone finds its command first."""
    words = query.casefold().split()
    found = [
        command
        for command in commands
        if all(
            word in f"{command.help} {command.verb} {command.group} {command.id} {keys_text(command, keys)}".casefold() for word in words
        )
    ]
    return sorted(found, key=lambda command: query.strip() not in {key_text(key) for key in keys.get(command.id, ())})


def keys_markdown(keys: Keymap = DEFAULT_KEYS) -> str:
    """The table as Markdown, for the README."""
    rows = ["| key | does | id |", "|---|---|---|"]
    for group in GROUPS:
        rows.append(f"| **{group}** | | |")
        for command in COMMANDS:
            if command.group == group:
                shown = " ".join(f"`{word}`" for word in keys_text(command, keys).split()) or "palette only"
                rows.append(f"| {shown} | {command.help} | `{command.id}` |")
    return "\n".join(rows) + "\n"
