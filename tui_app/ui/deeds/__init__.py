"""What each command does: the other half of the table in `commands`, by the same ids."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from tui_app.ui.deeds import around, console, copying, discovering, editing, exploring, handing_over, looking, sessions, signing_in, tables

if TYPE_CHECKING:
    from tui_app.ui.deck import Deck

DEEDS: Mapping[str, Callable[[Deck], None]] = {
    "role.assume": sessions.assume_or_open,
    "role.renew": sessions.renew,
    "roles.renew": sessions.renew_all,
    "role.forget": sessions.forget,
    "role.mark": sessions.mark,
    "role.add": around.add_role,
    "sso.login": signing_in.sign_in,
    "sso.new": signing_in.sign_in_elsewhere,
    "sso.logout": signing_in.sign_out,
    "discover.refresh": discovering.look_again,
    "roles.import": discovering.bring_in,
    "role.shell": handing_over.shell,
    "role.shell_renewing": handing_over.shell_that_renews,
    "role.export": handing_over.export,
    "role.link": copying.link,
    "role.console": console.open_console,
    "look.resources": looking.resources,
    "look.matrix": exploring.matrix,
    "look.trust": looking.trust,
    "look.pane": looking.to_pane_and_back,
    "look.next": looking.next_tab,
    "look.previous": looking.previous_tab,
    "look.origin": editing.open_origin,
    "look.reload": looking.reload,
    "copy.account": copying.account,
    "copy.arn": copying.arn,
    "favourite.toggle": around.toggle_favourite,
    "favourite.go": around.next_favourite,
    "explore.open": exploring.open_it,
    "explore.details": exploring.details,
    "explore.console": tables.console,
    "explore.copy_id": tables.copy_id,
    "explore.copy_arn": tables.copy_arn,
    "explore.pane": exploring.other_pane,
    "explore.more": exploring.more,
    "explore.all": exploring.all_pages,
    "explore.reload": exploring.reload,
    "explore.sort_next": tables.sort_next,
    "explore.sort_previous": tables.sort_previous,
    "explore.turn": tables.turn,
    "explore.columns": tables.columns,
    "explore.right": tables.right,
    "explore.left": tables.left,
    "explore.regions": tables.regions,
    "explore.differences": tables.differences,
    "explore.write": tables.write,
    "explore.renew": exploring.renew,
    "move.up": around.up,
    "move.down": around.down,
    "move.first": around.first,
    "move.last": around.last,
    "move.page_down": around.page_down,
    "move.page_up": around.page_up,
    "list.group": around.group,
    "app.filter": around.filter_roles,
    "app.back": around.back,
    "app.commands": around.palette,
    "app.theme": around.next_theme,
    "app.help": around.show_help,
    "app.quit": around.leave,
}
