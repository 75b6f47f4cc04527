"""The leaders' desk by HTTP: what is there, and for whom."""

from pathlib import Path

import pytest
from grpc import StatusCode

from tests.channels.board.adapter import an_officer, browsing
from tests.channels.board.scripted import (
    CIRCULAR,
    DESK,
    GROUP,
    MEMBER,
    OTHER_GROUP,
    Town,
    a_circular,
    a_draft,
    an_office,
)
from todoke.v1 import circulars_pb2 as pb


async def test_the_desk_tells_who_has_read_and_who_waits(tmp_path: Path) -> None:
    async with an_officer(tmp_path) as chair:
        await chair.get("/")
        assert f'href="{DESK}"' in chair.page
        await chair.get(DESK)
        assert "既読1・未読1" in chair.page
        assert "参加の申し込みが1件あります" in chair.page


async def test_all_circulars_of_the_association_are_searched_at_the_desk(tmp_path: Path) -> None:
    async with an_officer(tmp_path) as chair:
        await chair.get(f"{DESK}?q=清掃")
        assert chair.asked("ListCirculars").words == "清掃"
        assert 'value="清掃"' in chair.page
        chair.core.script["ListCirculars"] = lambda _: pb.ListCircularsResponse()
        await chair.get(f"{DESK}?q=花火")
        assert "「花火」を含む回覧はありません" in chair.page


async def test_who_stopped_reading_is_listed_for_those_who_look_after_them(tmp_path: Path) -> None:
    async with an_officer(tmp_path) as chair:
        await chair.get(DESK)
        assert "しばらく読んでいない世帯が1あります" in chair.page
        await chair.get(f"{DESK}/care")
        assert "山本" in chair.page
        assert "届出" not in chair.page


async def test_whoever_is_in_no_office_is_told_so_and_strangers_find_nothing(
    tmp_path: Path,
) -> None:
    async with browsing(tmp_path) as person:
        await person.get(DESK)
        assert person.where == "/join"
        await person.join()
        person.core.refuse("GetAssociation", StatusCode.PERMISSION_DENIED, "NOT_IN_OFFICE")
        await person.get(DESK)
        assert person.status == 403
        person.core.refuse("GetAssociation", StatusCode.NOT_FOUND, "ASSOCIATION_UNKNOWN")
        await person.get(DESK)
        assert person.status == 404


async def test_a_group_head_writes_only_to_the_own_group(tmp_path: Path) -> None:
    head = an_office(pb.OFFICE_KIND_GROUP_HEAD, group_id=OTHER_GROUP)
    async with an_officer(tmp_path, head) as person:
        await person.get(f"{DESK}/new/notice")
        assert 'value="everybody"' not in person.page
        assert f'value="{GROUP}"' not in person.page
        assert f'value="{OTHER_GROUP}" checked' in person.page
        await person.get(f"{DESK}/offices")
        assert "handover" not in person.page


async def test_a_group_head_is_offered_to_change_only_what_they_wrote(tmp_path: Path) -> None:
    head = an_office(pb.OFFICE_KIND_GROUP_HEAD, group_id=OTHER_GROUP)
    for offered in (False, True):
        folder = tmp_path / str(offered)
        folder.mkdir()
        shown = a_circular(can_change=offered)
        async with an_officer(folder, head, town=Town(circular=shown)) as person:
            await person.get(f"{DESK}/c/{CIRCULAR}")
            for page in ("correct", "withdraw"):
                assert (f"{CIRCULAR}/{page}" in person.page) is offered
            for page in ("correct", "withdraw"):
                await person.get(f"{DESK}/c/{CIRCULAR}/{page}")
                assert person.status == (200 if offered else 403)
            shown.state = pb.CIRCULAR_STATE_DRAFT
            await person.get(f"{DESK}/c/{CIRCULAR}/edit")
            assert person.status == (200 if offered else 403)


OF_CHAIRS = ("/offices/new", "/handover")
OF_LEADERS = ("/groups/new", f"/groups/{GROUP}")
OF_WRITERS = ("/new", "/new/notice", "/invite", "/joining", "/households/new")


@pytest.mark.parametrize(
    ("kind", "refused"),
    [
        (pb.OFFICE_KIND_VICE, OF_CHAIRS),
        (pb.OFFICE_KIND_GROUP_HEAD, (*OF_CHAIRS, *OF_LEADERS)),
        (pb.OFFICE_KIND_TREASURER, (*OF_CHAIRS, *OF_LEADERS, *OF_WRITERS)),
    ],
)
async def test_a_page_whose_address_is_typed_is_refused_to_who_may_not_do_it(
    tmp_path: Path, kind: pb.OfficeKind.ValueType, refused: tuple[str, ...]
) -> None:
    group = {"group_id": GROUP} if kind == pb.OFFICE_KIND_GROUP_HEAD else {}
    async with an_officer(tmp_path, an_office(kind, **group)) as person:
        for path in (*OF_CHAIRS, *OF_LEADERS, *OF_WRITERS):
            await person.get(f"{DESK}{path}")
            assert person.status == (403 if path in refused else 200), path
            if path in refused:
                assert "あなたのいまの役職では、このページは使えません" in person.page
                assert f'class="button quiet" href="{DESK}"' in person.page


async def test_a_form_that_is_sent_after_the_office_went_changes_nothing(tmp_path: Path) -> None:
    async with an_officer(tmp_path) as person:
        await person.get(f"{DESK}/offices/new")
        person.town.offices = [an_office(pb.OFFICE_KIND_VICE)]
        await person.send('name="kind"', kind=str(pb.OFFICE_KIND_TREASURER), member=MEMBER)
        assert person.status == 403
        assert not person.core.calls["AppointOfficer"]


async def test_a_page_for_another_state_leads_to_the_circular_as_it_stands(tmp_path: Path) -> None:
    async with an_officer(tmp_path) as person:
        await person.get(f"{DESK}/c/{CIRCULAR}/edit")
        assert person.where == f"{DESK}/c/{CIRCULAR}"
        person.town.circular = a_draft()
        await person.get(f"{DESK}/c/{CIRCULAR}/correct")
        assert person.where == f"{DESK}/c/{CIRCULAR}"
        person.town.circular = a_circular(state=pb.CIRCULAR_STATE_WITHDRAWN, can_change=False)
        await person.get(f"{DESK}/c/{CIRCULAR}/withdraw")
        assert person.where == f"{DESK}/c/{CIRCULAR}"


async def test_a_treasurer_sees_and_writes_nothing(tmp_path: Path) -> None:
    town = Town(circular=a_circular(can_change=False))
    async with an_officer(tmp_path, an_office(pb.OFFICE_KIND_TREASURER), town=town) as person:
        for path in (DESK, f"{DESK}/households", f"{DESK}/c/{CIRCULAR}"):
            await person.get(path)
            assert person.status == 200
            assert "/new" not in person.page
            assert "/withdraw" not in person.page
        assert not person.core.calls["ListJoinRequests"]


async def test_the_desk_shows_what_of_the_citys_waits_to_be_passed_on(tmp_path: Path) -> None:
    town = Town(own={"can_forward": True})
    async with an_officer(tmp_path, town=town) as chair:
        await chair.get(DESK)
        assert "市から届いた「秋の清掃」は、まだ会員に回っていません" in chair.page
        assert f'href="/c/{CIRCULAR}"' in chair.page
        town.own = {}
        await chair.get(DESK)
        assert "まだ会員に回っていません" not in chair.page
