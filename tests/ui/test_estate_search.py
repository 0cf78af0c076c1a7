"""The screen of a search across all live sessions."""

from __future__ import annotations

import csv
import json
from dataclasses import replace

import pytest
from textual import events

from tests.ui.hostile_text import HOSTILE, check_harmless
from tests.ui.searching import DEPLOYER, DEVELOPER, PRODUCTION, STAGING, VIEW, Door, resource, searching_screen
from tui_app.errors import Refused, SessionExpired
from tui_app.ui.deeds import searching
from tui_app.ui.explorer.screen import Explorer


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (140, 40)])
async def test_words_rows_and_who_answered(stage, size):
    async with stage(door=Door([resource("orders"), resource("orders-dead")]), size=size) as s:
        screen = await searching_screen(s, words="orders service:sqs")
        await s.sees("orders-dead")
        assert screen.search.query.text == "orders service:sqs"
        assert "production/CrossAccountDeveloperRole" in s.screen
        assert "2 found" in s.screen
        await s.press("tab")
        await s.sees("Resource Explorer, aggregator in eu-west-1, all indexed regions")
        await s.press("escape", "escape")
        await s.until(lambda: s.deck.screen is s.deck.main)


@pytest.mark.parametrize("name", ["AWS_REGION", "AWS_DEFAULT_REGION"])
async def test_a_search_looks_in_the_persons_own_region_where_the_files_name_none(stage, name):
    door = Door()
    door.answers["resource-explorer-2:ListIndexes"] = {"Indexes": []}
    async with stage(door=door) as s:
        s.deck.environ[name] = "eu-central-1"
        await searching_screen(s, words="orders")
        assert door.places[door.calls.index("resourcegroupstaggingapi:GetResources")] == "eu-central-1"


async def test_what_is_pasted_comes_once_into_the_field_that_is_typed_in(stage):
    async with stage(door=Door([resource("orders"), resource("orders-dead")])) as s:
        screen = await searching_screen(s)
        screen.post_message(events.Paste("orders\n"))
        await s.until(lambda: screen.words.text == "orders")
        await s.press("enter")
        await s.until(lambda: len(screen.grid.shown) == 2)
        await s.press("slash")
        screen.post_message(events.Paste("dead\n"))
        await s.until(lambda: screen.grid.query)
        assert (screen.grid.query, screen.words.text) == ("dead", "orders")


async def test_nobody_is_asked_before_words_are_given_and_without_a_session_there_is_no_screen(stage):
    door = Door()
    async with stage(door=door) as s:
        await s.press("F")
        assert s.deck.screen is s.deck.main
        await searching_screen(s)
        await s.sees("1 role with a live session will be asked")
        assert not [call for call in door.calls if "explorer" in call]
        await s.press("escape")
        await s.until(lambda: s.deck.screen is s.deck.main)


async def test_order_filter_and_columns(stage):
    rows = [resource("b", team="search"), resource("a"), resource("c", kind="sns:topic")]
    async with stage(door=Door(rows)) as s:
        screen = await searching_screen(s, words="x")
        await s.press(">")
        assert [screen.grid.cells[row][0] for row in screen.grid.shown] == ["a", "b", "c"]
        await s.press("s")
        assert [screen.grid.cells[row][0] for row in screen.grid.shown] == ["c", "b", "a"]
        await s.press("/", *"type:sns", "enter")
        assert [screen.grid.cells[row][0] for row in screen.grid.shown] == ["c"]
        await s.press("/", "backspace", *"s", "enter", "escape")
        assert len(screen.grid.shown) == 3
        await s.press("/", *"team=search", "enter")
        assert [screen.grid.cells[row][0] for row in screen.grid.shown] == ["b"]


async def test_details_ids_and_arns(stage, monkeypatch):
    copied = []
    monkeypatch.setattr("tui_app.ui.deeds.copying.copy", lambda _deck, text, what: copied.append((what, text)))
    async with stage(door=Door([resource("orders", team="search")])) as s:
        await searching_screen(s, words="orders")
        await s.press("y", "Y", "d")
        await s.sees("OwningAccountId")
        assert "search" in s.screen
        assert "assumed-role/CrossAccountDeveloperRole/me" in s.screen
        await s.press("tab")
        await s.sees('"OwningAccountId": "111122223333"')
        await s.press("escape")
        await s.sees("sqs:queue")
    assert copied == [("Id", "orders"), ("ARN", "arn:aws:sqs:eu-west-1:111122223333:orders")]


async def test_a_refusal_loses_nobody_elses_rows_and_both_are_told(stage):
    def search(_parameters):
        return Refused("Denied.", code="AccessDeniedException", status=403, aws_message="no identity-based policy allows it")

    tagged = [{"ResourceARN": f"arn:aws:sqs:eu-west-1:{PRODUCTION}:orders", "Tags": []}]
    door = Door(tagged=tagged, **{"resource-explorer-2__Search": search})
    async with stage(door=door) as s:
        await searching_screen(s, words="orders")
        await s.sees("sqs:queue")
        await s.press("tab")
        await s.sees("⊘ denied resource-explorer-2:Search, not allowed by the role's own policies")
        await s.sees("resource-explorer-2:Search is denied")


async def test_keys_answer_while_every_call_hangs_and_esc_stops(stage):
    door = Door([resource("orders")])
    async with stage(door=door) as s:
        await searching_screen(s)
        door.gate.clear()
        await s.press(*"orders", "enter")
        await s.sees("0 of 1 answered")
        await s.press("F", *"x")
        await s.sees("ordersx")
        await s.press("escape", "escape")
        await s.sees("Stopped.")
        door.gate.set()
        await s.press("ctrl+r")
        await s.sees("1 found")


async def test_answers_of_an_earlier_search_are_not_shown(stage):
    door = Door([resource("first")])
    async with stage(door=door) as s:
        screen = await searching_screen(s, words="first")
        (part,) = screen.search.parts
        earlier = screen.search
        door.found = [resource("second")]
        await s.press("F", "ctrl+u", *"second", "enter")
        await s.sees("second")
        searching._heard(screen, earlier, part)
        await s.pilot.pause()
        assert [found.id for found in screen.search.found] == ["second"]


async def test_an_answer_to_another_identity_is_not_drawn(stage):
    async with stage(door=Door([resource("mine")])) as s:
        screen = await searching_screen(s, words="x")
        (part,) = screen.search.parts
        theirs = replace(part.found[0], arn="arn:aws:s3:::theirs", id="theirs")
        other = replace(part, identity=replace(part.identity, arn=f"arn:aws:sts::{STAGING}:assumed-role/Other/me"), found=(theirs,))
        searching._heard(screen, screen.search, other)
        await s.sees("Nothing of it is shown.")
        assert "theirs" not in s.screen


async def test_a_role_renewed_as_somebody_else_gets_no_further_page(stage, world):
    def search(parameters):
        return {"Resources": [resource(f"page-{parameters.get('NextToken', 'one')}")], "ViewArn": VIEW, "NextToken": "two"}

    async with stage(door=Door(**{"resource-explorer-2__Search": search})) as s:
        screen = await searching_screen(s, words="page")
        await s.sees("1+ found")
        s.store.sessions[DEVELOPER] = world.session_of(s.store.roles[DEVELOPER], arn="arn:aws:sts::111122223333:assumed-role/Other/me")
        await s.press("m")
        await s.until(lambda: not screen.working)
        await s.sees("Nothing of it is shown.")
        assert "page-two" not in s.screen


async def test_pages_on_demand(stage):
    def search(parameters):
        number = int(parameters.get("NextToken", "0"))
        more = {"NextToken": str(number + 1)} if number < 3 else {}
        return {"Resources": [resource(f"row-{number}")], "ViewArn": VIEW, **more}

    async with stage(door=Door(**{"resource-explorer-2__Search": search})) as s:
        screen = await searching_screen(s, words="row")
        assert len(screen.search.found) == 1
        await s.press("m")
        await s.until(lambda: len(screen.search.found) == 2)
        await s.until(lambda: not screen.working)
        await s.press("M")
        await s.until(lambda: len(screen.search.found) == 4)
        await s.sees("4 found")


async def test_a_session_that_ended_is_renewed_and_asked_again(stage):
    ended = [True]

    def listed(_parameters):
        if ended:
            return SessionExpired("The session has ended.", code="ExpiredToken")
        return {"Indexes": [{"Region": "eu-west-1", "Type": "AGGREGATOR"}]}

    async with stage(door=Door([resource("orders")], **{"resource-explorer-2__ListIndexes": listed})) as s:
        screen = await searching_screen(s, words="orders")
        assert screen.situation().ended
        ended.clear()
        await s.press("r")
        await s.sees("1 found")


async def test_enter_opens_the_view_at_the_resource_with_the_role_that_found_it(stage):
    urls = [f"https://sqs.eu-west-1.amazonaws.com/{PRODUCTION}/{name}" for name in ("orders", "other")]
    async with stage(door=Door([resource("orders")], sqs__ListQueues={"QueueUrls": urls})) as s:
        await searching_screen(s, words="orders")
        await s.press("enter")
        await s.until(lambda: isinstance(s.deck.screen, Explorer))
        explorer = s.deck.screen
        await s.until(lambda: explorer.table is not None and len(explorer.table.grid.shown) == 1)
        assert (explorer.visitors[0].key, explorer.table.view.name) == (DEVELOPER, "sqs-queues")
        await s.sees("1 of 2")


async def test_a_kind_without_a_view_is_described_and_what_lies_elsewhere_is_said(stage):
    rows = [resource("flow", kind="mwaa:environment"), resource("theirs", account="777766665555")]
    async with stage(door=Door(rows)) as s:
        await searching_screen(s, words="x")
        await s.press("enter")
        await s.sees("OwningAccountId")
        await s.press("escape", "down", "enter")
        await s.sees("It lies in 777766665555, where no role is live.")


async def test_the_console_is_opened_at_the_resource(stage, monkeypatch):
    opened = []
    monkeypatch.setattr("tui_app.ui.deeds.console.open_console", lambda _deck, key, to, region: opened.append((key, to, region)))
    async with stage(door=Door([resource("orders")])) as s:
        await searching_screen(s, words="orders")
        await s.press("o")
    assert opened == [(DEVELOPER, f"arn:aws:sqs:eu-west-1:{PRODUCTION}:orders", "eu-west-1")]


async def test_what_is_shown_is_written_into_a_private_file(stage, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    async with stage(door=Door([resource("orders"), resource("other")])) as s:
        await searching_screen(s, words="o")
        await s.press("/", *"orders", "enter", "w", "1")
        await s.until(lambda: list(tmp_path.glob("roledeck-search-*.csv")))
        await s.sees("Written to roledeck-search-")
        assert s.store.activity[-1].text.startswith("Written to roledeck-search-")
        await s.press("w", "2")
        await s.until(lambda: list(tmp_path.glob("roledeck-search-*.json")))
    (written,) = tmp_path.glob("*.csv")
    assert [row["Id"] for row in csv.DictReader(written.read_text(encoding="utf-8").splitlines())] == ["orders"]
    assert written.stat().st_mode & 0o777 == 0o600
    (document,) = tmp_path.glob("*.json")
    assert [one["id"] for one in json.loads(document.read_text(encoding="utf-8"))["resources"]] == ["orders"]


async def test_without_resources_there_is_nothing_to_write(stage):
    async with stage(door=Door([resource("orders")])) as s:
        screen = await searching_screen(s, words="o")
        await s.press("/", *"zzz", "enter", "w")
        await s.until(lambda: screen.toasts.texts)
        assert screen.toasts.texts == ['There are no resources to write: none matches "zzz".']


async def test_earlier_words_come_back_and_a_quote_left_open_is_said(stage):
    async with stage(door=Door([resource("orders")])) as s:
        screen = await searching_screen(s, words="orders")
        await s.press("F", "ctrl+u", *"queue", "enter")
        await s.until(lambda: screen.search.query.text == "queue" and not screen.working)
        await s.press("F", "up", "up")
        assert screen.words.text == "orders"
        await s.press("down")
        assert screen.words.text == "queue"
        await s.press("ctrl+u", '"', *"two", "enter")
        await s.sees("The quote at character 1 is not closed.")
        assert screen.search.query.text == "queue"


async def test_hostile_names_do_nothing(stage):
    rows = [resource(f"{number}{text}", Name=text, **{text[:50] or "x": text}) for number, text in enumerate(HOSTILE)]
    async with stage(door=Door(rows)) as s:
        screen = await searching_screen(s, words="x")
        await s.until(lambda: len(screen.grid.shown) == len(rows))
        for keys in (("G",), ("d",), ("tab",), ("tab",), ("escape",)):
            await s.press(*keys)
            check_harmless(s.deck.screen._compositor.render_strips())


async def test_two_roles_of_which_one_has_no_index(stage):
    def listed(_parameters):
        return {"Indexes": []}

    tagged = [{"ResourceARN": f"arn:aws:sqs:eu-west-1:{STAGING}:orders", "Tags": [{"Key": "team", "Value": "a"}]}]
    async with stage(door=Door(tagged=tagged, **{"resource-explorer-2__ListIndexes": listed})) as s:
        screen = await searching_screen(s, DEVELOPER, DEPLOYER, words="orders")
        assert {finder.key for finder in screen.search.found[0].finders} == {DEVELOPER, DEPLOYER}
        assert len(screen.search.found) == 1
        await s.sees("no Resource Explorer index")


async def test_a_terminal_too_small_and_back(stage):
    async with stage(door=Door([resource("orders")])) as s:
        await searching_screen(s, words="orders")
        await s.pilot.resize_terminal(40, 10)
        await s.until(lambda: "orders" not in s.screen)
        await s.pilot.resize_terminal(80, 24)
        await s.sees("orders")


async def test_help_and_palette_know_it(stage):
    async with stage(door=Door()) as s:
        await searching_screen(s)
        await s.press("escape", ":")
        await s.press(*"search live")
        await s.sees("search live accounts")
