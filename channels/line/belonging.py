"""What a member does about their own place: be looked after, and leave the association."""

from channels import wording
from channels.line import limits, messages
from channels.line.messages import Action, Message, card, press
from channels.line.postback import Do
from channels.line.typed import asks_by_word
from channels.line.verbs import Verb
from channels.line.visits import Visit
from todoke.client import CoreError
from todoke.v1 import circulars_pb2 as pb

SECTION = "line_belonging"


def asks(text: str) -> bool:
    """Tell whether a text is the word that opens one's place in an association."""
    return asks_by_word(text, SECTION, "typed")


async def memberships(visit: Visit) -> list[pb.Membership]:
    request = pb.ListMembershipsRequest(speaker=visit.speaker)
    found = await visit.core.ask(visit.core.circulars.ListMemberships, request)
    return list(found.memberships)


async def show(visit: Visit) -> list[Message]:
    """Show each association the speaker belongs to, with what can be done there."""
    own = await memberships(visit)
    if not own:
        return [card(_say("title", visit.language), [_say("none", visit.language)], [])]
    return messages.within([_place(one, visit.language) for one in own])


def _place(one: pb.Membership, language: str) -> Message:
    lines = [
        _say("household", language, household=one.household.name),
        _say("care", language),
        _say("care_is" if one.care_consent else "care_is_not", language),
    ]
    wanted = "off" if one.care_consent else "on"
    actions = [
        _button(f"look_after_{wanted}", language, Verb.LOOK_AFTER, one.member_id, wanted),
        *([messages.leading_button(language)] if one.offices else []),
        _button("leave", language, Verb.LEAVE, one.member_id),
    ]
    return card(_named(one), lines, actions, stands_out=-1)


async def look_after(visit: Visit, member_id: str, wanted: str) -> list[Message]:
    """Ask before a household is looked after, or no more."""
    language, one = visit.language, await _own(visit, member_id)
    if one is None:
        return await show(visit)
    lines = [_say(f"look_after_{wanted}_which", language)]
    arguments = (member_id, wanted, visit.asked)
    yes = _button(f"look_after_{wanted}", language, Verb.LOOK_AFTER_SURE, *arguments)
    return [card(_named(one), lines, [yes, _back(language)])]


async def look_after_surely(visit: Visit, member_id: str, wanted: str, asked: str) -> list[Message]:
    if not visit.is_sure(asked):
        return await look_after(visit, member_id, wanted)
    one = await _own(visit, member_id)
    if one is None:
        return await show(visit)
    request = pb.SetCareRequest(
        speaker=visit.speaker,
        household_id=one.household.household_id,
        consented=wanted == "on",
        request_id=visit.event.id,
    )
    await visit.core.ask(visit.core.circulars.SetCare, request)
    language = visit.language
    done = _say(f"looked_after_{wanted}", language)
    return [card(_named(one), [done], [_back(language)], stands_out=-1)]


async def leave(visit: Visit, member_id: str) -> list[Message]:
    """Ask before a membership ends; the safe answer stands out."""
    language, one = visit.language, await _own(visit, member_id)
    if one is None:
        return await show(visit)
    lines = [_say("leave_which", language, association=_named(one))]
    if one.offices:
        lines.append(_say("leave_office", language))
    yes = _button("leave", language, Verb.LEAVE_SURE, member_id, visit.asked)
    return [card(_say("leave", language), lines, [_back(language), yes])]


async def leave_surely(visit: Visit, member_id: str, asked: str) -> list[Message]:
    if not visit.is_sure(asked):
        return await leave(visit, member_id)
    request = pb.EndMembershipRequest(
        speaker=visit.speaker, member_id=member_id, request_id=visit.event.id
    )
    try:
        await visit.core.ask(visit.core.circulars.EndMembership, request)
    except CoreError as error:
        # The other of two taps: it is done.
        if error.reason != "MEMBER_UNKNOWN":
            raise
    return messages.texts(_say("left", visit.language))


async def _own(visit: Visit, member_id: str) -> pb.Membership | None:
    """Return the speaker's membership; None where it ended, or is another's."""
    own = await memberships(visit)
    return next((one for one in own if one.member_id == member_id), None)


def _back(language: str) -> Action:
    return _button("back", language, Verb.BELONG)


def _named(one: pb.Membership) -> str:
    return limits.clip(one.association.name, limits.BUTTON_LABEL * 2) or _say(
        "title", wording.FIRST
    )


def _button(name: str, language: str, verb: Verb, *arguments: str) -> Action:
    return press(Do(verb, arguments), _say(name, language))


def _say(name: str, language: str, **places: object) -> str:
    return wording.say(SECTION, name, language, **places)
