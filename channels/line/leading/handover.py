"""All offices are handed over step by step, in one act at the end.

What was chosen so far stands in the buttons: the association as it was read, the first day, the
years, and of each successor the last letters of their id. So a step back is a button of before, and
nothing is half done.
"""

from datetime import date

from channels import wording
from channels.line import messages, picking
from channels.line.leading import seats
from channels.line.leading.seats import Seat, button, named, say
from channels.line.leading.successors import (
    MOST_PLACES,
    TAIL,
    VACANT,
    Chosen,
    Place,
    places,
    read,
)
from channels.line.menu_messages import turned
from channels.line.messages import Action, Message, card, press
from channels.line.postback import Do
from channels.line.verbs import NONE, Verb
from channels.line.visits import Visit
from todoke.v1 import circulars_pb2 as pb
from todoke.v1.procedures_pb2 import DateInput

A_PAGE = 8
APRIL = 4
"""The month in which associations' years begin."""


async def begin(visit: Visit, association_id: str) -> list[Message]:
    """Ask from which day; an association of very many offices goes on at the desk."""
    language, there = visit.language, await seats.chairing(visit, association_id)
    back = button("stop", language, Verb.LEAD_AT, association_id)
    title = say("hand", language)
    if len(places(there)) > MOST_PLACES:
        ways = [button("desk", language, Verb.DESK, association_id, "handover")]
        return [card(title, [say("hand_many", language)], [*ways, back])]
    today = visit.event.time.astimezone(wording.JAPAN).date()
    april = date(today.year + (today.month >= APRIL), APRIL, 1)
    pick = picking.day(
        DateInput(first=today.isoformat(), start=april.isoformat()),
        "",
        say("hand_pick", language),
        Do(Verb.HAND_DAY, (association_id,)),
    )
    first = wording.day(april.isoformat(), language)
    usual = Chosen(there.association.etag, april, 1)
    april_on = press(
        Do(Verb.HAND_TO, (association_id, str(usual))), say("hand_april", language, day=first)
    )
    return [card(title, [say("hand_lead", language)], [april_on, pick, back])]


async def day(visit: Visit, association_id: str) -> list[Message]:
    """Ask for how long, from the day that was picked."""
    language, there = visit.language, await seats.chairing(visit, association_id)
    if not visit.event.picked:
        return messages.old_button(language)
    first = date.fromisoformat(visit.event.picked[: len("2026-04-01")])
    buttons = []
    for years in (1, 2):
        chosen = Chosen(there.association.etag, first, years)
        until = wording.day(chosen.end.isoformat(), language)
        word = say("hand_years", language, years=years, day=until)
        buttons.append(press(Do(Verb.HAND_TO, (association_id, str(chosen))), word))
    back = button("back", language, Verb.HAND, association_id)
    lines = [say("hand_how_long", language, day=wording.day(first.isoformat(), language))]
    return [card(say("hand", language), lines, [*buttons, back])]


async def to(visit: Visit, association_id: str, state: str) -> list[Message]:
    """Ask who shall hold the next office; after the last, show all."""
    chosen = read(state)
    if chosen is None:
        return messages.old_button(visit.language)
    there = await seats.chairing(visit, association_id)
    asked = places(there)
    if chosen.etag != there.association.etag or len(chosen.who) > len(asked):
        return _changed(visit, association_id)
    if len(chosen.who) == len(asked):
        return await _review(visit, there, chosen)
    return _who(visit, there, chosen, asked[len(chosen.who)])


def _who(visit: Visit, there: Seat, chosen: Chosen, place: Place) -> list[Message]:
    """Ask who shall hold one office: who holds it, somebody of the group, or nobody."""
    language, association_id = visit.language, there.association.association_id
    lines = [say("hand_who", language, office=place.words(language))]
    buttons: list[Action] = []
    if place.holder is not None:
        lines.append(say("hand_now", language, person=place.holder.display_name))
        stays = chosen.then(place.holder.member_id[-TAIL:])
        buttons.append(
            press(
                Do(Verb.HAND_TO, (association_id, str(stays))),
                say("hand_stays", language, person=named(place.holder.display_name)),
            )
        )
    groups = [place.group] if place.group is not None else list(there.groups)
    buttons += [
        button("hand_from", language, Verb.HAND_FROM, association_id, str(chosen), one.group_id,
               "1", group=named(one.name))
        for one in groups
    ]  # fmt: skip
    everybody = (association_id, str(chosen), NONE, "1")
    buttons.append(button("hand_from_all", language, Verb.HAND_FROM, *everybody))
    if place.kind != pb.OFFICE_KIND_CHAIR:
        vacant = str(chosen.then(VACANT))
        buttons.append(button("hand_vacant", language, Verb.HAND_TO, association_id, vacant))
    return [card(say("hand", language), lines, [*buttons, *_ways_back(visit, there, chosen)])]


async def choose(
    visit: Visit, association_id: str, state: str, group_id: str, page: str
) -> list[Message]:
    """List who of a group, or of all, can hold the next office."""
    chosen = read(state)
    if chosen is None:
        return messages.old_button(visit.language)
    language, there = visit.language, await seats.chairing(visit, association_id)
    asked = places(there)
    if chosen.etag != there.association.etag or len(chosen.who) >= len(asked):
        return _changed(visit, association_id)
    homes = {one.household_id: one for one in await _homes(visit, there, group_id)}
    members = [one for one in await _members(visit, there) if one.household_id in homes]
    order = {id: place for place, id in enumerate(homes)}
    members.sort(key=lambda one: order[one.household_id])
    shown, turns = turned(
        members, int(page), Verb.HAND_FROM, language, size=A_PAGE,
        of=(association_id, state, group_id),
    )  # fmt: skip
    buttons = [
        press(
            Do(Verb.HAND_TO, (association_id, str(chosen.then(one.member_id[-TAIL:])))),
            say("member", language, person=one.display_name, home=homes[one.household_id].name),
        )
        for one in shown
    ]
    place = asked[len(chosen.who)].words(language)
    lines = [say("hand_who" if members else "hand_nobody", language, office=place)]
    back = button("back", language, Verb.HAND_TO, association_id, state)
    return [card(say("hand", language), lines, [*buttons, *turns, back])]


async def surely(visit: Visit, association_id: str, state: str, asked: str) -> list[Message]:
    """Hand all offices over, all or none."""
    chosen = read(state)
    if chosen is None:
        return messages.old_button(visit.language)
    if not visit.is_sure(asked):
        return await to(visit, association_id, state)
    there = await seats.chairing(visit, association_id)
    by_tail = {one.member_id[-TAIL:]: one for one in await _members(visit, there)}
    offices = [
        pb.NewOffice(
            kind=place.kind,
            group_id=place.group.group_id if place.group else "",
            member_id=by_tail[tail].member_id,
        )
        for place, tail in zip(places(there), chosen.who, strict=False)
        if tail in by_tail
    ]
    request = pb.HandOverOfficesRequest(
        speaker=visit.speaker,
        association_id=association_id,
        offices=_once(offices),
        begin_date=chosen.begin.isoformat(),
        end_date=chosen.end.isoformat(),
        etag=chosen.etag,
        request_id=visit.event.id,
    )
    await visit.core.ask(visit.core.circulars.HandOverOffices, request)
    first = wording.day(chosen.begin.isoformat(), visit.language)
    return messages.texts(say("handed", visit.language, day=first))


async def _review(visit: Visit, there: Seat, chosen: Chosen) -> list[Message]:
    """Show all offices before they are handed over."""
    language = visit.language
    names = {one.member_id[-TAIL:]: named(one.display_name) for one in await _members(visit, there)}
    begins, ends = (wording.day(one.isoformat(), language) for one in (chosen.begin, chosen.end))
    lines = [say("hand_review", language, begin=begins, end=ends)]
    for place, tail in zip(places(there), chosen.who, strict=True):
        person = names.get(tail) or say("nobody", language)
        lines.append(say("hand_line", language, office=place.words(language), person=person))
    lines.append(say("hand_warning", language))
    arguments = (there.id, str(chosen), visit.asked)
    yes = button("hand_over", language, Verb.HAND_SURE, *arguments)
    return [card(say("hand", language), lines, [yes, *_ways_back(visit, there, chosen)])]


def _once(offices: list[pb.NewOffice]) -> list[pb.NewOffice]:
    """Leave out who was chosen for the same office twice."""
    kept: list[pb.NewOffice] = []
    for one in offices:
        if one not in kept:
            kept.append(one)
    return kept


def _ways_back(visit: Visit, there: Seat, chosen: Chosen) -> list[Action]:
    language = visit.language
    back = button("back", language, Verb.HAND, there.id)
    if chosen.who:
        back = button("back", language, Verb.HAND_TO, there.id, str(chosen.before()))
    return [back, button("stop", language, Verb.LEAD_AT, there.id)]


def _changed(visit: Visit, association_id: str) -> list[Message]:
    """Say that the association changed since the handover was begun, and begin anew."""
    language = visit.language
    anew = button("hand", language, Verb.HAND, association_id)
    return [card(say("hand", language), [say("hand_changed", language)], [anew])]


async def _members(visit: Visit, there: Seat) -> list[pb.Member]:
    request = pb.ListMembersRequest(speaker=visit.speaker, association_id=there.id)
    return await seats.everything(visit, visit.core.circulars.ListMembers, request, "members")


async def _homes(visit: Visit, there: Seat, group_id: str) -> list[pb.Household]:
    request = pb.ListHouseholdsRequest(
        speaker=visit.speaker,
        association_id=there.id,
        group_id="" if group_id == NONE else group_id,
    )
    method = visit.core.circulars.ListHouseholds
    found = await seats.everything(visit, method, request, "households")
    return [one.household for one in found]
