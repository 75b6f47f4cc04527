"""Sheets that an association hands to the city hall are entered there: for a reason, and blind."""

from core.callers import Role
from tests.core.associations.scene import NOBODYS
from tests.core.circulars.everything import a_circular_of_the_city
from tests.core.circulars.makers import a_block, refusal_of
from tests.core.circulars.test_on_paper import (
    PAPER,
    UNREAD,
    answered,
    asked,
    coming,
    lines,
    nothing,
    read,
)
from tests.makers import a_request_id
from tests.town import Town, on_sqlite
from todoke.v1 import circulars_pb2 as pb
from todoke.v1.activity_pb2 import ListEventsRequest

HANDED_IN = "用紙を窓口で預かった"


def handed_in(
    circular_id: str, *lines: pb.PaperLine, reason: str = HANDED_IN
) -> pb.RecordPaperReceiptRequest:
    return pb.RecordPaperReceiptRequest(
        circular_id=circular_id, lines=lines, reason=reason, request_id=a_request_id()
    )


async def test_what_an_association_hands_to_the_city_hall_is_entered_there_with_the_reason(
    a_town: Town,
) -> None:
    block = await a_block(a_town)
    chair, one, two, three = block.of.members
    section = await a_town.staff(Role.ASSOCIATIONS)
    id = await asked(block)
    await block.answer(one, id, coming(2))
    entered = handed_in(
        id, answered(one.household_id, coming(9)), answered(two.household_id, coming(3)),
        read(three.household_id),
    )  # fmt: skip

    done = await section.ask(section.circulars.RecordPaperReceipt, entered)

    assert (done.recorded, list(done.answered_themselves)) == (2, [one.household_id])
    shown = await lines(block, chair, id)
    assert (shown[two.household_id].way, shown[two.household_id].entered_by) == (PAPER, "総社市")
    assert shown[two.household_id].answer == coming(3)
    assert (await block.results(chair, id)).on_paper == 1
    assert await _logged(a_town) == [("answered", HANDED_IN), ("read", HANDED_IN)]

    back = handed_in(id, nothing(three.household_id))
    assert (await section.ask(section.circulars.RecordPaperReceipt, back)).recorded == 1
    assert (await lines(block, chair, id))[three.household_id].way == UNREAD


async def _logged(town: Town) -> list[tuple[str, str]]:
    """Return what was written down of sheets by staff, with the reason that was given."""
    auditor = await town.staff(Role.AUDITOR)
    found = await auditor.ask(auditor.activity.ListEvents, ListEventsRequest(page_size=200))
    entered = [
        (one.details["what"], one.reason)
        for one in found.events
        if one.kind == "circular.paper_recorded" and one.actor.startswith("staff:")
    ]
    return sorted(entered)


@on_sqlite
async def test_staff_enter_sheets_for_a_reason_and_of_what_went_round_in_an_association_alone(
    a_town: Town,
) -> None:
    block = await a_block(a_town)
    section = await a_town.staff(Role.ASSOCIATIONS)
    others = await a_town.staff(Role.REVIEWER)
    id, line = await asked(block), read(block.of.plain.household_id)
    draft = await block.save(block.of.chair)
    city = await a_circular_of_the_city(block.staff, block.of.association_id)

    for caller, request, reason in (
        (section, handed_in(id, line, reason=" "), "FIELD_INVALID"),
        (section, handed_in(id, line, reason="番号 1234 5678 9018 の方"), "MY_NUMBER_REFUSED"),
        (section, handed_in(draft.circular_id, line), "CIRCULAR_UNKNOWN"),
        (section, handed_in(city, line), "CIRCULAR_UNKNOWN"),
        (section, handed_in(id, read(NOBODYS)), "HOUSEHOLD_UNKNOWN"),
        (others, handed_in(id, line), "CALLER_NOT_ALLOWED"),
    ):
        refused = await refusal_of(
            lambda c=caller, r=request: c.ask(c.circulars.RecordPaperReceipt, r)
        )
        assert refused.reason == reason
    assert (await lines(block, block.of.chair, id))[block.of.plain.household_id].way == UNREAD
