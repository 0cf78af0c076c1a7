"""A person's own keys: `[keys]` of the config, laid over those of the table of commands."""

from __future__ import annotations

from collections.abc import Mapping

from tui_app.text import clean, nearest
from tui_app.ui.commands import BY_ID, COMMANDS, DEFAULT_KEYS, Keymap, keys_text
from tui_app.ui.key_names import TYPED, is_key


def read_keymap(wanted: Mapping[str, object]) -> tuple[Keymap, tuple[str, ...]]:
    """The keymap of a person's `[keys]` table, and a sentence for each entry that is no use. A value is a key, keys with commas, or a list.

    An entry that is wrong leaves its command on its own keys. A key that is taken over leaves the command that had it.
    """
    keys, complaints = dict(DEFAULT_KEYS), []
    for command_id, text in wanted.items():
        name = clean(command_id)
        if command_id not in BY_ID:
            guess = nearest(command_id, BY_ID)
            complaints.append(f"[keys] has no command {name}." + (f" The nearest is {guess}." if guess else ""))
            continue
        words = [str(item) for item in text] if isinstance(text, (list, tuple)) else str(text).split(",")
        chosen = tuple(TYPED.get(word.strip(), word.strip()) for word in words if word.strip())
        unknown = [key for key in chosen if not is_key(key)]
        if unknown or not chosen:
            complaints.append(
                f"[keys] {name}: {clean(unknown[0]) if unknown else 'an empty text'} is no key. It stays {keys_text(BY_ID[command_id])}."
            )
            continue
        keys = {
            other: mine if _apart(other, command_id) else tuple(key for key in mine if key not in chosen) for other, mine in keys.items()
        }
        keys[command_id] = chosen
    lost = [item for item in COMMANDS if item.keys and not keys[item.id]]
    complaints += [f"[keys] leaves {item.id} without a key; it can be run from the palette." for item in lost]
    return keys, tuple(complaints)


def _apart(one: str, other: str) -> bool:
    """Whether two commands may have the same key: it is one and the same, or their keys never hold at once."""
    places = {BY_ID[one].place, BY_ID[other].place}
    return one == other or (len(places) > 1 and "both" not in places)
