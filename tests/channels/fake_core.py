"""A core for channel tests: a real gRPC server on a free port, whose answers a test can script."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import grpc
from google.protobuf.descriptor import ServiceDescriptor
from google.protobuf.message_factory import GetMessageClass
from grpc import StatusCode

from tests.channels.pulls import Pull, Refusal
from todoke.v1 import (
    access_pb2,
    campaigns_pb2,
    circulars_pb2,
    ledger_pb2,
    procedures_pb2,
    proxies_pb2,
    records_pb2,
    staff_pb2,
)
from todoke.v1 import applications_pb2 as applications
from todoke.v1 import dispatches_pb2 as dispatches
from todoke.v1 import registration_pb2 as registration
from todoke.v1 import residents_pb2 as residents
from todoke.v1.dispatches_pb2_grpc import (
    DispatchServiceServicer,
    add_DispatchServiceServicer_to_server,
)
from todoke.v1.procedures_pb2 import Choice, Prompt, ShownFact

MODULES = (
    access_pb2, applications, campaigns_pb2, circulars_pb2, ledger_pb2, procedures_pb2, proxies_pb2,
    records_pb2,
    registration, residents, staff_pb2,
)  # fmt: skip
APPLICATION = "0198c0de-0000-7000-8000-000000000001"
CHALLENGE = "c" * 43
TOKEN = "the-adapter-token"


def a_prompt(**more: Any) -> Prompt:
    given: dict[str, Any] = {
        "application_id": APPLICATION,
        "step": "confirm_account",
        "title": "物価高騰支援給付金",
        "text": "下の口座に振り込んでよろしいですか。",
        "facts": [
            ShownFact(label="金額", value="30,000円"),
            ShownFact(label="口座", value="とどけ銀行 本店 普通 ***4567"),
        ],
        "choices": [Choice(value="yes", label="はい"), Choice(value="other", label="別の口座")],
        "language": "ja",
    }
    return Prompt(**{**given, **more})


def a_dispatch(number: int = 1, **more: Any) -> dispatches.Dispatch:
    given: dict[str, Any] = {
        "dispatch_id": f"0198c0de-0000-7000-8000-{number:012}",
        "fence": 1,
        "retry_key": f"123e4567-e89b-42d3-a456-{number:012}",
        "attempt": 1,
        "recipients": ["U" + "a" * 32],
        "prompt": a_prompt(),
    }
    return dispatches.Dispatch(**{**given, **more})


@dataclass
class FakeCore:
    """`calls` has every request by RPC; `script` replaces an RPC's answer by a function."""

    address: str = ""
    calls: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    script: dict[str, Callable[[Any], Any]] = field(default_factory=dict)
    contacts: dict[str, residents.Contact] = field(default_factory=dict)
    pulls: asyncio.Queue[Pull] = field(default_factory=asyncio.Queue)
    tokens: set[str] = field(default_factory=set)

    async def answer(self, name: str, request: Any, context: Any) -> Any:
        self.calls[name].append(request)
        self.tokens |= {
            str(value) for key, value in context.invocation_metadata() if key == "authorization"
        }
        work = self.script.get(name) or getattr(self, f"_{name}", self._not_scripted)
        try:
            made = work(request)
            return await made if isinstance(made, Awaitable) else made
        except Refusal as refusal:
            await context.abort_with_status(refusal.status())

    async def stream(self, name: str, request: Any, context: Any) -> AsyncIterator[Any]:
        """Answer with each message of the list that the script returns."""
        for message in await self.answer(name, request, context):
            yield message

    async def take(self, name: str, requests: AsyncIterator[Any], context: Any) -> Any:
        """Answer a stream of requests as one, a list of them."""
        return await self.answer(name, [request async for request in requests], context)

    def _not_scripted(self, _: Any) -> Any:
        raise Refusal(StatusCode.UNIMPLEMENTED)

    def refuse(self, name: str, code: StatusCode, reason: str = "") -> None:
        def refusing(_: Any) -> Any:
            raise Refusal(code, reason)

        self.script[name] = refusing

    def hang(self, name: str) -> asyncio.Event:
        """Let an RPC wait until the event is set, then answer as ever."""
        go_on = asyncio.Event()
        usual = getattr(self, f"_{name}")

        async def hanging(request: Any) -> Any:
            await go_on.wait()
            return usual(request)

        self.script[name] = hanging
        return go_on

    def _SeeContact(self, request: residents.SeeContactRequest) -> residents.SeeContactResponse:
        contact = self.contacts.setdefault(
            request.external_id, residents.Contact(external_id=request.external_id, language="ja")
        )
        contact.state = request.state
        return residents.SeeContactResponse(contact=contact)

    def _ListMemberships(self, _: Any) -> circulars_pb2.ListMembershipsResponse:
        return circulars_pb2.ListMembershipsResponse()

    def _GetAsked(self, _: Any) -> circulars_pb2.GetAskedResponse:
        return circulars_pb2.GetAskedResponse()

    def _KeepAsked(self, _: Any) -> circulars_pb2.KeepAskedResponse:
        return circulars_pb2.KeepAskedResponse()

    def _ExpectAttachment(self, _: Any) -> applications.ExpectAttachmentResponse:
        return applications.ExpectAttachmentResponse(first=True)

    def _LeaseRate(self, request: dispatches.LeaseRateRequest) -> dispatches.LeaseRateResponse:
        return dispatches.LeaseRateResponse(granted=request.wanted, per_second=request.per_second)

    def _ReportQuota(self, _: Any) -> dispatches.ReportQuotaResponse:
        return dispatches.ReportQuotaResponse()

    def _GetCaller(self, _: Any) -> staff_pb2.GetCallerResponse:
        return staff_pb2.GetCallerResponse()

    def _known(self, external_id: str) -> residents.Contact:
        if external_id not in self.contacts:
            raise Refusal(StatusCode.NOT_FOUND, "CONTACT_UNKNOWN")
        return self.contacts[external_id]

    def _GetContact(self, request: residents.GetContactRequest) -> residents.GetContactResponse:
        return residents.GetContactResponse(contact=self._known(request.external_id))

    def _BeginVerification(
        self, request: registration.BeginVerificationRequest
    ) -> registration.BeginVerificationResponse:
        self._known(request.external_id)
        return registration.BeginVerificationResponse(verification=a_verification())

    def _GetVerification(self, _: Any) -> registration.GetVerificationResponse:
        return registration.GetVerificationResponse(verification=a_verification())

    def _CompleteVerification(self, _: Any) -> registration.CompleteVerificationResponse:
        return registration.CompleteVerificationResponse()

    def _GetPrompt(self, _: Any) -> applications.GetPromptResponse:
        raise Refusal(StatusCode.FAILED_PRECONDITION, "NO_CONVERSATION")

    def _AnswerInChat(self, _: Any) -> applications.AnswerInChatResponse:
        raise Refusal(StatusCode.FAILED_PRECONDITION, "NO_CONVERSATION")

    def _AnswerPrompt(
        self, request: applications.AnswerPromptRequest
    ) -> applications.AnswerPromptResponse:
        self._known(request.external_id)
        closing = applications.Closing(
            application_id=request.application_id, text="申請を受け付けました。", language="ja"
        )
        return applications.AnswerPromptResponse(turn=applications.Turn(closing=closing))


def a_verification() -> registration.Verification:
    verification = registration.Verification(
        challenge_id=CHALLENGE, consent_text="私は<とどけ市>に\n同意します。"
    )
    verification.expire_time.FromJsonString("2026-11-23T01:30:00Z")
    return verification


def _handlers(core: FakeCore, service: ServiceDescriptor) -> grpc.GenericRpcHandler:
    """Serve every RPC of a service but conversations; one not scripted is unimplemented."""
    made = {}
    for name, method in service.methods_by_name.items():
        make: Any = grpc.unary_unary_rpc_method_handler
        work: Any = partial(core.answer, name)
        if method.client_streaming and method.server_streaming:
            continue
        if method.client_streaming:
            make, work = grpc.stream_unary_rpc_method_handler, partial(core.take, name)
        if method.server_streaming:
            make, work = grpc.unary_stream_rpc_method_handler, partial(core.stream, name)
        made[name] = make(
            work,
            request_deserializer=GetMessageClass(method.input_type).FromString,
            response_serializer=GetMessageClass(method.output_type).SerializeToString,
        )
    return grpc.method_handlers_generic_handler(service.full_name, made)


class Dispatches(DispatchServiceServicer):
    def __init__(self, core: FakeCore) -> None:
        self.core = core

    async def PullDispatches(self, request_iterator: Any, context: Any) -> AsyncIterator[Any]:
        pull = Pull()
        listening = asyncio.create_task(self._listen(pull, request_iterator))
        self.core.pulls.put_nowait(pull)
        try:
            while (said := await pull.out.get()) is not None:
                if isinstance(said, Refusal):
                    await context.abort_with_status(said.status())
                yield said
        finally:
            listening.cancel()
            pull.closed.set()

    async def LeaseRate(self, request: Any, context: Any) -> Any:
        return await self.core.answer("LeaseRate", request, context)

    async def ReportQuota(self, request: Any, context: Any) -> Any:
        return await self.core.answer("ReportQuota", request, context)

    async def _listen(self, pull: Pull, said: AsyncIterator[Any]) -> None:
        async for one in said:
            if one.HasField("ready"):
                pull.ready.put_nowait(one.ready)
                continue
            outcome = one.outcome
            taken = dispatches.OutcomeTaken(
                dispatch_id=outcome.dispatch_id, fence=outcome.fence, taken=pull.takes
            )
            pull.out.put_nowait(dispatches.PullDispatchesResponse(taken=taken))
            pull.outcomes.put_nowait(outcome)
        pull.end()


@asynccontextmanager
async def fake_core(port: int = 0) -> AsyncIterator[FakeCore]:
    core = FakeCore()
    server = grpc.aio.server()
    for module in MODULES:
        for service in module.DESCRIPTOR.services_by_name.values():
            server.add_generic_rpc_handlers((_handlers(core, service),))
    add_DispatchServiceServicer_to_server(Dispatches(core), server)
    core.address = f"127.0.0.1:{server.add_insecure_port(f'127.0.0.1:{port}')}"
    await server.start()
    try:
        yield core
    finally:
        await server.stop(0)
