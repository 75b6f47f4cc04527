"""A leader asks of the own association, and names in it what is another's: it is as nobody's."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message

from core.japan import today
from tests.core.associations.makers import Neighbourhood, ask_to_join, invite
from tests.core.associations.scene import NOBODYS
from tests.core.circulars import asked
from tests.core.circulars.everything import a_circular_of_the_city, everything
from tests.core.circulars.makers import Block, a_block
from tests.core.circulars.test_every_rpc import ASKED, kept, told
from tests.core.circulars.test_files import an_image, upload
from tests.makers import a_contact, a_request_id
from tests.town import Town, on_sqlite
from todoke.v1 import circulars_pb2 as pb

TRIED = "01900000-0000-7000-8000-00000000cafe"
Make = Callable[[Block, dict[str, str], str], Message]
"""A request of the own association, with things of it by name, and the id that is named in it."""


def group(block: Block, own: dict[str, str], id: str) -> Message:
    return pb.SaveGroupRequest(
        association_id=block.of.association_id,
        group=pb.Group(group_id=id, name="別の班", etag="1"), request_id=a_request_id(),
    )  # fmt: skip


def household(block: Block, own: dict[str, str], id: str) -> Message:
    return pb.SaveHouseholdRequest(
        association_id=block.of.association_id,
        household=pb.Household(household_id=id, name="別の家", etag="1"),
        request_id=a_request_id(),
    )  # fmt: skip


def household_in_group(block: Block, own: dict[str, str], id: str) -> Message:
    return pb.SaveHouseholdRequest(
        association_id=block.of.association_id,
        household=pb.Household(group_id=id, name="別の家"), request_id=a_request_id(),
    )  # fmt: skip


def households_of_group(block: Block, own: dict[str, str], id: str) -> Message:
    return pb.ListHouseholdsRequest(association_id=block.of.association_id, group_id=id)


def invitation_to_household(block: Block, own: dict[str, str], id: str) -> Message:
    return pb.CreateInvitationRequest(
        association_id=block.of.association_id, household_id=id, days=7,
        request_id=a_request_id(),
    )  # fmt: skip


def invitation_to_group(block: Block, own: dict[str, str], id: str) -> Message:
    return pb.CreateInvitationRequest(
        association_id=block.of.association_id, group_id=id, days=7, request_id=a_request_id()
    )


def decision(block: Block, own: dict[str, str], id: str) -> Message:
    return pb.DecideJoinRequestRequest(
        join_request_id=own["wish"], confirmed=True, household_id=id, request_id=a_request_id()
    )


def officer(block: Block, own: dict[str, str], id: str) -> Message:
    return pb.AppointOfficerRequest(
        association_id=block.of.association_id, begin_date=own["day"], end_date=own["day"],
        office=pb.NewOffice(kind=pb.OFFICE_KIND_VICE, member_id=id), request_id=a_request_id(),
    )  # fmt: skip


def head_of_group(block: Block, own: dict[str, str], id: str) -> Message:
    new = pb.NewOffice(
        kind=pb.OFFICE_KIND_GROUP_HEAD, member_id=block.of.plain.member_id, group_id=id
    )
    return pb.AppointOfficerRequest(
        association_id=block.of.association_id, begin_date=own["day"], end_date=own["day"],
        office=new, request_id=a_request_id(),
    )  # fmt: skip


def handover(block: Block, own: dict[str, str], id: str) -> Message:
    return pb.HandOverOfficesRequest(
        association_id=block.of.association_id, begin_date=own["later"], end_date=own["later"],
        offices=[pb.NewOffice(kind=pb.OFFICE_KIND_CHAIR, member_id=id)], etag=own["etag"],
        request_id=a_request_id(),
    )  # fmt: skip


def circular_to(name: str) -> Make:
    def make(block: Block, own: dict[str, str], id: str) -> Message:
        return pb.SaveCircularRequest(
            association_id=block.of.association_id, kind=pb.CIRCULAR_KIND_NOTICE,
            content=asked.CONTENT, targets=pb.Targets(**{name: [id]}),
            request_id=a_request_id(),
        )  # fmt: skip

    return make


def circular_with_file(block: Block, own: dict[str, str], id: str) -> Message:
    content = pb.CircularContent(title="清掃", body="日曜日", file_ids=[id])
    return pb.SaveCircularRequest(
        association_id=block.of.association_id, kind=pb.CIRCULAR_KIND_NOTICE, content=content,
        targets=pb.Targets(everybody=True), request_id=a_request_id(),
    )  # fmt: skip


def next_version(block: Block, own: dict[str, str], id: str) -> Message:
    return pb.SaveCircularRequest(
        association_id=block.of.association_id, kind=pb.CIRCULAR_KIND_NOTICE,
        content=asked.CONTENT, targets=pb.Targets(everybody=True), corrects_id=id,
        request_id=a_request_id(),
    )  # fmt: skip


def paper(block: Block, own: dict[str, str], id: str) -> Message:
    return pb.RecordPaperReceiptRequest(
        circular_id=own["circular"], lines=[pb.PaperLine(household_id=id, read=True)],
        request_id=a_request_id(),
    )  # fmt: skip


def printed(block: Block, own: dict[str, str], id: str) -> Message:
    return pb.PrintRoundRequest(circular_id=own["circular"], group_id=id, unread=True)


def receipts_of_group(block: Block, own: dict[str, str], id: str) -> Message:
    return pb.ListReceiptsRequest(circular_id=own["circular"], group_id=id)


def heads(block: Block, own: dict[str, str], id: str) -> Message:
    chair = pb.NewOffice(kind=pb.OFFICE_KIND_CHAIR, member_id=block.of.plain.member_id)
    head = pb.NewOffice(
        kind=pb.OFFICE_KIND_GROUP_HEAD, member_id=block.of.plain.member_id, group_id=id
    )
    return pb.HandOverOfficesRequest(
        association_id=block.of.association_id, begin_date=own["later"], end_date=own["later"],
        offices=[chair, head], etag=own["etag"], request_id=a_request_id(),
    )  # fmt: skip


def passed_on_to(name: str) -> Make:
    def make(block: Block, own: dict[str, str], id: str) -> Message:
        return pb.ForwardCircularRequest(
            circular_id=own["city"], association_id=block.of.association_id,
            targets=pb.Targets(**{name: [id]}), request_id=a_request_id(),
        )  # fmt: skip

    return make


def corrected_with_file(block: Block, own: dict[str, str], id: str) -> Message:
    content = pb.CircularContent(title="清掃", body="月曜日", file_ids=[id])
    return pb.CorrectCircularRequest(
        circular_id=own["circular"], content=content, correction="直しました",
        etag=own["circular_etag"], request_id=a_request_id(),
    )  # fmt: skip


WITHIN: tuple[tuple[str, Make, str], ...] = (
    ("SaveGroup", group, "group"),
    ("SaveHousehold", household, "household"),
    ("SaveHousehold", household_in_group, "group"),
    ("ListHouseholds", households_of_group, "group"),
    ("CreateInvitation", invitation_to_household, "household"),
    ("CreateInvitation", invitation_to_group, "group"),
    ("DecideJoinRequest", decision, "household"),
    ("AppointOfficer", officer, "member"),
    ("AppointOfficer", head_of_group, "group"),
    ("HandOverOffices", handover, "member"),
    ("HandOverOffices", heads, "group"),
    ("SaveCircular", circular_to("group_ids"), "group"),
    ("SaveCircular", circular_to("household_ids"), "household"),
    ("SaveCircular", circular_to("association_ids"), "association"),
    ("SaveCircular", circular_with_file, "file"),
    ("SaveCircular", next_version, "circular"),
    ("ForwardCircular", passed_on_to("group_ids"), "group"),
    ("ForwardCircular", passed_on_to("household_ids"), "household"),
    ("ForwardCircular", passed_on_to("association_ids"), "association"),
    ("CorrectCircular", corrected_with_file, "file"),
    ("RecordPaperReceipt", paper, "household"),
    ("PrintRound", printed, "group"),
    ("ListReceipts", receipts_of_group, "group"),
)


@on_sqlite
async def test_what_is_anothers_is_named_in_vain(a_town: Town) -> None:
    block = await a_block(a_town)
    others = await a_block(a_town, line=block.line)
    own, theirs = await of_own(block), ids_of(others.of)
    theirs["file"] = (await upload(others, others.of.chair, an_image())).file_id
    theirs["circular"] = (await others.send()).circular_id
    before, speaker = await a_town.read(kept), block.of.chair.speaker
    differing = []
    reasons = set()

    for rpc, make, whose in WITHIN:
        refused, _ = await told(rpc, make(block, own, theirs[whose]), block.line, speaker)
        nobodys, _ = await told(rpc, make(block, own, NOBODYS), block.line, speaker)
        if refused is None or nobodys is None:
            differing.append((rpc, whose, "taken"))
        elif (str(refused), refused.metadata) != (str(nobodys), nobodys.metadata):
            differing.append((rpc, whose, str(refused)))
        else:
            reasons.add(refused.reason)

    assert differing == []
    # Each request was sound but for the id.
    assert reasons == {
        "GROUP_UNKNOWN", "HOUSEHOLD_UNKNOWN", "MEMBER_UNKNOWN", "ATTACHMENT_UNKNOWN",
        "CIRCULAR_UNKNOWN", "FIELD_INVALID", "NOTHING_TO_PRINT",
    }  # fmt: skip
    assert await a_town.read(kept) == before


@on_sqlite
async def test_every_id_that_a_request_can_name_is_tried(a_town: Town) -> None:
    scene, _ = await everything(a_town)
    block = Block(a_town, scene.line, scene.staff, scene.made)
    own = dict.fromkeys(("circular", "city", "wish", "etag", "day", "later"), "own")
    own["circular_etag"] = "own"

    tried = {
        (name.partition("/")[0], field)
        for name, one in ASKED.items()
        for field in fields_with(one.make(scene, TRIED), TRIED)
    } | {
        (rpc, field)
        for rpc, make, _ in WITHIN
        for field in fields_with(make(block, own, TRIED), TRIED)
    }

    assert tried >= {
        (rpc.name, field.removeprefix("header."))
        for rpc in pb.DESCRIPTOR.services_by_name["CircularService"].methods
        for field in ids_in(rpc.input_type)
    }


def ids_in(message: Descriptor) -> Iterator[str]:
    """Find the fields of a request that hold ids of others' things, with those within them."""
    for field in message.fields:
        if field.message_type is not None and field.message_type.name != "Speaker":
            yield from (f"{field.name}.{within}" for within in ids_in(field.message_type))
        elif field.name.endswith(("_id", "_ids")) and field.name != "request_id":
            yield field.name


def fields_with(message: Message, id: str) -> Iterator[str]:
    """Find the fields that hold an id."""
    for field, value in message.ListFields():
        for one in value if field.is_repeated else [value]:
            if isinstance(one, Message):
                yield from (f"{field.name}.{within}" for within in fields_with(one, id))
            elif one == id:
                yield field.name


def ids_of(made: Neighbourhood) -> dict[str, str]:
    return {
        "association": made.association_id,
        "group": made.groups[0].group_id,
        "household": made.households[1].household_id,
        "member": made.members[1].member_id,
    }


async def of_own(block: Block) -> dict[str, str]:
    """Return a circular, a request to join and what else a sound request needs."""
    line, id = block.line, block.of.association_id
    asking = await a_contact(block.town, line)
    code = await invite(block.staff, id, group_id=block.of.groups[0].group_id)
    shown = await line.ask(
        line.circulars.GetAssociation,
        pb.GetAssociationRequest(speaker=block.of.chair.speaker, association_id=id),
    )
    day, sent = today(block.town.clock()), await block.send()
    return {
        "circular": sent.circular_id,
        "circular_etag": sent.etag,
        "city": await a_circular_of_the_city(block.staff, id),
        "wish": (await ask_to_join(line, asking.external_id, code)).join_request_id,
        "etag": shown.association.association.etag,
        "day": day.isoformat(),
        "later": (day + timedelta(days=400)).isoformat(),
    }
