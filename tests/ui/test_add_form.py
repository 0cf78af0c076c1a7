"""The form of a new role: checked as it is typed, shown as TOML, written by enter."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tui_app.catalog.adding import BY_NAME, FIELDS
from tui_app.catalog.load import Catalog
from tui_app.catalog.shared_config import parse_shared_config
from tui_app.errors import RoledeckError
from tui_app.model import Account, Origin, Source
from tui_app.ui.adding import Form
from tui_app.ui.screens.add_role import AddRole
from tui_app.ui.screens.first_run import lay_sample
from tui_app.ui.theme import Look

EXTERNAL_ID = "UniqueExternalId12345"


def catalog(world) -> Catalog:
    roles = tuple(replace(role, account=replace(role.account, origin=Origin("/x", 1))) for role in world.all_roles())
    accounts = tuple({role.account.id: role.account for role in roles}.values())
    shared = parse_shared_config("[profile dev]\naws_access_key_id = A\naws_secret_access_key = b\n", "")
    return Catalog(roles=roles, accounts=accounts, shared=shared, sources={"dev": Source("static", "dev")})


@pytest.fixture
def form(world):
    return Form(catalog(world))


def fill(form: Form, **texts: str) -> None:
    for name, text in texts.items():
        form.fields[name].text = ""
        form.fields[name].at = 0
        form.fields[name].insert(text)


def at(form: Form, name: str) -> None:
    form.at = FIELDS.index(BY_NAME[name])


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("role", "a b", "A role's name has"),
        ("role", "arn:aws:iam::1:role/x", "A role's ARN is"),
        ("role", "AdminRole", "It is there already: production/AdminRole."),
        ("account", "1234", "An account id has 12 digits"),
        ("external_id", "x", "An external id has"),
        ("mfa_serial", "arn:aws:iam::111122223333:user/x", "This is a user's ARN"),
        ("duration", "13h", "A duration is 15m to 12h"),
        ("regions", "eu-west-1, Frankfurt", "A region is written like"),
        ("session_name", "{who}", "A session name may use"),
        ("source_identity", "x", "A source identity has"),
        ("tags", "a=1, A=2", "differ in more than capitals"),
    ],
)
def test_each_field_is_held_against_awss_limits(form, name, text, said):
    fill(form, account="111122223333")
    fill(form, **{name: text})
    assert said in form.complaint(BY_NAME[name])


def test_what_is_missing_is_said_only_when_it_is_to_be_written(form):
    assert not any(form.complaint(field) for field in FIELDS)
    assert [field.name for field in form.faults()] == ["role", "account", "via"]
    fill(form, role="arn:aws:iam::123456789012:role/R", via="dev")
    assert form.faults() == []


def test_an_arn_says_the_account_and_what_the_files_know_is_not_written_again(form):
    fill(form, role="arn:aws:iam::111122223333:role/path/New", name="production", environment="prod", via="dev")
    assert form.answers() == {"account": "111122223333", "role": "path/New", "via": "dev"}
    assert (form.known(BY_NAME["account"]), form.known(BY_NAME["environment"])) == ("111122223333", "prod")
    fill(form, account="222233334444")
    assert "in another account" in form.complaint(BY_NAME["account"])
    form.move(1)
    assert form.field.name == "name"


def test_the_preview_is_what_is_good_so_far_and_hides_the_external_id(form):
    fill(form, role="R", account="staging", via="dev", external_id=EXTERNAL_ID, duration="4", tags="team=pay, project=x y")
    assert form.preview() == (
        '[[account]]\nid = "222233334444"\n\n  [[account.role]]\n  name = "R"\n  via = "dev"\n'
        '  external_id = "****"\n  tags = { team = "pay", project = "x y" }'
    )


def test_a_way_that_leads_nowhere_is_a_doubt_and_no_fault(form):
    fill(form, role="R", account="staging", via="nowhere")
    assert form.remarks() == {"via": "No profile and no role is called so."}
    assert form.faults() == []
    fill(form, via="production/AdminRole")
    assert form.remarks() == {}


def test_via_offers_profiles_and_roles_those_that_begin_so_first(form):
    at(form, "via")
    assert form.suggestions()[0] == "dev"
    fill(form, via="dev")
    assert form.suggestions() == ("development/S3Developer", "production/CrossAccountDeveloperRole")
    fill(form, via="admin")
    assert form.suggestions() == ("production/AdminRole",)
    assert form.take_suggestion()
    assert form.fields["via"].text == "production/AdminRole"
    assert not form.take_suggestion()
    at(form, "account")
    fill(form, account="sta")
    assert form.suggestions() == ("staging",)


async def opened(s) -> AddRole:
    await s.press("a")
    await s.until(lambda: isinstance(s.deck.screen, AddRole))
    return s.deck.screen


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (60, 16)])
@pytest.mark.parametrize("look", ["dark", "light", "plain"])
async def test_every_size_and_look_draws(stage, world, size, look):
    async with stage(size=size, look=Look(look), catalog=catalog(world)) as s:
        screen = await opened(s)
        await s.press(*"a b", "tab", *"12")
        assert "Add a role" in s.screen
        assert "✕ A" in s.screen
        fill(screen.form, role="R", account="production", via="dev", duration="13h", description="x" * 200)
        for _ in FIELDS:
            await s.press("down")
            label = screen.form.field.label
            assert any(row.strip().startswith((label, f"┃  {label}", f"┃ {label}")) or f" {label} " in row for row in s.screen.splitlines())


async def test_enter_writes_and_the_cursor_is_on_the_new_role(stage, world, tmp_path):
    found = catalog(world)
    async with stage(catalog=found) as s:
        await opened(s)
        await s.press(*"arn:aws:iam::222233334444:role/New", "tab", "tab", "tab", *"dev", "tab", *EXTERNAL_ID)
        assert EXTERNAL_ID not in s.screen
        assert 'external_id = "****"' in s.screen
        added = world.role("staging", "222233334444", "New", "staging")
        s.deck.backstage = replace(
            s.deck.backstage, load=lambda: replace(s.deck.loaded, catalog=replace(found, roles=(*found.roles, added)))
        )
        await s.press("enter")
        await s.until(lambda: not isinstance(s.deck.screen, AddRole))
        await s.until(lambda: "staging/New" in s.store.listing.keys)
        text = (tmp_path / ".config/roledeck/config.d/added.toml").read_text()
        assert f'external_id = "{EXTERNAL_ID}"' in text
        assert 'name = "New"' in text


async def test_enter_goes_to_what_is_wrong_and_writes_nothing(stage, world, tmp_path):
    async with stage(catalog=catalog(world)) as s:
        screen = await opened(s)
        await s.press(*"Reader", "enter")
        await s.sees("It is needed.")
        assert screen.form.field.name == "account"
        assert not (tmp_path / ".config").exists()


async def test_a_file_that_cannot_be_written_is_a_sentence_and_nothing_typed_is_lost(stage, world, tmp_path):
    (tmp_path / ".config").write_text("")
    async with stage(catalog=catalog(world)) as s:
        screen = await opened(s)
        fill(screen.form, role="R", account="production", via="dev")
        await s.press("enter")
        await s.sees("Nothing was changed.")
        assert screen.form.fields["role"].text == "R"


async def test_esc_leaves_at_once_where_nothing_was_typed_and_asks_otherwise(stage, world):
    async with stage(catalog=catalog(world)) as s:
        await opened(s)
        await s.press("escape")
        await s.until(lambda: not isinstance(s.deck.screen, AddRole))
        await opened(s)
        await s.press("x", "escape")
        await s.sees("What was typed is not written.")
        await s.press("escape")
        await s.until(lambda: isinstance(s.deck.screen, AddRole))
        await s.press("escape", "y")
        await s.until(lambda: not s.deck.screen.is_modal)


async def test_keys_are_text_in_the_form_and_run_nothing(stage, world):
    async with stage(catalog=catalog(world)) as s:
        screen = await opened(s)
        await s.press(*"rRxsqv")
        assert screen.form.fields["role"].text == "rRxsqv"
        assert not s.store.work


async def test_hostile_names_in_the_files_stay_text(stage, world):
    found = catalog(world)
    bad = Account("123412341234", "a\x1b]0;x\x07[/b]", "e\u202ev", origin=Origin("/x", 1))
    async with stage(catalog=replace(found, accounts=(*found.accounts, bad))) as s:
        screen = await opened(s)
        fill(screen.form, account="123412341234")
        await s.press("down")
        await s.sees("[/b]")
        assert "\x1b" not in s.screen
        assert "\u202e" not in s.screen


async def test_ten_thousand_roles_do_not_slow_the_typing(stage, world):
    roles = tuple(replace(world.role(f"account{number}", f"{number:012}", "Reader")) for number in range(10000))
    many = replace(catalog(world), roles=roles, accounts=tuple(role.account for role in roles))
    async with stage(catalog=many, roles=roles) as s:
        screen = await opened(s)
        await s.press(*"account9999", "tab", *"account9999", "down", "down", "down", *"account")
        await s.until(lambda: len(screen.form.suggestions()) == 4)
        assert json.dumps(screen.form.answers())


async def test_a_fault_of_the_disk_keeps_the_form(stage, world, monkeypatch):
    def refuse(environ, answers):
        raise RoledeckError("The disk is full.", "Nothing was changed.")

    monkeypatch.setattr("tui_app.ui.screens.add_role.keep", refuse)
    async with stage(catalog=catalog(world)) as s:
        screen = await opened(s)
        fill(screen.form, role="R", account="production", via="dev")
        await s.press("enter")
        await s.sees("The disk is full. Nothing was changed.")


def test_a_sample_that_is_laid_for_a_person_leads_an_editor_to_the_schema(tmp_path):
    path = str(tmp_path / "roledeck/config.toml")
    assert lay_sample(path) == ""
    with open(path, encoding="utf-8") as file:
        first = file.readline().strip()
    with open(first.removeprefix("#:schema "), encoding="utf-8") as file:
        assert json.load(file)["title"] == "roledeck config.toml"


async def test_who_has_no_role_yet_can_add_one_at_once(stage, world):
    async with stage(roles=[], size=(108, 32)) as s:
        await s.sees("No roles yet.")
        await opened(s)
        await s.sees("its ARN, or path/name")
