"""Each RPC from the own client of each outsider: what they may not know of is as what is not there.

The RPCs are those of the contract, so that a new one fails until it has its place here.
"""

import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

from google.protobuf import descriptor_pool
from google.protobuf.message import Message
from sqlalchemy import Table, select

from core.callers import Role
from core.db import Row
from core.wire.access import ALLOWED
from tests.core.associations import asked as of_association
from tests.core.associations.scene import NOBODYS, Scene
from tests.core.associations.test_importing import ROWS, a_list
from tests.core.circulars import asked
from tests.core.circulars.asked import NO_CODE
from tests.core.circulars.everything import everything
from tests.core.circulars.test_files import an_image
from tests.town import MUNICIPALITY, Town, on_sqlite
from todoke.client import Core, CoreError
from todoke.v1 import circulars_pb2 as pb
from todoke.v1.residents_pb2 import Speaker

WHO = (
    "foreign", "left", "stranger", "stale", "plain", "other_head", "section", "roleless", "web",
)  # fmt: skip
"""The other association's chair; who left; no member; who held an office until today; a member of
another group; its head; another city's section; staff of another role; another channel's phone."""

Make = Callable[[Scene, str], Message]


@dataclass(frozen=True)
class Ask:
    """A request by the id of whose it is, and by one that is nobody's.

    `answers` says of each of WHO: ? as for the id that is nobody's, - that the office is missing,
    + may, = may, and finds nothing of the association in it.
    """

    make: Make
    whose: str
    answers: str
    nobodys: str = NOBODYS


def led(make: Make, whose: str = "association", other_head: str = "-") -> Ask:
    """Return what officers ask: a member is told of the office, all others know of nothing."""
    return Ask(make, whose, f"???--{other_head}???")


def got(make: Make, whose: str = "circular") -> Ask:
    """Return what officers ask of a circular: who got it is told of the office."""
    return Ask(make, whose, "???-?????")


def reads(make: Make, whose: str = "circular") -> Ask:
    """Return what members ask of a circular that their household got."""
    return Ask(make, whose, "???+?????")


NOBODY = "?????????"
ASKED = {
    "ImportAssociations": Ask(asked.imported, "association", "??????=??"),
    "ListAssociations": Ask(asked.associations, "association", "??????=??"),
    "SaveAssociation": Ask(asked.rename, "association", NOBODY),
    "GetAssociation": led(of_association.get, other_head="+"),
    "SaveGroup": led(of_association.group),
    "SaveHousehold": led(of_association.household),
    "ListHouseholds": led(of_association.households, other_head="+"),
    "EndHousehold": led(of_association.end_household, "household"),
    "ListMembers": led(of_association.members, "household"),
    "ListMembers/association": led(of_association.all_members, other_head="+"),
    # Who left is told of which association they are a member no more.
    "ListMemberships": Ask(asked.memberships, "association", "=+=+++??="),
    "CreateInvitation": led(of_association.invitation),
    "RequestToJoin": Ask(asked.join, "ended_code", NOBODY, NO_CODE),
    "ListJoinRequests": led(of_association.requests, other_head="+"),
    "DecideJoinRequest": led(of_association.refuse, "wish"),
    "EndMembership": led(of_association.end_membership, "member"),
    "BeginMemberLink": Ask(asked.begin_link, "member", NOBODY),
    "CompleteMemberLink": Ask(asked.complete_link, "spent_code", NOBODY, NO_CODE),
    "SetCare": Ask(asked.care, "household", NOBODY),
    "AppointOfficer": led(of_association.appointment),
    "EndOffice": led(of_association.ending, "office"),
    "HandOverOffices": led(of_association.handover),
    "ListOffices": led(of_association.offices, other_head="+"),
    "SaveCircular": led(asked.save_new),
    "SaveCircular/draft": Ask(asked.save, "draft", NOBODY),
    "GetAsked": Ask(asked.asked_draft, "draft", "======??="),
    "KeepAsked": Ask(asked.nothing_asked, "draft", "======??="),
    "PreviewCircular": Ask(asked.preview, "draft", NOBODY),
    "PublishCircular": Ask(asked.publish, "draft", NOBODY),
    "ForwardCircular": led(asked.forward),
    "ForwardCircular/circular": Ask(asked.forward_elsewhere, "city", NOBODY),
    "CorrectCircular": got(asked.correct),
    "WithdrawCircular": got(asked.withdraw),
    "WithdrawCircular/draft": Ask(asked.withdraw, "draft", NOBODY),
    "ListCirculars": led(asked.listed, other_head="+"),
    "GetCircular": got(asked.get),
    "GetCircular/draft": Ask(asked.get, "draft", NOBODY),
    "ListOwnCirculars": Ask(asked.own, "circular", "===+==??="),
    "OpenCircular": reads(asked.open_),
    "OpenCircular/draft": Ask(asked.open_, "draft", NOBODY),
    "AnswerCircular": reads(asked.answer),
    "ListReceipts": got(asked.receipts),
    "GetCircularResults": got(asked.results),
    "RemindUnread": got(asked.remind),
    "PrintRound": got(asked.printed),
    "RecordPaperReceipt": got(asked.paper),
    "ListRounds": Ask(asked.rounds, "association", NOBODY),
    "ListForwards": Ask(asked.forwards, "city", NOBODY),
    "InspectCircular": Ask(asked.inspect, "circular", NOBODY),
    "UploadCircularFile": led(asked.upload, other_head="+"),
    "DownloadCircularFile": reads(asked.download, "file"),
    "ListBoardNotices": Ask(asked.board, "association", "======??="),
    "AddComment": reads(asked.comment),
    "HideComment": Ask(asked.hide, "comment", "???-?????"),
    "ListComments": reads(asked.comments),
}


@on_sqlite
async def test_whoever_may_not_know_of_it_is_told_what_they_are_told_of_nothing(
    a_town: Town,
) -> None:
    scene, callers = await everything(a_town)
    before = await a_town.read(kept)
    found: dict[str, str] = {}
    may = []

    for name, one in ASKED.items():
        found[name] = ""
        for who, answer in zip(WHO, one.answers, strict=True):
            if answer == "+":
                found[name] += "+"
                may.append((name, who))
                continue
            found[name] += await answer_to(scene, name, one, *callers[who])

    assert found == {name: one.answers for name, one in ASKED.items()}
    assert await a_town.read(kept) == before
    for name, who in may:
        one = ASKED[name]
        refused, _ = await told(name, one.make(scene, scene.ids[one.whose]), *callers[who])
        assert refused is None, (name, who)


@on_sqlite
async def test_whoever_speaks_for_another_reads_and_answers_and_nothing_else(
    a_town: Town,
) -> None:
    scene, _ = await everything(a_town)
    before = await a_town.read(kept)
    as_proxy = Speaker(external_id=scene.made.chair.external_id, for_resident_id=NOBODYS)
    refused = {}

    for name, one in ASKED.items():
        request = one.make(scene, scene.ids[one.whose])
        if "speaker" in request.DESCRIPTOR.fields_by_name:
            error, _ = await told(name, request, scene.line, as_proxy)
            refused[name] = error.reason if error else ""

    for_another = {name for name, reason in refused.items() if reason != "PROXY_NOT_GRANTED"}
    # The chair is not registered with the city, and so nobody's proxy.
    assert {refused[name] for name in for_another} == {"CONTACT_NOT_REGISTERED"}
    assert {name.partition("/")[0] for name in for_another} == {
        "ListMemberships", "ListOwnCirculars", "OpenCircular", "AnswerCircular",
        "DownloadCircularFile", "ListComments", "BeginMemberLink",
    }  # fmt: skip
    assert await a_town.read(kept) == before


INSIDE = ("circular", "draft", "comment", "file")
"""What stands in an association's circulars, or under them."""


@on_sqlite
async def test_the_citys_own_section_sees_nothing_inside_but_for_a_reason(a_town: Town) -> None:
    scene, _ = await everything(a_town)
    inside = {name: one for name, one in ASKED.items() if one.whose in INSIDE}
    assert len(inside) > 20

    found = {
        name: await answer_to(scene, name, one, scene.staff, None) for name, one in inside.items()
    }

    assert {name for name, answer in found.items() if answer != "?"} == {"InspectCircular"}


def test_every_rpc_has_its_place() -> None:
    service = pb.DESCRIPTOR.services_by_name["CircularService"]

    assert {name.partition("/")[0] for name in ASKED} == {one.name for one in service.methods}


def test_nothing_else_that_a_channel_may_ask_tells_of_associations() -> None:
    """Dispatches are not asked by a speaker: each goes to whom it tells."""
    telling = {
        method
        for method, roles in ALLOWED.items()
        if Role.CHANNEL in roles and not method.startswith("todoke.v1.CircularService/")
        if any(tells_of_one(one) for one in messages_of(method))
    }

    assert telling == {"todoke.v1.DispatchService/PullDispatches"}


def messages_of(method: str) -> set[str]:
    """Return the names of all messages in a method's request and answer, and of their fields."""
    service, _, name = method.partition("/")
    found = descriptor_pool.Default().FindServiceByName(service).methods_by_name[name]
    named: set[str] = set()
    waiting = [found.input_type, found.output_type]
    while waiting:
        message = waiting.pop()
        if message.full_name not in named:
            named.add(message.full_name)
            named |= {field.full_name for field in message.fields}
            waiting += [one.message_type for one in message.fields if one.message_type]
    return named


def tells_of_one(name: str) -> bool:
    return (
        re.search(r"association|circular|household_id|member_id|group_id", name, re.IGNORECASE)
        is not None
    )


async def answer_to(scene: Scene, name: str, one: Ask, core: Core, speaker: Speaker | None) -> str:
    """Return what somebody is told, in the letters of `Ask`; * where it tells of what is there."""
    refused, said = await told(name, one.make(scene, scene.ids[one.whose]), core, speaker)
    nothing, _ = await told(name, one.make(scene, one.nobodys), core, speaker)
    if refused is None:
        return "=" if not any(id in said for id in scene.ids.values()) else "*"
    if refused.reason == "NOT_IN_OFFICE":
        return "-"
    if nothing is None:
        return "*"
    alike = all(
        of(refused) == of(nothing)
        for of in (lambda it: it.code, str, lambda it: it.reason, lambda it: it.metadata)
    )
    return "?" if alike else "*"


async def told(
    name: str, request: Message, core: Core, speaker: Speaker | None
) -> tuple[CoreError | None, str]:
    """Return how it is refused, or what is said, with the association's own id left out."""
    rpc = name.partition("/")[0]
    if speaker is not None and "speaker" in request.DESCRIPTOR.fields_by_name:
        request.speaker.CopyFrom(speaker)  # type: ignore[attr-defined]  # It has the field.
    method: Any = getattr(core.circulars, rpc)
    streams = pb.DESCRIPTOR.services_by_name["CircularService"].methods_by_name[rpc]
    try:
        if streams.client_streaming:
            answer = str(await core.upload(method, parts(rpc, request)))
        elif streams.server_streaming:
            answer = "".join([str(part) async for part in core.watch(method, request)])
        else:
            answer = str(await core.ask(method, request))
    except CoreError as refused:
        return refused, ""
    return None, answer


async def parts(rpc: str, header: Message) -> AsyncIterator[Message]:
    part = getattr(pb, f"{rpc}Request")
    yield part(header=header)
    yield part(chunk=an_image() if rpc == "UploadCircularFile" else a_list(*ROWS))


def kept(session) -> dict[str, list]:
    """Return all that is kept of associations and circulars, and what is to be told."""
    names = ("association", "group", "household", "member", "office", "join_", "circular", "disp")
    tables: list[Table] = [
        table
        for name, table in Row.metadata.tables.items()
        if name.startswith(names) or name == "deliveries"
    ]
    assert len(tables) > 15
    return {table.name: sorted(map(str, session.execute(of_town(table)).all())) for table in tables}


def of_town(table: Table):
    return select(table).where(table.c.municipality == MUNICIPALITY)
