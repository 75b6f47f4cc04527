"""What is asked before an office is given, ends, or all of them are handed over."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from todoke.v1 import circulars_pb2 as pb
from tui import associations, formats
from tui.dates import Mistyped, read_date
from tui.desk import Desk
from tui.dialogs.ask import Answers, Ask, Field
from tui.screens.association_dialogs import REASON, household_named
from tui.screens.association_lines import Whole, office_named
from tui.wording import Words

CHAIR, VICE, HEAD, TREASURER = (
    pb.OFFICE_KIND_CHAIR,
    pb.OFFICE_KIND_VICE,
    pb.OFFICE_KIND_GROUP_HEAD,
    pb.OFFICE_KIND_TREASURER,
)
NOBODY = "none"
FISCAL_YEAR_ENDS = (3, 31)


async def ask_appoint(desk: Desk, whole: Whole, wanted: pb.NewOffice) -> Ask | str:
    """Ask which office whom, from when to when. Raises CoreError."""
    words, core = desk.words, desk.core
    people = await _people(desk, whole, wanted.group_id)
    if not people:
        return words("why.nobody_joined")
    offices = [pb.NewOffice(kind=kind) for kind in (CHAIR, VICE, TREASURER)]
    offices += [pb.NewOffice(kind=HEAD, group_id=one.group_id) for one in whole.groups]
    by_name = {_name(one): one for one in offices}

    async def appoint(answers: Answers, request_id: str) -> None:
        begin, end = _term(words, answers)
        office = pb.NewOffice(member_id=str(answers["holder"]))
        office.MergeFrom(by_name[str(answers["office"])])
        request = pb.AppointOfficerRequest(
            association_id=whole.association.association_id,
            office=office,
            begin_date=begin,
            end_date=end,
            request_id=request_id,
        )
        await core.ask(core.circulars.AppointOfficer, request)

    choices = [(office_named(words, whole, one), name) for name, one in by_name.items()]
    chosen = _name(wanted) if wanted.kind else ""
    first = datetime.now(formats.TOKYO).date()
    fields = (
        Field("office", chosen, choices, part="group_id"),
        Field("holder", choices=people, part="member_id"),
        *_term_fields(first),
    )
    about = words("ask.appoint.about", name=formats.plain(whole.association.name))
    return Ask(words, "appoint", appoint, about=about, fields=fields)


async def ask_end(desk: Desk, whole: Whole, office: pb.Office) -> Ask:
    words, core = desk.words, desk.core

    async def end(answers: Answers, request_id: str) -> None:
        day = read_date(words, answers["term_end"], "term_end")
        if not day:
            raise Mistyped("term_end")
        request = pb.EndOfficeRequest(
            office_id=office.office_id,
            end_date=day,
            reason=str(answers["reason"]),
            request_id=request_id,
        )
        await core.ask(core.circulars.EndOffice, request)

    today = datetime.now(formats.TOKYO).date().isoformat()
    fields = (
        Field("term_end", min(today, office.end_date), part="end_date"),
        Field("reason", limit=REASON),
    )
    about = words(
        "ask.end_office.about",
        office=office_named(words, whole, office),
        person=formats.plain(office.display_name),
        end=office.end_date,
    )
    return Ask(words, "end_office", end, about=about, fields=fields, grave=True)


async def ask_hand_over(desk: Desk, whole: Whole, _: object) -> Ask | str:
    """Ask for all offices of the time to come, filled with who holds them. Raises CoreError."""
    words, core = desk.words, desk.core
    people = await _people(desk, whole)
    if not people:
        return words("why.nobody_joined")
    slots = _slots(whole)

    async def hand_over(answers: Answers, request_id: str) -> None:
        begin, end = _term(words, answers)
        if answers["chair"] == NOBODY:
            raise Mistyped("chair")
        chosen = {name: str(answers[name]) for name in slots}
        request = pb.HandOverOfficesRequest(
            association_id=whole.association.association_id,
            offices=[
                pb.NewOffice(kind=slot.kind, group_id=slot.group_id, member_id=chosen[name])
                for name, slot in slots.items()
                if chosen[name] != NOBODY
            ],
            begin_date=begin,
            end_date=end,
            etag=whole.association.etag,
            request_id=request_id,
        )
        await core.ask(core.circulars.HandOverOffices, request)

    about = words("ask.hand_over.about", name=formats.plain(whole.association.name))
    fields = [*_term_fields(_day_after(whole)), *_slot_fields(words, whole, slots, people)]
    return Ask(words, "hand_over", hand_over, about=about, fields=fields, grave=True)


def _day_after(whole: Whole) -> date:
    """Return the day after the last that an office is held, or today."""
    ends = [date.fromisoformat(one.end_date) for one in whole.told.offices]
    return max(ends) + timedelta(days=1) if ends else datetime.now(formats.TOKYO).date()


def _slot_fields(
    words: Words, whole: Whole, slots: Mapping[str, pb.NewOffice], people: Sequence[tuple[str, str]]
) -> list[Field]:
    """Return a field for each office, with who holds it, or nobody where they are gone."""
    known = {value for _, value in people}
    choices = [(words("vacant"), NOBODY), *people]
    return [
        Field(
            name,
            slot.member_id if slot.member_id in known else NOBODY,
            choices,
            said=office_named(words, whole, slot),
        )
        for name, slot in slots.items()
    ]


def _slots(whole: Whole) -> dict[str, pb.NewOffice]:
    """Return by the fields' names what a handover fills: each held office, and room for more."""
    by_kind: dict[tuple[int, str], list[str]] = {}
    for one in whole.told.offices:
        by_kind.setdefault((one.kind, one.group_id), []).append(one.member_id)
    slots: dict[str, pb.NewOffice] = {}
    for label, kind, most in (("chair", CHAIR, 1), ("vice", VICE, 3), ("treasurer", TREASURER, 2)):
        holders = by_kind.get((kind, ""), [])
        for at in range(max(most, len(holders))):
            member_id = holders[at] if at < len(holders) else ""
            name = label if most == 1 else f"{label}_{at}"
            slots[name] = pb.NewOffice(kind=kind, member_id=member_id)
    for group in whole.groups:
        holders = by_kind.get((HEAD, group.group_id), [""])
        slots[f"head_{group.group_id}"] = pb.NewOffice(
            kind=HEAD, group_id=group.group_id, member_id=holders[0]
        )
    return slots


async def _people(desk: Desk, whole: Whole, group_id: str = "") -> list[tuple[str, str]]:
    """Return whom an office can be given, each with the household, in the order of the round.

    Those of the group come first. Raises CoreError.
    """
    id = whole.association.association_id
    members = await associations.members(desk.core, association_id=id)
    if not members:
        return []
    houses = {one.household_id: one for one in await associations.households(desk.core, id)}
    places = {id: place for place, id in enumerate(houses)}
    known = [one for one in members if one.household_id in houses]
    known.sort(
        key=lambda one: (
            bool(group_id) and houses[one.household_id].group_id != group_id,
            places[one.household_id],
        )
    )
    return [
        (
            desk.words(
                "person_of_household",
                person=formats.plain(one.display_name),
                household=household_named(desk.words, whole, houses[one.household_id]),
            ),
            one.member_id,
        )
        for one in known
    ]


def _term_fields(first: date) -> tuple[Field, Field]:
    """Ask from when to when; an office is given to the end of a fiscal year unless told."""
    last = first.replace(month=FISCAL_YEAR_ENDS[0], day=FISCAL_YEAR_ENDS[1])
    if last <= first:
        last = last.replace(year=first.year + 1)
    return (
        Field("term_begin", first.isoformat(), part="begin_date"),
        Field("term_end", last.isoformat(), part="end_date"),
    )


def _term(words: Words, answers: Answers) -> tuple[str, str]:
    begin = read_date(words, answers["term_begin"], "term_begin")
    end = read_date(words, answers["term_end"], "term_end")
    for name, day in (("term_begin", begin), ("term_end", end)):
        if not day:
            raise Mistyped(name)
    return begin, end


def _name(office: pb.NewOffice) -> str:
    return f"{office.kind}:{office.group_id}"
