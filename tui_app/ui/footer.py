"""The keys of the footer: those that do something now, most used first, each with the verb that fits."""

from __future__ import annotations

from tui_app.ui.commands import COMMANDS, DEFAULT_KEYS, Command, Keymap, Situation, applies, first_key

_FILTERED = {"views": "views", "matrix": "roles"}
"""What a filter among the resources leaves, by the part that has the keys; rows elsewhere."""

_ABOVE_ROWS = frozenset({"", "views", "matrix", "search"})
"""Where a search across all accounts is as near as what lies below: the list of roles, and these parts among the resources."""


def footer(now: Situation, keys: Keymap = DEFAULT_KEYS) -> tuple[list[tuple[str, str, str]], list[tuple[str, str, str]]]:
    """Key, verb and command id for the left and the right end of the footer, most used first; only what does something here.

    The id is empty for a key that is no command's.
    """
    if now.typing:
        if now.part == "search":
            return [("enter", "search", ""), ("↑ ↓", "earlier words", ""), ("esc", "back", "app.back")], []
        return [("enter", "to the list", ""), ("esc", "show all", "app.back")], []
    if now.filtering:
        return [("enter", f"to the {_FILTERED.get(now.part, 'rows')}", ""), ("esc", "show all", "app.back")], []
    able = [command for command in COMMANDS if command.footer and applies(command, now) and keys.get(command.id) and _needed(command, now)]
    left, right = ([item for item in able if item.right is side] for side in (False, True))
    shown = [(_key(item, keys), verb(item, now), item.id) for item in sorted(left, key=lambda item: item.footer)]
    ends = [(first_key(item.id, keys), verb(item, now), item.id) for item in sorted(right, key=lambda item: item.footer)]
    if now.place == "explorer":
        over = now.part in ("details", "refusals", "answers")
        word = "back" if over else "stop" if now.working or now.reloads else "show all" if now.filtered else "back"
        ends = [ends[0], (first_key("app.back", keys), word, "app.back")]
    elif now.in_pane and now.narrow:
        shown = [item for item in shown if item[2] in ("role.assume", "role.renew", "role.shell", "role.link")]
        shown.append(("← →", "tabs", "look.next"))
        ends = [ends[0], (first_key("app.back", keys), "back", "app.back")]
    elif now.working or now.filtered:
        shown.append((first_key("app.back", keys), "cancel" if now.working else "show all", "app.back"))
    return shown, ends


def _needed(command: Command, now: Situation) -> bool:
    """Whether the footer has to name it.

    Columns go sideways only where some are hidden, roles are compared where there are several, and a search begins above the rows.
    """
    if command.id == "look.matrix":
        return now.live > 1
    if command.id == "look.search":
        return now.part in _ABOVE_ROWS
    return command.id != "explore.right" or now.sideways


def _key(command: Command, keys: Keymap) -> str:
    """The key that is named; of the columns both ways."""
    ways = ("explore.left", "explore.right") if command.id == "explore.right" else (command.id,)
    return " ".join(filter(None, (first_key(way, keys) for way in ways)))


def verb(command: Command, now: Situation) -> str:
    """The verb that fits: `enter` opens what is live, `s` resumes what is stopped, esc cancels what is under way."""
    if command.id == "role.assume":
        return "open" if now.held else "try again" if now.state == "failed" else "assume"
    if command.id == "role.renew" and now.marked > 0:
        return f"renew {now.marked} marked"
    if command.id == "role.shell" and now.stopped:
        return "resume shell"
    if command.place == "explorer":
        return _verb_among_resources(command, now)
    if command.id == "app.back" and now.working and not now.in_pane:
        return "cancel"
    return command.verb


def _verb_among_resources(command: Command, now: Situation) -> str:
    if command.id == "explore.open" and now.unasked:
        return "ask"
    if command.id == "explore.copy_id" and now.denied:
        return "copy a request"
    if command.id == "explore.differences" and now.differences:
        return "all rows"
    if command.id == "explore.pane" and now.part != "rows":
        return {"details": "format", "search": "who answered", "answers": "what was found"}.get(now.part, "rows")
    return command.verb
