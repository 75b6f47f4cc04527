"""Who belongs to the association and who holds which office, by HTTP."""

from datetime import UTC, datetime
from pathlib import Path

from grpc import StatusCode

from tests.channels.board.adapter import an_officer
from tests.channels.board.scripted import (
    CODE,
    DESK,
    GROUP,
    HOME,
    JOINING,
    MEMBER,
    OFFICE,
    OTHER_HOME,
    an_id,
    an_office,
)
from todoke.v1 import circulars_pb2 as pb


async def test_who_asks_to_join_is_confirmed_with_a_household(tmp_path: Path) -> None:
    async with an_officer(tmp_path) as chair:
        await chair.get(f"{DESK}/joining")
        assert f'value="{HOME}" selected' in chair.page
        await chair.send(JOINING, do="confirm", household="")
        assert f'<a href="#household-{JOINING}">' in chair.page
        await chair.send(JOINING, do="confirm", household=OTHER_HOME)
        asked = chair.asked("DecideJoinRequest")
        assert (asked.confirmed, asked.household_id) == (True, OTHER_HOME)
        await chair.send(JOINING, do="refuse", household=OTHER_HOME)
        asked = chair.asked("DecideJoinRequest")
        assert (asked.confirmed, asked.household_id) == (False, "")


async def test_an_invitation_is_a_code_with_a_picture_and_stands_in_no_address(
    tmp_path: Path,
) -> None:
    async with an_officer(tmp_path) as chair:
        await chair.get(f"{DESK}/invite")
        await chair.send('name="whom"', whom="", days="0")
        assert '<a href="#whom">' in chair.page
        assert '<a href="#days">' in chair.page
        await chair.send('name="whom"', whom=f"group:{GROUP}", days="14")
        assert chair.where == f"{DESK}/invite"
        assert "<svg" in chair.page
        assert f"https://board.todoke.example/join/{CODE}" in chair.page
        asked = chair.asked("CreateInvitation")
        assert (asked.group_id, asked.household_id, asked.days) == (GROUP, "", 14)


async def test_households_are_kept_and_ended_and_so_are_their_members(tmp_path: Path) -> None:
    async with an_officer(tmp_path) as chair:
        await chair.get(f"{DESK}/households")
        assert "しばらく読んでいません" in chair.page
        await chair.get(f"{DESK}/households/{HOME}")
        await chair.send('name="address"', name="", order="一番", do="save")
        assert '<a href="#name">' in chair.page
        assert '<a href="#order">' in chair.page
        said = {"name": "届出", "order": "7", "group": GROUP, "paper": "yes", "do": "save"}
        await chair.send('name="address"', said)
        kept = chair.asked("SaveHousehold").household
        assert (kept.household_id, kept.round_order, kept.paper) == (HOME, 7, True)
        assert kept.etag == "h1"
        await chair.get(f"{DESK}/households/{HOME}")
        await chair.send('name="why"', why="転居", do="end_member")
        assert chair.asked("EndMembership").member_id == MEMBER
        await chair.get(f"{DESK}/households/{HOME}")
        await chair.send('name="reason"', reason="", do="end")
        assert '<a href="#reason">' in chair.page
        assert 'value="届出"' in chair.page
        await chair.send('name="reason"', reason="転居", do="end")
        assert chair.asked("EndHousehold").reason == "転居"


async def test_a_household_nobody_joined_of_agrees_in_person_to_be_looked_after(
    tmp_path: Path,
) -> None:
    async with an_officer(tmp_path) as chair:
        await chair.get(f"{DESK}/households/{HOME}")
        assert 'value="agreed"' not in chair.page
        chair.core.script["ListMembers"] = lambda _: pb.ListMembersResponse()
        await chair.get(f"{DESK}/households/{HOME}")
        assert "ご本人に聞いてから" in chair.page
        await chair.send('value="agreed"', do="agreed")
        asked = chair.asked("SetCare")
        assert (asked.household_id, asked.consented) == (HOME, True)
        assert chair.where == f"{DESK}/households/{HOME}"
        chair.core.refuse("SetCare", StatusCode.NOT_FOUND, "MEMBER_UNKNOWN")
        await chair.send('value="agreed"', do="agreed")
        assert chair.status == 422


async def test_a_household_and_a_group_are_added(tmp_path: Path) -> None:
    async with an_officer(tmp_path) as chair:
        await chair.get(f"{DESK}/households/new")
        await chair.send('name="address"', name="新田", order="", group=GROUP, do="save")
        assert chair.asked("SaveHousehold").household.household_id == ""
        await chair.get(f"{DESK}/groups/{GROUP}")
        await chair.send('name="order"', name="一班", order="3")
        group = chair.asked("SaveGroup").group
        assert (group.group_id, group.round_order, group.etag) == (GROUP, 3, "g1")
        await chair.get(f"{DESK}/groups/{an_id('b', 7)}")
        assert chair.status == 404


async def test_all_offices_are_handed_over_in_one_step(tmp_path: Path) -> None:
    vices = [an_office(pb.OFFICE_KIND_VICE, office_id=an_id("b", 20 + at)) for at in range(2)]
    clock = datetime(2027, 2, 1, tzinfo=UTC).timestamp
    async with an_officer(tmp_path, an_office(), *vices, clock=clock) as chair:
        await chair.get(f"{DESK}/handover")
        # Who holds an office keeps it unless somebody else is chosen, and no vice lacks room.
        assert chair.page.count(f'value="{MEMBER}" selected') == 3
        assert 'id="vice-2"' in chair.page
        assert 'value="2027-04-01"' in chair.page
        assert 'value="2028-03-31"' in chair.page
        await chair.send('name="chair"', begin="2027-04-01", end="2027-03-01")
        assert '<a href="#chair">' in chair.page
        assert '<a href="#end">' in chair.page
        said = {"chair": MEMBER, f"head-{GROUP}": MEMBER, "vice-0": ""}
        await chair.send('name="chair"', said, begin="2027-04-01", end="2028-03-31")
        asked = chair.asked("HandOverOffices")
        kinds = [(one.kind, one.group_id) for one in asked.offices]
        assert kinds == [(pb.OFFICE_KIND_CHAIR, ""), (pb.OFFICE_KIND_GROUP_HEAD, GROUP)]
        assert (asked.begin_date, asked.etag) == ("2027-04-01", "e1")
        assert "2027年4月1日からの役員を決めました" in chair.page


async def test_an_office_is_ended_on_a_day_with_a_reason(tmp_path: Path) -> None:
    async with an_officer(tmp_path) as chair:
        await chair.get(f"{DESK}/offices")
        await chair.send(OFFICE, end="", reason="")
        assert f'<a href="#end-{OFFICE}">' in chair.page
        await chair.send(OFFICE, end="2026-12-31", reason="転居")
        asked = chair.asked("EndOffice")
        assert (asked.office_id, asked.end_date) == (OFFICE, "2026-12-31")


async def test_what_another_officer_changed_first_is_said(tmp_path: Path) -> None:
    async with an_officer(tmp_path) as chair:
        chair.core.refuse("SaveGroup", StatusCode.FAILED_PRECONDITION, "CHANGED_MEANWHILE")
        await chair.get(f"{DESK}/groups/{GROUP}")
        await chair.send('name="order"', name="新しい名前", order="3")
        assert "ほかの人が先に" in chair.page
        assert 'value="新しい名前"' in chair.page


async def test_one_officer_is_appointed_between_handovers(tmp_path: Path) -> None:
    async with an_officer(tmp_path) as chair:
        await chair.get(f"{DESK}/offices")
        assert f'href="{DESK}/offices/new"' in chair.page
        await chair.get(f"{DESK}/offices/new")
        await chair.send('name="kind"', kind=str(pb.OFFICE_KIND_GROUP_HEAD), begin="", end="")
        for field in ("group", "member", "begin", "end"):
            assert f'<a href="#{field}">' in chair.page
        said = {"kind": str(pb.OFFICE_KIND_GROUP_HEAD), "group": GROUP, "member": MEMBER}
        await chair.send('name="kind"', said, begin="2026-12-01", end="2027-03-31")
        asked = chair.asked("AppointOfficer")
        assert asked.office == pb.NewOffice(
            kind=pb.OFFICE_KIND_GROUP_HEAD, group_id=GROUP, member_id=MEMBER
        )
        assert (asked.begin_date, asked.end_date) == ("2026-12-01", "2027-03-31")
        assert chair.where == f"{DESK}/offices"
        reason = "OFFICE_DATES_REFUSED"
        chair.core.refuse("AppointOfficer", StatusCode.FAILED_PRECONDITION, reason)
        await chair.get(f"{DESK}/offices/new")
        await chair.send('name="kind"', said, begin="2026-12-01", end="2027-03-31")
        assert chair.status == 422
        assert 'value="2027-03-31"' in chair.page
