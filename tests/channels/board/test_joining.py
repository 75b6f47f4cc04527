"""Becoming a member by a code, going on at another device, and leaving, by HTTP."""

from pathlib import Path

from grpc import StatusCode

from tests.channels.board.adapter import browsing, somebody
from tests.channels.board.scripted import (
    CODE,
    HOME,
    MEMBER,
    TOWN,
    an_id,
)
from todoke.v1 import circulars_pb2 as pb
from todoke.v1.residents_pb2 import CONTACT_STATE_VISITING


async def test_whoever_has_a_code_asks_to_join_and_is_told_that_a_leader_confirms(
    tmp_path: Path,
) -> None:
    async with browsing(tmp_path) as person:
        await person.get("/")
        assert person.where == "/join"
        await person.get(f"/join/{CODE}")
        assert f'value="{CODE}"' in person.page
        assert "役員が確かめてから" in person.page
        await person.send('name="code"', code=" abcde fghjk ", name="花子")
        assert person.where == "/joined"
        asked = person.asked("RequestToJoin")
        assert (asked.code, asked.display_name) == (CODE, "花子")
        seen = person.asked("SeeContact")
        assert seen.external_id == asked.speaker.external_id
        assert seen.state == CONTACT_STATE_VISITING
        assert person.answer is not None
        cookie = person.answer.history[-1].headers["set-cookie"]
        assert "Max-Age=34560000" in cookie
        assert "HttpOnly" in cookie


async def test_a_form_without_a_name_leads_to_its_field_and_keeps_the_code(tmp_path: Path) -> None:
    async with browsing(tmp_path) as person:
        await person.get("/join")
        await person.send('name="code"', code=CODE, name=" ")
        assert person.status == 422
        assert '<a href="#name">' in person.page
        assert 'aria-invalid="true"' in person.page
        assert f'value="{CODE}"' in person.page
        assert "<title>エラー: " in person.page
        assert not person.core.calls["RequestToJoin"]


async def test_wrong_codes_rest_by_network_address_however_many_browsers_one_has(
    tmp_path: Path,
) -> None:
    async with browsing(tmp_path) as person:
        person.core.refuse("RequestToJoin", StatusCode.FAILED_PRECONDITION, "INVITATION_REFUSED")
        for _ in range(30):
            person.http.cookies.clear()
            await person.get("/join")
            await person.send('name="code"', code="WRONGWRONG", name="花子")
            assert person.status == 422
        person.http.cookies.clear()
        await person.get("/join")
        await person.send('name="code"', code=CODE, name="花子")
        assert person.status == 429
        assert len(person.core.calls["RequestToJoin"]) == 30


async def test_another_device_goes_on_by_a_code_and_ends_by_itself_unless_it_is_ones_own(
    tmp_path: Path,
) -> None:
    now = [1_800_000_000.0]
    async with browsing(tmp_path, clock=lambda: now[0]) as person:
        await person.join()
        await person.get("/device")
        await person.send(f'value="{MEMBER}"', member=MEMBER)
        assert f"board.todoke.example/link/{CODE}" not in person.page
        assert "ABCDE" in person.page
        async with somebody(person.app, person.core, person.town) as other:
            await other.get(f"/link/{CODE}")
            assert not other.core.calls["CompleteMemberLink"]
            await other.send('name="code"', code=CODE)
            assert other.where == "/"
            assert other.asked("CompleteMemberLink").code == CODE
            assert "Max-Age" not in str(other.http.cookies.jar)
            now[0] += 31 * 60
            await other.get("/")
            assert other.where == "/join"
            # Whoever is a member already need not ask to join again.
            assert 'href="/link"' in other.page
            reason = "INVITATION_REFUSED"
            other.core.refuse("CompleteMemberLink", StatusCode.FAILED_PRECONDITION, reason)
            await other.get("/link")
            await other.send('name="code"', code=CODE)
            assert "10分が過ぎたか、もう使われています" in other.page
            assert "自治会の役員の方に" not in other.page
        await person.get("/")
        assert person.where == "/"


async def test_care_is_consented_to_and_a_membership_is_left_after_a_question(
    tmp_path: Path,
) -> None:
    async with browsing(tmp_path) as person:
        await person.join()
        await person.get("/associations")
        await person.send("consented", consented="yes")
        asked = person.asked("SetCare")
        assert (asked.household_id, asked.consented) == (HOME, True)
        await person.get(f"/associations/{MEMBER}/leave")
        person.core.refuse("EndMembership", StatusCode.FAILED_PRECONDITION, "OFFICE_DATES_REFUSED")
        await person.send("会員をやめる")
        assert person.status == 422
        await person.get(f"/associations/{an_id('d', 7)}/leave")
        assert person.status == 404


async def test_a_browser_that_the_core_knows_no_more_is_led_to_joining(tmp_path: Path) -> None:
    async with browsing(tmp_path) as person:
        await person.join()
        person.core.refuse("ListOwnCirculars", StatusCode.NOT_FOUND, "CONTACT_UNKNOWN")
        await person.get("/")
        assert person.where == "/join"


async def test_the_page_says_whether_one_waits_was_refused_or_is_a_member_no_more(
    tmp_path: Path,
) -> None:
    association = pb.Association(association_id=TOWN, name="本町自治会")
    ended = pb.EndedMembership(association=association)
    ended.end_time.FromJsonString("2026-11-24T03:00:00Z")
    refused = pb.JoinRequest(state=pb.JOIN_REQUEST_STATE_REFUSED)
    waiting = pb.JoinRequest(state=pb.JOIN_REQUEST_STATE_WAITING)
    async with browsing(tmp_path) as person:
        await person.join()
        person.core.script["ListOwnCirculars"] = lambda _: pb.ListOwnCircularsResponse()
        for told, words in (
            (pb.ListMembershipsResponse(ended=[ended]), "会員は、2026年11月24日に終わりました"),
            (pb.ListMembershipsResponse(join_requests=[refused]), "役員が認めませんでした"),
            (pb.ListMembershipsResponse(join_requests=[waiting]), "まだ参加が確かめられていません"),
            (pb.ListMembershipsResponse(), "まだどの自治会にも参加していません"),
        ):
            person.core.script["ListMemberships"] = lambda _, told=told: told
            for path in ("/", "/associations"):
                await person.get(path)
                assert words in person.page, (path, words)
