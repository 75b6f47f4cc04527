"""回覧 and the association in the chat: what came, read whole, answered, passed on."""

from collections.abc import Sequence
from typing import Any

from channels import linked, wording
from channels.line import circular_answers, limits, messages
from channels.line.messages import Action, Message, card, press
from channels.line.postback import Do
from channels.line.verbs import Verb
from channels.line.visits import Visit
from channels.line.whose import OWN, Whose
from todoke.v1 import circulars_pb2 as pb
from todoke.v1.dispatches_pb2 import (
    ASSOCIATION_EVENT_CIRCULAR_RETURNED,
    ASSOCIATION_EVENT_JOIN_CONFIRMED,
    ASSOCIATION_EVENT_JOIN_REQUESTED,
    ASSOCIATION_EVENT_OFFICE_GIVEN,
    CIRCULAR_OCCASION_WITHDRAWN,
    AssociationEvent,
    AssociationTold,
    CircularOccasion,
    CircularTold,
)
from todoke.v1.residents_pb2 import Speaker

SECTION = "line_neighbourhood"
FOR_OFFICERS = {
    ASSOCIATION_EVENT_JOIN_REQUESTED,
    ASSOCIATION_EVENT_OFFICE_GIVEN,
    ASSOCIATION_EVENT_CIRCULAR_RETURNED,
}
"""What an officer goes on with."""

FOR_MEMBERS = {ASSOCIATION_EVENT_JOIN_CONFIRMED}
"""What a member goes on with: their place in the association."""

TITLE = 80
IN_BUBBLE = 2_000


def circular(told: CircularTold) -> list[Message]:
    """Tell that a circular has come, changed, was taken back, or is still unread."""
    language = told.language or wording.FIRST
    occasion = _named(CircularOccasion, told.occasion, "CIRCULAR_OCCASION_")
    lines = [
        _say("on_behalf_of", language, person=told.on_behalf_of) if told.for_resident_id else "",
        _say(occasion, language, association=told.association),
        told.remark,
        told.excerpt,
        _due(told.due_date, language),
        _say("leaders_only", language) if told.leaders_only else "",
    ]
    actions: list[Action] = []
    if told.occasion != CIRCULAR_OCCASION_WITHDRAWN:
        whose = Whose(told.for_resident_id)
        actions.append(whose.press(Verb.CIRCULAR, (told.circular_id,), _say("open", language)))
        if told.kind == pb.CIRCULAR_KIND_NOTICE:
            actions.append(whose.press(Verb.SEEN, (told.circular_id,), _say("seen", language)))
        if told.can_forward:
            actions.append(_press(Verb.FORWARD, told.circular_id, "forward", language))
    return [card(_titled(told.title), [line for line in lines if line.strip()], actions)]


def association(told: AssociationTold) -> list[Message]:
    """Tell somebody of their place in an association, or of what became of a circular of theirs."""
    language = told.language or wording.FIRST
    name = _named(AssociationEvent, told.event, "ASSOCIATION_EVENT_")
    office = _named(pb.OfficeKind, told.office, "OFFICE_KIND_")
    said = _say(
        name,
        language,
        association=told.association,
        person=told.person,
        office=_say(office, language) if told.office else "",
        begin=wording.day(told.begin_date, language),
        end=wording.day(told.end_date, language),
        circular=told.circular_title,
    )
    lines = [line for line in (said, told.reason) if line.strip()]
    if told.event in FOR_OFFICERS:
        return [card(_titled(told.association), lines, [messages.leading_button(language)])]
    if told.event in FOR_MEMBERS:
        return [card(_titled(told.association), lines, [messages.belonging_button(language)])]
    return messages.texts("\n".join(lines))


async def open_circular(visit: Visit, id: str, for_id: str = "") -> list[Message]:
    """Show a circular whole, with the ways to answer it."""
    request = pb.OpenCircularRequest(
        speaker=Whose(for_id).speaker(visit), circular_id=id, request_id=visit.event.id
    )
    found = (await visit.core.ask(visit.core.circulars.OpenCircular, request)).circular
    has_board = bool(visit.account.board_url)
    return opened(found, visit.language, has_board=has_board, whose=Whose(for_id))


async def open_for(visit: Visit, for_id: str, id: str) -> list[Message]:
    """Show a circular to whoever acts for one who got it."""
    return await open_circular(visit, id, for_id)


def opened(
    found: pb.OwnCircular, language: str, *, has_board: bool, whose: Whose = OWN
) -> list[Message]:
    shown, content = found.circular, found.circular.content
    if shown.state == pb.CIRCULAR_STATE_WITHDRAWN:
        return [card(_titled(content.title), [_say("gone", language), shown.withdrawn], [])]
    before: list[Message] = []
    lines = [shown.correction, content.body]
    # In a card nothing can be followed that stands in its text; in a message of its own it can.
    if limits.units(content.body) > IN_BUBBLE or linked.holds(content.body):
        before, lines = messages.texts(content.body), [shown.correction]
    lines.append(_due(shown.due_date, language))
    if found.leaders_only:
        lines.append(_say("leaders_only", language))
    if content.file_ids:
        lines.append(_say("files", language, count=len(content.file_ids)))
    is_open = shown.state == pb.CIRCULAR_STATE_PUBLISHED
    actions = circular_answers.buttons(shown, language, whose) if is_open else []
    if found.can_forward:
        actions.append(_press(Verb.FORWARD, shown.circular_id, "forward", language))
    if found.can_forward and has_board:
        actions.append(_press(Verb.FORWARD_TO, shown.circular_id, "forward_to", language))
    if has_board:
        on_board = _say("on_board", language)
        actions.append(whose.press(Verb.ON_BOARD, (shown.circular_id,), on_board))
    elif is_open and not actions:
        lines.append(_say("tell_the_leader", language))
    said = [line for line in lines if line.strip()] or [_say("only_files", language)]
    return messages.within([*before, card(_titled(content.title), said, actions)])


async def forward(visit: Visit, id: str) -> list[Message]:
    """Pass the city's circular on to all members of the association that the speaker leads."""
    led = [one for one in await _memberships(visit, visit.speaker) if _leads(one.offices)]
    made: list[pb.ForwardCircularResponse] = []
    for one in led:
        request = pb.ForwardCircularRequest(
            speaker=visit.speaker,
            circular_id=id,
            association_id=one.association.association_id,
            targets=pb.Targets(everybody=True),
            request_id=f"{visit.event.id}:{len(made)}",
        )
        made.append(await visit.core.ask(visit.core.circulars.ForwardCircular, request))
    if not made:
        return messages.texts(_say("leads_none", visit.language))
    households = sum(one.circular.households for one in made)
    return messages.texts(_say("forwarded", visit.language, count=households))


async def forward_to(visit: Visit, id: str) -> list[Message]:
    """Lead to the desk, where the leader chooses whom it is passed on to, and adds a remark."""
    return await _on_page(visit, id, "/desk/{association}/forward/{circular}")


async def on_board(visit: Visit, id: str) -> list[Message]:
    """Lead to the pages, where files are seen and everything can be answered."""
    return await _on_page(visit, id, "/c/{circular}")


async def on_board_for(visit: Visit, for_id: str, id: str) -> list[Message]:
    """Lead to the pages where the circulars are of whom somebody acts for."""
    return await _on_page(visit, id, f"/for/{for_id}/c/{{circular}}", for_id)


async def _on_page(visit: Visit, id: str, path: str, for_id: str = "") -> list[Message]:
    """Lead to a page of a circular, signed in as the member of the household that got it."""
    speaker = Whose(for_id).speaker(visit)
    request = pb.OpenCircularRequest(
        speaker=speaker, circular_id=id, request_id=f"{visit.event.id}:open"
    )
    found = (await visit.core.ask(visit.core.circulars.OpenCircular, request)).circular
    members = [
        one
        for one in await _memberships(visit, speaker)
        if one.household.household_id == found.household_id
    ]
    if not members or not visit.account.board_url:
        return messages.old_button(visit.language)
    begin = pb.BeginMemberLinkRequest(
        speaker=speaker, member_id=members[0].member_id, request_id=visit.event.id
    )
    code = (await visit.core.ask(visit.core.circulars.BeginMemberLink, begin)).code
    to = path.format(
        circular=found.circular.circular_id, association=members[0].association.association_id
    )
    url = f"{visit.account.board_url}/link/{code}?to={to}"
    action: Action = {
        "type": "uri",
        "label": limits.clip(_say("page", visit.language), limits.BUTTON_LABEL),
        "uri": url,
    }
    return [card(_titled(found.circular.content.title), [_say("once", visit.language)], [action])]


async def _memberships(visit: Visit, speaker: Speaker) -> Sequence[pb.Membership]:
    request = pb.ListMembershipsRequest(speaker=speaker)
    return (await visit.core.ask(visit.core.circulars.ListMemberships, request)).memberships


def _leads(offices: Sequence[pb.Office]) -> bool:
    return any(one.kind in {pb.OFFICE_KIND_CHAIR, pb.OFFICE_KIND_VICE} for one in offices)


def _press(verb: Verb, id: str, word: str, language: str) -> Action:
    return press(Do(verb, (id,)), _say(word, language))


def _titled(title: str) -> str:
    return limits.clip(title.strip(), TITLE) or _say("circular", wording.FIRST)


def _due(day: str, language: str) -> str:
    return _say("due", language, day=wording.day(day, language)) if day else ""


def _named(kind: Any, value: int, prefix: str) -> str:
    """Return the word's name for a value; raise NothingToSay for one that is newer than we."""
    found = kind.DESCRIPTOR.values_by_number.get(value)
    if found is None:
        raise wording.NothingToSay(f"{prefix}{value} is not known to this channel")
    return str(found.name).removeprefix(prefix).lower()


def _say(name: str, language: str, **places: object) -> str:
    return wording.say(SECTION, name, language, **places)
