"""Single offices between handovers: one officer more, and an office that ends today."""

from collections.abc import Sequence
from datetime import date

from channels import wording
from channels.line import asked, messages
from channels.line.leading import houses, seats
from channels.line.leading.seats import Seat, button, named, say
from channels.line.menu_messages import turned
from channels.line.messages import Action, Message, card, press, texts
from channels.line.postback import Do
from channels.line.typed import plainly
from channels.line.verbs import NONE, Verb
from channels.line.visits import Visit
from todoke.v1 import circulars_pb2 as pb

A_PAGE = 8
MARCH = 3
KINDS = {
    "vice": pb.OFFICE_KIND_VICE,
    "treasurer": pb.OFFICE_KIND_TREASURER,
    "group_head": pb.OFFICE_KIND_GROUP_HEAD,
}
"""The chair's office is handed over: an association is never without one by a tap."""


async def kinds(visit: Visit, association_id: str) -> list[Message]:
    """Ask which office."""
    language, there = visit.language, await seats.chairing(visit, association_id)
    buttons = [_kind(there, kind, language) for kind in KINDS if _kind_fits(there, kind)]
    back = button("back", language, Verb.OFFICES, association_id, "1")
    lines = [say("appoint_which", language)]
    return [card(say("appoint", language), lines, [*buttons, back])]


def _kind_fits(there: Seat, kind: str) -> bool:
    return kind != "group_head" or bool(there.groups)


def _kind(there: Seat, kind: str, language: str) -> Action:
    word = seats.office(KINDS[kind], language)
    if kind == "group_head":
        return press(Do(Verb.APPOINT_GROUP, (there.id, "1")), word)
    return press(Do(Verb.APPOINT_FROM, (there.id, kind, NONE, "1")), word)


async def groups(visit: Visit, association_id: str, page: str) -> list[Message]:
    """Ask of which group somebody shall be the head."""
    language, there = visit.language, await seats.chairing(visit, association_id)
    shown, turns = turned(
        there.groups, int(page), Verb.APPOINT_GROUP, language, size=A_PAGE, of=(association_id,)
    )
    buttons = [
        press(Do(Verb.APPOINT_FROM, (there.id, "group_head", one.group_id, "1")), one.name)
        for one in shown
    ]
    back = button("back", language, Verb.APPOINT, association_id)
    lines = [say("appoint_group", language)]
    return [card(say("appoint", language), lines, [*buttons, *turns, back])]


async def choose(
    visit: Visit, association_id: str, kind: str, group_id: str, page: str
) -> list[Message]:
    """List who can hold it, those of its group first."""
    language, there = visit.language, await seats.chairing(visit, association_id)
    found = await _members(visit, there, group_id)
    of = (association_id, kind, group_id)
    shown, turns = turned(found, int(page), Verb.APPOINT_FROM, language, size=A_PAGE, of=of)
    find = [button("find_person", language, Verb.APPOINT_FIND, *of)] if turns else []
    back = button("back", language, Verb.APPOINT, association_id)
    lines = [say("hand_who", language, office=_office(there, kind, group_id, language))]
    return [
        card(say("appoint", language), lines, [*_people(shown, of, language), *turns, *find, back])
    ]


async def find(visit: Visit, association_id: str, kind: str, group_id: str) -> list[Message]:
    """Ask for a name, by which somebody is found among many."""
    await seats.chairing(visit, association_id)
    await asked.keep(visit, Do(Verb.APPOINT_FIND, (association_id, kind, group_id)))
    return texts(say("find_person_which", visit.language))


async def find_words(visit: Visit, association_id: str, kind: str, group_id: str) -> list[Message]:
    """Show the members of whose name, or household's name, the typed words are a part."""
    language, there = visit.language, await seats.chairing(visit, association_id)
    sought = plainly(visit.event.text)
    found = [
        (home, one)
        for home, one in await _members(visit, there, group_id)
        if sought in plainly(one.display_name + home.name)
    ]
    of = (association_id, kind, group_id)
    back = button("back", language, Verb.APPOINT_FROM, *of, "1")
    lines = [say("find_person_found" if found else "find_person_none", language)]
    return [card(say("appoint", language), lines, [*_people(found[:A_PAGE], of, language), back])]


Lives = tuple[pb.Household, pb.Member]


def _people(shown: Sequence[Lives], of: tuple[str, str, str], language: str) -> list[Action]:
    return [
        press(
            Do(Verb.APPOINT_WHO, (*of, one.member_id)),
            say("member", language, person=named(one.display_name), home=named(home.name)),
        )
        for home, one in shown
    ]


async def ask(
    visit: Visit, association_id: str, kind: str, group_id: str, member_id: str
) -> list[Message]:
    """Ask until when, which appoints: to the end of this year of the association's, or the next."""
    language, there = visit.language, await seats.chairing(visit, association_id)
    person = next(
        (one for _, one in await _members(visit, there, group_id) if one.member_id == member_id),
        None,
    )
    if person is None:
        return messages.refusal("MEMBER_UNKNOWN", language)
    office = _office(there, kind, group_id, language)
    lines = [say("appoint_until", language, person=person.display_name, office=office)]
    of = (association_id, kind, group_id)
    buttons = []
    for end in _ends(visit):
        sure = f"{member_id}.{end:%Y%m%d}.{visit.asked}"
        word = say("appoint_to", language, day=wording.day(end.isoformat(), language))
        buttons.append(press(Do(Verb.APPOINT_SURE, (*of, sure)), word))
    back = button("back", language, Verb.APPOINT_FROM, *of, "1")
    return [card(say("appoint", language), lines, [*buttons, back], stands_out=seats.NOTHING)]


def _ends(visit: Visit) -> list[date]:
    """Return the last days of the association's year and of the next: in Japan, 31 March."""
    today = visit.event.time.astimezone(wording.JAPAN).date()
    year = today.year + (today.month > MARCH)
    return [date(year, MARCH, 31), date(year + 1, MARCH, 31)]


async def surely(
    visit: Visit, association_id: str, kind: str, group_id: str, who_until: str
) -> list[Message]:
    """Give the office from today on. What stands in its way the core knows."""
    member_id, until, asked_at = who_until.split(".")
    if not visit.is_sure(asked_at):
        return await ask(visit, association_id, kind, group_id, member_id)
    language = visit.language
    today = visit.event.time.astimezone(wording.JAPAN).date()
    request = pb.AppointOfficerRequest(
        speaker=visit.speaker,
        association_id=association_id,
        office=pb.NewOffice(
            kind=KINDS[kind],
            group_id="" if group_id == NONE else group_id,
            member_id=member_id,
        ),
        begin_date=today.isoformat(),
        end_date=date.fromisoformat(until).isoformat(),
        request_id=visit.event.id,
    )
    given = (await visit.core.ask(visit.core.circulars.AppointOfficer, request)).office
    back = button("single_offices", language, Verb.OFFICES, association_id, "1")
    word = seats.office(KINDS[kind], language)
    return seats.said(
        say("appointed", language, person=given.display_name, office=word), language, back
    )


def _office(there: Seat, kind: str, group_id: str, language: str) -> str:
    word = seats.office(KINDS[kind], language)
    if group_id == NONE:
        return word
    return say("office_of_group", language, group=there.group(group_id, language), office=word)


async def _members(visit: Visit, there: Seat, group_id: str) -> list[Lives]:
    """List who joined, by household in the order of the round; those of a group first."""
    homes = [one.household for one in await houses.of(visit, there)]
    homes.sort(key=lambda one: one.group_id != group_id)
    request = pb.ListMembersRequest(speaker=visit.speaker, association_id=there.id)
    method = visit.core.circulars.ListMembers
    joined: dict[str, list[pb.Member]] = {}
    for one in await seats.everything(visit, method, request, "members"):
        joined.setdefault(one.household_id, []).append(one)
    return [(home, one) for home in homes for one in joined.get(home.household_id, [])]
