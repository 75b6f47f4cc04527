"""A whole channel adapter: the town's radio receivers, each with a small screen and two buttons.

It knows the generated contract and nothing else. The radio itself, its sends idempotent by a key,
stands behind `Radio`. It holds no state that matters: kill it at any time and start it again.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Protocol

import grpc

from todoke.v1 import (
    applications_pb2,
    applications_pb2_grpc,
    dispatches_pb2,
    dispatches_pb2_grpc,
    registration_pb2,
    registration_pb2_grpc,
    residents_pb2,
    residents_pb2_grpc,
)

SECONDS, AT_ONCE = 10.0, 10

Button = tuple[str, str, str, str]
"""What the radio gives back when it is pressed (application, step, choice), and its label."""

NOTICES = {
    dispatches_pb2.NOTICE_KIND_REGISTERED: "登録が終わりました。",
    dispatches_pb2.NOTICE_KIND_RENEWED: "登録を更新しました。",
    dispatches_pb2.NOTICE_KIND_APPROVED: "支給が決まりました。",
    dispatches_pb2.NOTICE_KIND_REJECTED: "支給できませんでした。",
}

Signer = Callable[[str], tuple[bytes, bytes]]
"""Signs a text with the resident's card: returns the certificate (DER) and the signature."""


class NoSuchReceiver(Exception):  # noqa: N818 - named for the event, not as an error.
    """The radio knows no such receiver, and never will."""


class Radio(Protocol):
    """The provider. The same key a second time shows nothing new; OSError means: nobody knows."""

    async def show(self, receiver: str, key: str, text: str, buttons: Sequence[Button]) -> None: ...


class RadioAdapter:
    """Speaks for the channel that its token belongs to."""

    def __init__(self, core: grpc.aio.Channel, token: str, radio: Radio) -> None:
        self._metadata = (("authorization", f"Bearer {token}"),)
        self._applications = applications_pb2_grpc.ApplicationServiceStub(core)
        self._dispatches = dispatches_pb2_grpc.DispatchServiceStub(core)
        self._registration = registration_pb2_grpc.RegistrationServiceStub(core)
        self._residents = residents_pb2_grpc.ResidentServiceStub(core)
        self._radio = radio

    async def switched_on(self, receiver: str, event_id: str) -> None:
        """Introduce a receiver to the core."""
        request = residents_pb2.SeeContactRequest(
            external_id=receiver,
            state=residents_pb2.CONTACT_STATE_REACHABLE,
            language="ja",
            request_id=event_id,  # A repeat of the event gets the first answer.
        )
        request.seen_time.GetCurrentTime()
        await self._ask(self._residents.SeeContact, request)

    async def card_held(self, receiver: str, event_id: str, sign: Signer) -> str:
        """Register whoever holds a card to the receiver; return what to say about it."""
        begin = registration_pb2.BeginVerificationRequest(request_id=f"{event_id}:begin")
        begin.external_id = receiver
        began = await self._ask(self._registration.BeginVerification, begin)
        complete = registration_pb2.CompleteVerificationRequest(
            challenge_id=began.verification.challenge_id, request_id=f"{event_id}:complete"
        )
        complete.jpki.certificate, complete.jpki.signature = sign(began.verification.consent_text)
        try:
            await self._ask(self._registration.CompleteVerification, complete)
        except grpc.aio.AioRpcError as refused:
            if refused.code() in {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED}:
                raise  # The same event again, under the same request id.
            return "登録できませんでした。"
        return "カードを読み取りました。"

    async def pressed(self, receiver: str, event_id: str, button: Button) -> None:
        """Take an answer to the core, and show what it says next."""
        application_id, step, choice, _ = button
        request = applications_pb2.AnswerPromptRequest(
            external_id=receiver,
            application_id=application_id,
            step=step,
            choice=choice,
            request_id=event_id,
        )
        turn = (await self._ask(self._applications.AnswerPrompt, request)).turn
        text, buttons = worded(turn.prompt if turn.HasField("prompt") else turn.closing)
        await self._radio.show(receiver, event_id, text, buttons)

    async def deliver(self) -> None:
        """Show what the core has for this channel, until the stream ends; then call it again."""
        self._said: asyncio.Queue[dispatches_pb2.PullDispatchesRequest | None] = asyncio.Queue()
        self._say(ready=dispatches_pb2.Ready(capacity=AT_ONCE))
        heard = self._dispatches.PullDispatches(self._requests(), metadata=self._metadata)
        try:
            async for answer in heard:
                if answer.HasField("dispatch"):
                    self._say(outcome=await self._show(answer.dispatch))
                    self._say(ready=dispatches_pb2.Ready(capacity=1))
        finally:
            self._said.put_nowait(None)  # gRPC would wait for another request, for good.

    async def _show(self, dispatch: dispatches_pb2.Dispatch) -> dispatches_pb2.Outcome:
        text, buttons = worded(getattr(dispatch, dispatch.WhichOneof("content") or "notice"))
        result = dispatches_pb2.OUTCOME_RESULT_ACCEPTED
        try:
            for receiver in dispatch.recipients:
                await self._radio.show(receiver, dispatch.retry_key, text, buttons)
        except NoSuchReceiver:
            result = dispatches_pb2.OUTCOME_RESULT_REFUSED
        except OSError:
            result = dispatches_pb2.OUTCOME_RESULT_TRY_AGAIN
        return dispatches_pb2.Outcome(
            dispatch_id=dispatch.dispatch_id, fence=dispatch.fence, result=result
        )

    def _say(self, **said) -> None:
        self._said.put_nowait(dispatches_pb2.PullDispatchesRequest(**said))

    async def _requests(self) -> AsyncIterator[dispatches_pb2.PullDispatchesRequest]:
        while (request := await self._said.get()) is not None:
            yield request

    async def _ask(self, method, request):
        return await method(request, metadata=self._metadata, timeout=SECONDS)


def worded(said) -> tuple[str, list[Button]]:
    """Word a prompt, a closing or a notice, with its buttons."""
    if isinstance(said, dispatches_pb2.Notice):
        parts, buttons = [NOTICES[said.kind], said.program_title, said.reason], []
    else:
        facts = [f"{fact.label}: {fact.value}" for fact in getattr(said, "facts", ())]
        parts = [getattr(said, "returned_with", ""), said.text, *facts]
        buttons = [(said.application_id, said.step, c.value, c.label) for c in said.choices]
    return "\n".join(filter(None, parts)), buttons
