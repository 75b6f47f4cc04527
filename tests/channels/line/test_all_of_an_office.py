"""Leaders do in LINE whatever they can at the desk: by a tap, or by a link that arrives there."""

import re
from pathlib import Path

from channels.board.app import DESK
from channels.line.leading.doings import LEADING
from channels.line.leading.handing import OF_CIRCULAR, PLACES
from channels.line.shapes import CHOSEN, UUID
from channels.line.verbs import Verb
from tests.channels.line.adapter import Running, an_event, running
from tests.channels.line.chat import Said, happen, register, tap
from tests.channels.line.officers import (
    BALLOT,
    BOARD,
    COUNT,
    DRAFT,
    MEETING,
    NEXT,
    OUT,
    POLL,
    lead,
)
from tests.channels.line.test_neighbourhood import CIRCULAR, HOUSE, MEMBER, TOWN, own
from todoke.v1 import circulars_pb2 as pb

D = "/desk/{association:uuid}"
C = D + "/c/{circular:uuid}"
AT_THE_DESK: dict[str, set[str]] = {
    D: {"lead_at", "rounds", "desk:home"},
    D + "/new": {"write"},
    D + "/new/{kind}": {"write_kind", "draft_next", "draft_less", "draft_several", "draft_yes_no"},
    C: {"round", "draft", "publish_sure", "publish_at", "desk_at:whole"},
    C + "/edit": {
        "draft_edit",
        "draft_ask",
        "draft_for",
        "draft_group",
        "draft_rule",
        "draft_comments",
        "desk_at:edit",
    },
    C + "/correct": {"correct", "draft_changed"},
    C + "/withdraw": {"call_back_sure", "draft_drop_sure"},
    C + "/receipts": {"unread", "remind_sure", "on_paper_sure", "off_paper_sure"},
    C + "/round.pdf": {"desk_at:round"},
    C + "/paper": {"on_paper_coming", "on_paper_vote", "desk_at:sheet"},
    C + "/results": {"results", "written"},
    C + "/comments": {"comments", "hide_sure", "desk_at:comments"},
    D + "/forward/{circular:uuid}": {"forward", "forward_to"},
    D + "/joining": {"newcomers", "admit_sure", "new_home_sure", "turn_away_sure"},
    D + "/invite": {"invite_to", "desk:invite"},
    D + "/households": {"neighbours", "house_groups", "houses", "house_find", "desk:households"},
    D + "/households/new": {"new_home_sure", "house_new", "desk:households"},
    D + "/households/{household:uuid}": {
        "house",
        "house_paper",
        "house_rename",
        "house_care_sure",
        "house_gone_sure",
        "desk:households",
    },
    D + "/groups/new": {"desk:households"},
    D + "/groups/{group:uuid}": {"desk:households"},
    D + "/care": {"care"},
    D + "/offices": {"offices", "office_end_sure", "desk:offices"},
    D + "/offices/new": {"appoint_sure", "desk:offices"},
    D + "/handover": {"hand_sure", "desk:handover"},
}
"""What is done at each address of the desk, by the buttons that do it in the chat or lead there."""

FROM_WHAT_CAME = {"forward", "forward_to"}
"""Under a circular that came; the other buttons are found from the word 役員 on."""

BUT_FEW = {"desk:handover"}
"""Offered only where more offices are handed over than a button holds."""

CIRCULARS = {
    "draft": DRAFT, "out": OUT, "poll": POLL, "ballot": BALLOT, "next": NEXT,
    "meeting": MEETING, "count": COUNT,
}  # fmt: skip
DONE = (
    "PublishCircular", "WithdrawCircular", "RemindUnread", "RecordPaperReceipt",
    "DecideJoinRequest", "SaveHousehold", "HandOverOffices", "HideComment", "EndOffice",
    "EndHousehold", "SetCare", "AppointOfficer",
)  # fmt: skip
PICKED = {"date": "2030-04-01", "datetime": "2030-04-01T09:00"}


def test_each_address_of_the_desk_has_its_buttons_in_the_chat() -> None:
    assert {one.path for one in DESK} == set(AT_THE_DESK)


async def test_every_button_of_an_office_is_found_in_the_chat(tmp_path: Path) -> None:
    async with running(tmp_path, board_url=BOARD) as adapter:
        register(adapter)
        lead(adapter.core)
        for name in DONE:
            answer = getattr(pb, f"{name}Response")()
            adapter.core.script[name] = lambda _, answer=answer: answer
        comments_are_allowed(adapter)

        found = await all_from(adapter, f"1:{Verb.LEAD}")

    wanted = set().union(*AT_THE_DESK.values()) - FROM_WHAT_CAME
    assert wanted - found == BUT_FEW
    assert {verb.value for verb in LEADING} <= {one.partition(":")[0] for one in found}
    places = {f"desk:{one}" for one in PLACES} | {f"desk_at:{one}" for one in OF_CIRCULAR}
    assert places - found == BUT_FEW


async def test_a_leader_chooses_at_the_desk_whom_it_is_passed_on_to(tmp_path: Path) -> None:
    async with running(tmp_path, board_url=BOARD) as adapter:
        register(adapter)
        came = own()
        came.can_forward = True
        adapter.core.script["OpenCircular"] = lambda _: pb.OpenCircularResponse(circular=came)
        here = pb.Membership(
            association=pb.Association(association_id=TOWN),
            household=pb.Household(household_id=HOUSE),
            member_id=MEMBER,
        )
        elsewhere = pb.Membership(household=pb.Household(household_id=TOWN), member_id=TOWN)
        adapter.core.script["ListMemberships"] = lambda _: pb.ListMembershipsResponse(
            memberships=[elsewhere, here]
        )
        adapter.core.script["BeginMemberLink"] = lambda _: pb.BeginMemberLinkResponse(code="ACDE")

        read = await tap(adapter, f"1:circular:{CIRCULAR}")
        page = await tap(adapter, read.starting("1:forward_to:"))

        desk = f"/desk/{TOWN}/forward/{CIRCULAR}"
        assert page.links == [f"{BOARD}/link/ACDE?to={desk}"]
        [began] = adapter.core.calls["BeginMemberLink"]
        assert began.member_id == MEMBER


def comments_are_allowed(adapter: Running) -> None:
    shown = adapter.core.script["GetCircular"]

    def with_comments(asked: pb.GetCircularRequest) -> pb.GetCircularResponse:
        answer: pb.GetCircularResponse = shown(asked)
        answer.circular.content.comments_allowed = True
        return answer

    adapter.core.script["GetCircular"] = with_comments


async def all_from(adapter: Running, first: str) -> set[str]:
    """Press every button that is found, one of each shape; return their names."""
    waiting: list[tuple[str, str]] = [(first, "")]
    seen, found = set(), set()
    while waiting:
        data, mode = waiting.pop()
        if shape(data) in seen:
            continue
        seen.add(shape(data))
        said = await press(adapter, data, mode)
        for action in said.actions:
            if action["type"] != "uri" and LEADING.keys() & {verb(action["data"])}:
                found.add(named(action["data"]))
                waiting.append((action["data"], action.get("mode", "")))
    return found | {named(first)}


async def press(adapter: Running, data: str, mode: str) -> Said:
    if not mode:
        return await tap(adapter, data)
    picked = {"data": data, "params": {mode: PICKED[mode]}}
    return await happen(adapter, an_event("postback", postback=picked))


def verb(data: str) -> str:
    return data.split(":")[1]


def named(data: str) -> str:
    """Name a button by its verb, and by where it leads at the desk."""
    _, name, *arguments = data.split(":")
    return f"{name}:{arguments[1]}" if name in {Verb.DESK, Verb.DESK_AT} else name


def shape(data: str) -> str:
    """Return a button without whose it is; what can be done differs by the circular."""
    told = data
    for name, id in CIRCULARS.items():
        told = told.replace(id, name)
    told = re.sub(UUID, "id", told)
    told = re.sub(CHOSEN, lambda chosen: f"chosen{len(chosen[0])}", told)
    return re.sub(r":[0-9]+", ":1", told)
