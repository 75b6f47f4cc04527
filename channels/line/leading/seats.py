"""Who holds an office in an association, and what an officer can do from the chat."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from channels import seats as shared
from channels import wording
from channels.line import belonging, limits
from channels.line.messages import Action, Message, card, press
from channels.line.postback import Do
from channels.line.typed import asks_by_word
from channels.line.verbs import Verb
from channels.line.visits import Visit
from todoke.v1 import circulars_pb2 as pb

SECTION = "line_leading"
NAME = 24
"""So much of a name fits a button beside other words."""

NOTHING = -1
"""Where no button shall stand out."""

MOST_PAGES = 20
"""So many pages of a list are read; an association is smaller."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat(shared.Seat):
    """An association in which the speaker, one of its members, holds offices."""

    member_id: str
    mine: Collection[pb.OfficeKind.ValueType]
    """The kinds of office that the speaker holds."""

    @property
    def id(self) -> str:
        return self.association.association_id

    def group(self, id: str, language: str) -> str:
        named = (one.name for one in self.groups if one.group_id == id)
        return next(named, say("no_group", language))


def say(name: str, language: str, **places: object) -> str:
    return wording.say(SECTION, name, language, **places)


def button(name: str, language: str, verb: Verb, *arguments: str, **places: object) -> Action:
    """Make a button of a verb; `name` is that of its word."""
    return press(Do(verb, arguments), say(name, language, **places))


def named(name: str) -> str:
    """Shorten a name, so that the words beside it still fit a button."""
    return limits.clip(name, NAME)


def asks(text: str) -> bool:
    """Tell whether a text is the word that opens what officers do."""
    return asks_by_word(text, SECTION, "typed")


async def everything(visit: Visit, method: Any, question: Any, field: str) -> list[Any]:
    """Read a list of the core, page by page."""
    pages = visit.core.pages(method, question, most=MOST_PAGES)
    return [one async for page in pages for one in getattr(page, field)]


async def held(visit: Visit) -> list[pb.Membership]:
    """List the memberships with an office today."""
    return [one for one in await belonging.memberships(visit) if one.offices]


async def seat(visit: Visit, association_id: str) -> Seat:
    """Sit down. Raises CoreError for whoever is in no office there."""
    request = pb.GetAssociationRequest(speaker=visit.speaker, association_id=association_id)
    found = await visit.core.ask(visit.core.circulars.GetAssociation, request)
    own = [one for one in await held(visit) if one.association.association_id == association_id]
    return Seat(
        association=found.association.association,
        member_id=own[0].member_id if own else "",
        groups=found.groups,
        offices=found.offices,
        rights=found.rights,
        mine={office.kind for one in own for office in one.offices},
    )


class NotYours(Exception):  # noqa: N818 - named for the event, not as an error.
    """A button of an office that is not held any more, or never was: the core says what is."""

    def __init__(self, association_id: str, chair: str) -> None:
        super().__init__("the core says of the offices held that they do not let do this")
        self.association_id, self.chair = association_id, chair


async def chairing(visit: Visit, association_id: str) -> Seat:
    """Sit down to pass offices on. Raises NotYours for whom the core does not let do it."""
    there = await seat(visit, association_id)
    return _kept(there, may=there.chairs)


async def writing(visit: Visit, association_id: str) -> Seat:
    """Sit down to write or to invite. Raises NotYours for whom the core does not let do it."""
    there = await seat(visit, association_id)
    return _kept(there, may=there.writes)


def _kept(there: Seat, *, may: bool) -> Seat:
    if not may:
        raise NotYours(there.id, there.chair)
    return there


def not_yours(found: NotYours, language: str) -> list[Message]:
    """Say who does it, with the way back to what the offices held are for."""
    why = say("not_yours" if found.chair else "not_yours_chairless", language, person=found.chair)
    return said(why, language, button("back", language, Verb.LEAD_AT, found.association_id))


async def show(visit: Visit) -> list[Message]:
    """Show what an officer can do; of several associations, ask which."""
    own = await held(visit)
    if len(own) == 1:
        return await show_one(visit, own[0].association.association_id)
    language = visit.language
    title = say("title", language)
    if not own:
        return [card(title, [say("none", language)], [])]
    buttons = [
        press(Do(Verb.LEAD_AT, (one.association.association_id,)), one.association.name)
        for one in own
    ]
    return [card(title, [say("which", language)], buttons)]


async def show_one(visit: Visit, association_id: str) -> list[Message]:
    """Show what the speaker's offices in an association let them do."""
    language, there = visit.language, await seat(visit, association_id)
    lines = [say("lead", language, offices=_offices(there, language))]
    buttons = []
    if there.writes:
        waiting = len(await joining(visit, association_id))
        if waiting:
            lines.append(say("waiting", language, count=waiting))
        write = button("write", language, Verb.WRITE, association_id)
        newcomers = button("newcomers", language, Verb.NEWCOMERS, association_id, "1")
        buttons += [newcomers, write] if waiting else [write]
    buttons.append(button("rounds", language, Verb.ROUNDS, association_id, "1"))
    if there.writes:
        buttons.append(button("invite", language, Verb.INVITE, association_id, "1"))
    buttons.append(button("neighbours", language, Verb.NEIGHBOURS, association_id))
    if there.chairs:
        buttons.append(button("hand", language, Verb.HAND, association_id))
    if visit.account.board_url:
        buttons.append(button("desk", language, Verb.DESK, association_id, "home"))
    return [card(there.association.name, lines, buttons)]


async def joining(visit: Visit, association_id: str) -> list[pb.JoinRequest]:
    """Return all who wait to be confirmed: the core's pages, put together."""
    request = pb.ListJoinRequestsRequest(speaker=visit.speaker, association_id=association_id)
    return await everything(visit, visit.core.circulars.ListJoinRequests, request, "join_requests")


def office(kind: pb.OfficeKind.ValueType, language: str) -> str:
    """Return an office's name in the reader's words."""
    name = pb.OfficeKind.Name(kind).removeprefix("OFFICE_KIND_").lower()
    return wording.say("line_neighbourhood", name, language)


def _offices(there: Seat, language: str) -> str:
    return say("and", language).join(office(kind, language) for kind in sorted(there.mine))


def said(text: str, language: str, *actions: Action) -> list[Message]:
    """Say that something is done, with the ways on, which stay when something else comes."""
    return [card(say("title", language), [text], list(actions), stands_out=NOTHING)]
