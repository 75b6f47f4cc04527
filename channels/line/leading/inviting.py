"""An invitation: a code to pass on, with a picture to hold up, by which neighbours ask to join."""

import io
from datetime import UTC

import segno
from starlette.requests import Request
from starlette.responses import Response

from channels import wording
from channels.line import flex, messages
from channels.line.leading import seats
from channels.line.leading.seats import button, named, say
from channels.line.menu_messages import turned
from channels.line.messages import Message, card
from channels.line.typed import CODE
from channels.line.verbs import EVERYBODY, Verb
from channels.line.visits import Visit
from todoke.v1 import circulars_pb2 as pb

DAYS = 14
A_PAGE = 8
SCALE = 12


async def whom(visit: Visit, association_id: str, page: str) -> list[Message]:
    """Let the leader choose: anybody of a group they lead, or of all; for one home, the desk."""
    language, there = visit.language, await seats.writing(visit, association_id)
    shown, turns = turned(
        there.led_groups, int(page), Verb.INVITE, language, size=A_PAGE, of=(association_id,)
    )
    buttons = [
        button("invite_group", language, Verb.INVITE_TO, association_id, one.group_id,
               group=named(one.name))
        for one in shown
    ]  # fmt: skip
    if there.leads:
        everybody = (association_id, EVERYBODY)
        buttons.append(button("invite_all", language, Verb.INVITE_TO, *everybody))
    if visit.account.board_url:
        buttons.append(button("invite_home", language, Verb.DESK, association_id, "invite"))
    back = button("back", language, Verb.LEAD_AT, association_id)
    lines = [say("invite_lead", language, days=DAYS)]
    return [card(say("invite", language), lines, [*buttons, *turns, back])]


async def make(visit: Visit, association_id: str, group_id: str) -> list[Message]:
    """Make the code; the second message is to be passed on as it is."""
    language, there = visit.language, await seats.writing(visit, association_id)
    request = pb.CreateInvitationRequest(
        speaker=visit.speaker,
        association_id=association_id,
        group_id="" if group_id == EVERYBODY else group_id,
        days=DAYS,
        request_id=visit.event.id,
    )
    made = await visit.core.ask(visit.core.circulars.CreateInvitation, request)
    until = wording.date(made.expire_time.ToDatetime(UTC), language)
    lines = [flex.paragraph(say("invited", language, day=until))]
    shown = flex.fact(say("code", language), made.code)
    back = button("back", language, Verb.LEAD_AT, association_id)
    bubble = flex.bubble(there.association.name, [shown, *lines], [back], stands_out=seats.NOTHING)
    account = visit.account
    address = f"{account.board_url}/join/{made.code}" if account.board_url else ""
    if address and account.public_url.startswith("https://"):
        bubble["hero"] = {
            "type": "image",
            "url": f"{account.public_url}/qr/{made.code}.png",
            "size": "full",
            "aspectRatio": "1:1",
        }
    name = "pass_on_board" if address else "pass_on"
    passed_on = say(
        name, language, association=there.association.name, code=made.code, url=address, day=until
    )
    title = say("invite", language)
    return [messages.flex_message(f"{title} {made.code}", bubble), *messages.texts(passed_on)]


class Pictures:
    """Draws the pictures of codes, which LINE fetches: of what they lead to, nothing is kept."""

    def __init__(self, board_url: str) -> None:
        self._board_url = board_url

    async def draw(self, request: Request) -> Response:
        """Draw the way to join by a code; whether there is such a code, nobody looks."""
        code = request.path_params["code"]
        if not self._board_url or not CODE.fullmatch(code):
            return Response(status_code=404)
        out = io.BytesIO()
        drawn = segno.make(f"{self._board_url}/join/{code}", error="m", micro=False)
        drawn.save(out, kind="png", border=4, scale=SCALE)
        return Response(out.getvalue(), media_type="image/png")
