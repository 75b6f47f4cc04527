"""ApplicationService: what a resident is asked, and what they say."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from google.protobuf.json_format import MessageToDict
from sqlalchemy.orm import Session

from core.applications import chatting, conversations, speakers
from core.applications.chatting import Said
from core.db import Database
from core.procedures.catalogue import Catalogue
from core.procedures.converting import given
from core.wire.door import Call
from core.wire.mutation import about, mutation_after
from todoke.v1 import applications_pb2 as pb


def _look_up(session: Session, asked: Sequence[tuple[Any, Call]]) -> None:
    """Read at once whose conversations a group of requests is about."""
    speakers.look_up(session, [(call.caller, *_about(request)) for request, call in asked])


class Talking:
    """Answers residents, by the procedures that they are in the middle of."""

    db: Database
    procedures: Catalogue

    async def GetPrompt(self, request: pb.GetPromptRequest, call: Call) -> pb.GetPromptResponse:
        """Tell what stands; only what is seen for the first time is written down."""
        by, external_id, id = call.caller, request.external_id, request.application_id
        if not id:
            id = await self.db.read(
                lambda s: chatting.asked_in_chat(s, by, external_id=external_id, now=call.now)
            )
        look: dict[str, Any] = {
            "by": by,
            "external_id": external_id,
            "id": id,
            "known": self.procedures,
            "now": call.now,
        }
        turn, is_new = await self.db.read(lambda s: conversations.prompt(s, **look))
        if is_new:
            turn = await self.db.write(partial(conversations.prompted, **look))
        return pb.GetPromptResponse(turn=pb.Turn(**turn))

    @mutation_after(_look_up)
    def AnswerPrompt(
        self, session: Session, request: pb.AnswerPromptRequest, call: Call
    ) -> pb.AnswerPromptResponse:
        kind, value = ("choice", request.choice)
        if request.WhichOneof("answer") == "given":
            kind, value = given(request.given)
        turn = conversations.answer(
            session,
            call.caller,
            external_id=request.external_id,
            id=request.application_id,
            step=request.step,
            kind=kind,
            given=value,
            known=self.procedures,
            now=call.now,
        )
        about(session, request.application_id)
        return pb.AnswerPromptResponse(turn=pb.Turn(**turn))

    @mutation_after(_look_up)
    def AnswerInChat(
        self, session: Session, request: pb.AnswerInChatRequest, call: Call
    ) -> pb.AnswerInChatResponse:
        turn, application_id = chatting.answer_in_chat(
            session,
            call.caller,
            external_id=request.external_id,
            said=_said(request),
            known=self.procedures,
            now=call.now,
        )
        about(session, application_id)
        return pb.AnswerInChatResponse(turn=pb.Turn(**turn))

    @mutation_after(_look_up)
    def SubmitApplication(
        self, session: Session, request: pb.SubmitApplicationRequest, call: Call
    ) -> pb.SubmitApplicationResponse:
        turn = conversations.submit(
            session,
            call.caller,
            external_id=request.external_id,
            id=request.application_id,
            known=self.procedures,
            now=call.now,
        )
        about(session, request.application_id)
        return pb.SubmitApplicationResponse(turn=pb.Turn(**turn))

    @mutation_after(_look_up)
    def ReopenAnswer(
        self, session: Session, request: pb.ReopenAnswerRequest, call: Call
    ) -> pb.ReopenAnswerResponse:
        turn = conversations.reopen(
            session,
            call.caller,
            external_id=request.speaker.external_id,
            for_resident_id=request.speaker.for_resident_id,
            id=request.application_id,
            step=request.step,
            known=self.procedures,
            now=call.now,
        )
        about(session, request.application_id)
        return pb.ReopenAnswerResponse(turn=pb.Turn(**turn))


def _about(request: Any) -> tuple[str, str]:
    """Return who speaks, and about which application; empty where what was asked last tells."""
    if isinstance(request, pb.ReopenAnswerRequest):
        return request.speaker.external_id, request.application_id
    if isinstance(request, pb.AnswerInChatRequest):
        return request.external_id, ""
    return request.external_id, request.application_id


def _said(request: pb.AnswerInChatRequest) -> Said:
    match request.WhichOneof("said"):
        case "place":
            place = MessageToDict(
                request.place,
                preserving_proto_field_name=True,
                always_print_fields_with_no_presence=True,
            )
            return Said(place=place)
        case "attachment_id":
            return Said(attachment_id=request.attachment_id)
        case _:
            return Said(text=request.text)
