"""What is too much for a chat goes on at the board's desk, by a link that works once."""

from channels.line.leading import seats
from channels.line.leading.seats import say
from channels.line.messages import Action, Message, card
from channels.line.visits import Visit
from todoke.v1 import circulars_pb2 as pb

PLACES = {
    "home": "",
    "households": "/households",
    "offices": "/offices",
    "handover": "/handover",
    "invite": "/invite",
}
OF_CIRCULAR = {
    "whole": "",
    "edit": "/edit",
    "comments": "/comments",
    "round": "/round.pdf?unread=yes",
    "sheet": "/paper",
}


async def desk(visit: Visit, association_id: str, place: str) -> list[Message]:
    """Lead to a place of the desk."""
    path = f"/desk/{association_id}{PLACES[place]}"
    return await _lead(visit, association_id, path, place)


async def of_circular(visit: Visit, circular_id: str, place: str) -> list[Message]:
    """Lead to a page of a circular at the desk, its round sheet, or where that is entered."""
    request = pb.GetCircularRequest(speaker=visit.speaker, circular_id=circular_id)
    found = (await visit.core.ask(visit.core.circulars.GetCircular, request)).circular
    path = f"/desk/{found.association_id}/c/{circular_id}{OF_CIRCULAR[place]}"
    return await _lead(visit, found.association_id, path, place)


async def _lead(visit: Visit, association_id: str, path: str, place: str) -> list[Message]:
    language, board_url = visit.language, visit.account.board_url
    title = say("page_title", language)
    if not board_url:
        return [card(title, [say("page_none", language)], [])]
    there = await seats.seat(visit, association_id)
    request = pb.BeginMemberLinkRequest(
        speaker=visit.speaker, member_id=there.member_id, request_id=visit.event.id
    )
    code = (await visit.core.ask(visit.core.circulars.BeginMemberLink, request)).code
    link: Action = {
        "type": "uri",
        "label": say("page_open", language),
        "uri": f"{board_url}/link/{code}?to={path}",
    }
    lines = [say(f"page_{place}", language), say("page_once", language)]
    return [card(title, lines, [link])]
