"""The screen's story against the embedded AWS, over real HTTP."""

from __future__ import annotations

DEVELOPER, ADMIN = "production/cross-account/CrossAccountDeveloperRole", "production/AdminRole"


async def go(deck, pilot, key):
    deck.store.move_to(key)
    await pilot.press("enter")


async def test_a_role_without_a_code_and_what_it_can_see(screen, until, text_of):
    async with screen() as (deck, pilot):
        await go(deck, pilot, DEVELOPER)
        await until(pilot, lambda: deck.store.state(DEVELOPER) == "live")
        assert deck.store.sessions[DEVELOPER].identity.account == "111122223333"
        await pilot.press("v")
        await until(pilot, lambda: DEVELOPER in deck.findings.sights and not deck.findings.sights[DEVELOPER].running)
        await until(pilot, lambda: "Answered to CrossAccountDeveloperRole/" in text_of(deck))
        shown = text_of(deck)
        assert "S3 buckets" in shown
        assert "⊘ denied" in shown
        await pilot.press("t")
        await until(pilot, lambda: "Who may become" in text_of(deck))
        assert "an external id" in text_of(deck)
        assert "UniqueExternalId12345" not in text_of(deck)


async def test_a_code_is_asked_refused_and_taken(screen, aws, until, text_of):
    async with screen() as (deck, pilot):
        await go(deck, pilot, ADMIN)
        await until(pilot, lambda: deck.codes.open)
        right = aws.code()
        await pilot.press(*f"{(int(right) + 1) % 1_000_000:06d}", "enter")
        await until(pilot, lambda: deck.codes.open and deck.codes.open.request.refusal)
        await until(pilot, lambda: "MultiFactorAuthentication failed" in text_of(deck))
        # the device shows its next code now
        aws.advance(60)
        deck.screen.request = _open_now(deck.screen.request)
        await pilot.press(*aws.code(), "enter")
        await until(pilot, lambda: deck.store.state(ADMIN) == "live")
        assert deck.codes.open is None
        await until(pilot, lambda: "MFA" in text_of(deck).splitlines()[0])


def _open_now(request):
    from dataclasses import replace

    return replace(request, not_before=0.0)


async def test_a_refusal_is_told_in_plain_words_with_awss_own_below(screen, until, text_of):
    async with screen() as (deck, pilot):
        await go(deck, pilot, "sandbox/PowerUser")
        await until(pilot, lambda: deck.store.state("sandbox/PowerUser") == "failed")
        await until(pilot, lambda: "AWS said" in text_of(deck))
        assert "refused" in text_of(deck)


async def test_renew_gives_a_new_session_and_forget_drops_it(screen, until):
    async with screen() as (deck, pilot):
        await go(deck, pilot, DEVELOPER)
        await until(pilot, lambda: deck.store.state(DEVELOPER) == "live")
        first = deck.store.sessions[DEVELOPER].credentials.key.id
        await pilot.press("r")
        await until(pilot, lambda: deck.store.sessions[DEVELOPER].credentials.key.id != first)
        await pilot.press("x", "y")
        await until(pilot, lambda: deck.store.state(DEVELOPER) == "never")


async def test_a_fault_of_the_network_is_a_sentence_and_the_list_lives_on(screen, aws, until):
    async with screen() as (deck, pilot):
        aws.fault("garbage", "sts:AssumeRole", times=9)
        await go(deck, pilot, DEVELOPER)
        await until(pilot, lambda: deck.store.state(DEVELOPER) == "failed")
        assert "fault" not in deck.store.failures[DEVELOPER].message
        await pilot.press("down")
        assert deck.store.cursor != DEVELOPER


async def test_renew_all_asks_one_code_for_all_that_need_it(screen, aws, until):
    deployer, network = "staging/Deployer", "shared-services/NetworkAdmin"
    async with screen() as (deck, pilot):
        await go(deck, pilot, ADMIN)
        await until(pilot, lambda: deck.codes.open)
        await pilot.press(*aws.code(), "enter")
        for key in (ADMIN, deployer, network):
            await until(pilot, lambda: not deck.store.work)
            await go(deck, pilot, key)
            await until(pilot, lambda key=key: deck.store.state(key) == "live")
        before = {key: deck.store.sessions[key].credentials.key.id for key in (ADMIN, deployer, network)}
        cache = deck.loaded.broker._cache
        (mfa,) = [record for record in cache.records() if record.kind == "mfa"]
        cache.remove(mfa.name)
        asked = len(aws.calls("GetSessionToken"))
        aws.advance(60)
        await pilot.press("R")
        await until(pilot, lambda: deck.codes.open)
        deck.screen.request = _open_now(deck.screen.request)
        await pilot.press(*aws.code(), "enter")
        await until(pilot, lambda: all(deck.store.sessions[key].credentials.key.id != old for key, old in before.items()))
        assert len(aws.calls("GetSessionToken")) == asked + 1


async def test_the_explorer_goes_down_into_a_bucket_and_says_who_denied(screen, until, text_of):
    async with screen() as (deck, pilot):
        await go(deck, pilot, DEVELOPER)
        await until(pilot, lambda: deck.store.state(DEVELOPER) == "live")
        await pilot.press("v")
        await until(pilot, lambda: DEVELOPER in deck.findings.sights and not deck.findings.sights[DEVELOPER].running)
        await pilot.press("v")
        await until(pilot, lambda: deck.explorer and deck.explorer.views.listed.views)
        explorer = deck.explorer

        async def show(view):
            explorer.go_to("views")
            explorer.move([item.name for item in explorer.views.listed.views].index(view) - explorer.views.at)
            await pilot.press("enter")

        await show("iam-users")
        await until(pilot, lambda: "explicit deny in the role's own policies" in text_of(deck))
        await show("s3-buckets")
        await until(pilot, lambda: "dev-assets" in text_of(deck))
        await pilot.press("enter", "y")
        await until(pilot, lambda: "README.txt" in text_of(deck))
        assert "S3 buckets > dev-assets > Objects" in text_of(deck)
        await show("volumes")
        await until(pilot, lambda: explorer.table.view.name == "volumes" and explorer.table.results and not explorer.table.pending)
        assert {result.identity.account for result in explorer.table.results.values()} == {"111122223333"}
