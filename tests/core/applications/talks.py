"""People who talk to the core about applications, through one channel each."""

from dataclasses import dataclass

from tests.makers import a_request_id
from todoke.client import Core
from todoke.v1 import applications_pb2 as pb
from todoke.v1 import procedures_pb2, residents_pb2


def turn_id(turn: pb.Turn) -> str:
    return getattr(turn, turn.WhichOneof("kind")).application_id


def problems(turn: pb.Turn) -> list[str]:
    return [one.problem for one in getattr(turn, turn.WhichOneof("kind")).problems]


@dataclass
class Talk:
    """A contact on a channel; `for_resident_id` is set where it speaks for another."""

    core: Core
    external_id: str
    for_resident_id: str = ""

    @property
    def speaker(self) -> residents_pb2.Speaker:
        return residents_pb2.Speaker(
            external_id=self.external_id, for_resident_id=self.for_resident_id
        )

    async def begin(self, procedure: str = "", program_id: str = "") -> pb.Turn:
        what = {"program_id": program_id} if program_id else {"procedure": procedure}
        request = pb.StartApplicationRequest(
            speaker=self.speaker, request_id=a_request_id(), **what
        )
        return (await self.core.ask(self.core.applications.StartApplication, request)).turn

    async def prompt(self, id: str) -> pb.Turn:
        request = pb.GetPromptRequest(external_id=self.external_id, application_id=id)
        return (await self.core.ask(self.core.applications.GetPrompt, request)).turn

    async def answer(self, id: str, step: str, request_id: str = "", **given) -> pb.Turn:
        request = pb.AnswerPromptRequest(
            external_id=self.external_id, application_id=id, step=step,
            given=procedures_pb2.Answer(**given), request_id=request_id or a_request_id(),
        )  # fmt: skip
        return (await self.core.ask(self.core.applications.AnswerPrompt, request)).turn

    async def say(self, text: str, request_id: str = "") -> pb.Turn:
        request = pb.AnswerInChatRequest(
            external_id=self.external_id, text=text, request_id=request_id or a_request_id()
        )
        return (await self.core.ask(self.core.applications.AnswerInChat, request)).turn

    async def show(self, **place) -> pb.Turn:
        """Send a place in the chat."""
        request = pb.AnswerInChatRequest(
            external_id=self.external_id,
            place=procedures_pb2.Place(**place),
            request_id=a_request_id(),
        )
        return (await self.core.ask(self.core.applications.AnswerInChat, request)).turn

    async def submit(self, id: str, request_id: str = "") -> pb.Turn:
        request = pb.SubmitApplicationRequest(
            external_id=self.external_id, application_id=id,
            request_id=request_id or a_request_id(),
        )  # fmt: skip
        return (await self.core.ask(self.core.applications.SubmitApplication, request)).turn

    async def reopen(self, id: str, step: str, request_id: str = "") -> pb.Turn:
        request = pb.ReopenAnswerRequest(
            speaker=self.speaker, application_id=id, step=step,
            request_id=request_id or a_request_id(),
        )  # fmt: skip
        return (await self.core.ask(self.core.applications.ReopenAnswer, request)).turn

    async def own(self) -> list[pb.OwnApplication]:
        request = pb.ListOwnApplicationsRequest(speaker=self.speaker)
        page = await self.core.ask(self.core.applications.ListOwnApplications, request)
        return list(page.applications)

    async def withdraw(self, id: str) -> pb.ApplicationState.ValueType:
        request = pb.WithdrawApplicationRequest(
            speaker=self.speaker, application_id=id, request_id=a_request_id()
        )
        return (await self.core.ask(self.core.applications.WithdrawApplication, request)).state

    async def offered(self, language: str = "") -> list[procedures_pb2.OfferedProcedure]:
        request = procedures_pb2.ListOfferedProceduresRequest(
            external_id=self.external_id, language=language
        )
        found = await self.core.ask(self.core.procedures.ListOfferedProcedures, request)
        return list(found.procedures)

    async def link(self, id: str) -> str:
        request = pb.BeginHandoverRequest(
            speaker=self.speaker, application_id=id, request_id=a_request_id()
        )
        return (await self.core.ask(self.core.applications.BeginHandover, request)).token

    async def take(self, token: str) -> pb.TakeHandoverResponse:
        request = pb.TakeHandoverRequest(
            external_id=self.external_id, token=token, request_id=a_request_id()
        )
        return await self.core.ask(self.core.applications.TakeHandover, request)
