"""Who holds which office, and an office that ends today."""

from channels import wording
from channels.line.leading import seats
from channels.line.leading.seats import Seat, button, say
from channels.line.menu_messages import turned
from channels.line.messages import Message, card, press
from channels.line.postback import Do
from channels.line.verbs import Verb
from channels.line.visits import Visit
from todoke.v1 import circulars_pb2 as pb

A_PAGE = 8
REASONS = ("wish", "another", "mistake")


async def listed(visit: Visit, association_id: str, page: str) -> list[Message]:
    """List the offices that go on; each but the chair's can be ended."""
    language, there = visit.language, await seats.chairing(visit, association_id)
    found = await _held(visit, there)
    shown, turns = turned(
        found, int(page), Verb.OFFICES, language, size=A_PAGE, of=(association_id,)
    )
    lines = [_line(there, one, language) for one in shown] or [say("offices_none", language)]
    ends = [
        press(
            Do(Verb.OFFICE_END, (association_id, one.office_id)),
            say("office_end", language, office=_named(there, one, language)),
        )
        for one in shown
        if one.kind != pb.OFFICE_KIND_CHAIR
    ]
    appoint = button("appoint", language, Verb.APPOINT, association_id)
    back = button("back", language, Verb.NEIGHBOURS, association_id)
    title = say("single_offices", language)
    return [card(title, lines, [appoint, *ends, *turns, back], stands_out=seats.NOTHING)]


async def why(visit: Visit, association_id: str, office_id: str) -> list[Message]:
    """Ask why, one of a few reasons; none is typed."""
    language, there = visit.language, await seats.chairing(visit, association_id)
    office = await _one(visit, there, office_id)
    if office is None:
        return await listed(visit, association_id, "1")
    of = (association_id, office_id)
    reasons = [
        button(f"office_{reason}", language, Verb.OFFICE_END_FOR, *of, reason) for reason in REASONS
    ]
    back = button("back", language, Verb.OFFICES, association_id, "1")
    lines = [_line(there, office, language), say("office_end_why", language)]
    title = say("single_offices", language)
    return [card(title, lines, [*reasons, back], stands_out=seats.NOTHING)]


async def ask(visit: Visit, association_id: str, office_id: str, reason: str) -> list[Message]:
    """Ask before it ends; the safe answer stands out."""
    language, there = visit.language, await seats.chairing(visit, association_id)
    office = await _one(visit, there, office_id)
    if office is None:
        return await listed(visit, association_id, "1")
    lines = [_line(there, office, language), say("office_end_which", language)]
    arguments = (association_id, office_id, reason, visit.asked)
    yes = button("office_end_yes", language, Verb.OFFICE_END_SURE, *arguments)
    back = button("back", language, Verb.OFFICES, association_id, "1")
    return [card(say("single_offices", language), lines, [back, yes])]


async def surely(
    visit: Visit, association_id: str, office_id: str, reason: str, asked: str
) -> list[Message]:
    """End it: from the next request on."""
    if not visit.is_sure(asked):
        return await ask(visit, association_id, office_id, reason)
    language = visit.language
    today = visit.event.time.astimezone(wording.JAPAN).date()
    request = pb.EndOfficeRequest(
        speaker=visit.speaker,
        office_id=office_id,
        end_date=today.isoformat(),
        reason=say(f"office_{reason}", language),
        request_id=visit.event.id,
    )
    await visit.core.ask(visit.core.circulars.EndOffice, request)
    back = button("single_offices", language, Verb.OFFICES, association_id, "1")
    return seats.said(say("office_ended", language), language, back)


async def _held(visit: Visit, there: Seat) -> list[pb.Office]:
    """List the offices that go on after today, the chair's first."""
    today = visit.event.time.astimezone(wording.JAPAN).date().isoformat()
    request = pb.ListOfficesRequest(speaker=visit.speaker, association_id=there.id)
    method = visit.core.circulars.ListOffices
    found = await seats.everything(visit, method, request, "offices")
    going_on = [one for one in found if one.end_date > today]
    return sorted(going_on, key=lambda one: (one.kind, one.begin_date, one.office_id))


async def _one(visit: Visit, there: Seat, office_id: str) -> pb.Office | None:
    found = await _held(visit, there)
    return next((one for one in found if one.office_id == office_id), None)


def _named(there: Seat, office: pb.Office, language: str) -> str:
    word = seats.office(office.kind, language)
    if office.group_id:
        group = there.group(office.group_id, language)
        word = say("office_of_group", language, group=seats.named(group), office=word)
    return say("office_of", language, office=word, person=seats.named(office.display_name))


def _line(there: Seat, office: pb.Office, language: str) -> str:
    begin, end = (wording.day(day, language) for day in (office.begin_date, office.end_date))
    named = _named(there, office, language)
    return say("office_line", language, office=named, begin=begin, end=end)
