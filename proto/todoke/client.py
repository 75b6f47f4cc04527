"""How a process speaks with the core: the connection, deadlines, the token, errors that say why."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Generic, Protocol, TypeVar

import grpc
from google.rpc import error_details_pb2
from grpc import StatusCode
from grpc_status import rpc_status

from todoke.v1 import (
    access_pb2_grpc,
    activity_pb2_grpc,
    applications_pb2_grpc,
    campaigns_pb2_grpc,
    circulars_pb2_grpc,
    coupons_pb2_grpc,
    crossings_pb2_grpc,
    dispatches_pb2_grpc,
    eligibility_pb2_grpc,
    ledger_pb2_grpc,
    matching_pb2_grpc,
    payments_pb2_grpc,
    procedures_pb2_grpc,
    proxies_pb2_grpc,
    records_pb2_grpc,
    registration_pb2_grpc,
    residents_pb2_grpc,
    rosters_pb2_grpc,
    staff_pb2_grpc,
)

LARGEST_PAGE = 200
"""How many of a list the core gives at the most in one answer."""

UNARY_SECONDS = 10.0
"""The deadline of a unary call that names none."""

CONNECTION_OPTIONS = [
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.keepalive_timeout_ms", 10_000),
    ("grpc.initial_reconnect_backoff_ms", 200),
    ("grpc.min_reconnect_backoff_ms", 200),
    ("grpc.max_reconnect_backoff_ms", 1_000),
]

SENT_TOO_LATE = "Internal error from Core"
"""What gRPC says instead of a status, where it was sending into a stream that had just ended.

Why it ended is lost then; who opens it anew is told, so it counts as the core being away.
"""

Question = TypeVar("Question")
Answer = TypeVar("Answer")
Stub = TypeVar("Stub")


class Listing(Protocol):
    """A request for a page of a list."""

    page_token: str
    page_size: int


class Page(Protocol):
    """A page of a list, which names the page after it."""

    @property
    def next_page_token(self) -> str: ...


ListRequest = TypeVar("ListRequest", bound=Listing)
ListAnswer = TypeVar("ListAnswer", bound=Page)


@dataclass(frozen=True, slots=True)
class Violation:
    """A field that breaks the contract's limits, by its path in the request."""

    field: str
    description: str


class CoreError(Exception):
    """What the core refused, or that it could not be reached.

    `reason` is a name of ErrorReason without its prefix; empty where the core gave none, as when it
    is away. `metadata` is what to word it with.
    """

    def __init__(
        self,
        code: StatusCode,
        message: str,
        reason: str = "",
        metadata: dict[str, str] | None = None,
        violations: tuple[Violation, ...] = (),
    ) -> None:
        super().__init__(f"{reason or code.name}: {message}")
        self.code = code
        self.message = message
        self.reason = reason
        self.metadata = metadata or {}
        self.violations = violations

    @property
    def passing(self) -> bool:
        """Whether the same request may succeed later: the core is away, slow or busy."""
        return self.code in {
            StatusCode.UNAVAILABLE,
            StatusCode.DEADLINE_EXCEEDED,
            StatusCode.ABORTED,
            StatusCode.CANCELLED,
        }


def error_of(error: grpc.aio.AioRpcError) -> CoreError:
    """Read the google.rpc details of a failed call."""
    reason, metadata, violations = "", {}, []
    status = rpc_status.from_call(error)  # type: ignore[arg-type]  # An AioRpcError has what is read of a call.
    for detail in status.details if status else ():
        if detail.Is(error_details_pb2.ErrorInfo.DESCRIPTOR):
            info = error_details_pb2.ErrorInfo()
            detail.Unpack(info)
            reason, metadata = info.reason, dict(info.metadata)
        elif detail.Is(error_details_pb2.BadRequest.DESCRIPTOR):
            bad = error_details_pb2.BadRequest()
            detail.Unpack(bad)
            violations = [Violation(v.field, v.description) for v in bad.field_violations]
    code = StatusCode.UNAVAILABLE if error.details() == SENT_TOO_LATE else error.code()
    return CoreError(code, error.details() or "", reason, metadata, tuple(violations))


@dataclass(frozen=True, slots=True)
class Tls:
    """PEM files: who signs the core's certificate, and our own proof where the core asks for it."""

    authority: Path
    certificate: Path | None = None
    key: Path | None = None


class _StubOf(Generic[Stub]):
    """A service's stub, made when the service is first spoken to: few callers speak to them all."""

    def __init__(self, make: Callable[[grpc.aio.Channel], Stub]) -> None:
        self.make = make

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, core: "Core", owner: type) -> Stub:
        # Kept under the same name on the core itself, where it is found before this.
        stub = core.__dict__[self.name] = self.make(core.channel)
        return stub


class Core:
    """A connection to the core at `host:port`, with one stub a service.

    `token` goes into the metadata of every call; it may be set anew, as after signing in.
    """

    access = _StubOf(access_pb2_grpc.AccessServiceStub)
    activity = _StubOf(activity_pb2_grpc.ActivityServiceStub)
    applications = _StubOf(applications_pb2_grpc.ApplicationServiceStub)
    campaigns = _StubOf(campaigns_pb2_grpc.CampaignServiceStub)
    circulars = _StubOf(circulars_pb2_grpc.CircularServiceStub)
    coupons = _StubOf(coupons_pb2_grpc.CouponServiceStub)
    dispatches = _StubOf(dispatches_pb2_grpc.DispatchServiceStub)
    eligibility = _StubOf(eligibility_pb2_grpc.EligibilityServiceStub)
    crossings = _StubOf(crossings_pb2_grpc.CrossingServiceStub)
    ledger = _StubOf(ledger_pb2_grpc.LedgerServiceStub)
    matching = _StubOf(matching_pb2_grpc.MatchingServiceStub)
    rosters = _StubOf(rosters_pb2_grpc.RosterServiceStub)
    payments = _StubOf(payments_pb2_grpc.PaymentServiceStub)
    procedures = _StubOf(procedures_pb2_grpc.ProcedureServiceStub)
    proxies = _StubOf(proxies_pb2_grpc.ProxyServiceStub)
    records = _StubOf(records_pb2_grpc.RecordServiceStub)
    registration = _StubOf(registration_pb2_grpc.RegistrationServiceStub)
    residents = _StubOf(residents_pb2_grpc.ResidentServiceStub)
    staff = _StubOf(staff_pb2_grpc.StaffServiceStub)

    def __init__(self, address: str, token: str = "", tls: Tls | None = None) -> None:
        self.token = token
        self.channel = _open(address, tls)

    async def ask(
        self,
        method: grpc.aio.UnaryUnaryMultiCallable[Question, Answer],
        request: Question,
        *,
        seconds: float = UNARY_SECONDS,
    ) -> Answer:
        """Call a unary RPC; raise CoreError where it fails or takes longer than `seconds`."""
        try:
            return await method(request, timeout=seconds, metadata=self._metadata())
        except grpc.aio.AioRpcError as error:
            raise error_of(error) from None

    async def pages(
        self,
        method: grpc.aio.UnaryUnaryMultiCallable[ListRequest, ListAnswer],
        request: ListRequest,
        *,
        most: int | None = None,
    ) -> AsyncGenerator[ListAnswer, None]:
        """Read a list to its end, or `most` pages of it; raise CoreError where it fails.

        The `request` goes on from page to page.
        """
        request.page_size = LARGEST_PAGE
        for _ in count() if most is None else range(most):
            answer = await self.ask(method, request)
            yield answer
            if not answer.next_page_token:
                return
            request.page_token = answer.next_page_token

    async def watch(
        self, method: grpc.aio.UnaryStreamMultiCallable[Question, Answer], request: Question
    ) -> AsyncGenerator[Answer, None]:
        """Follow a stream to its end; raise CoreError where it breaks.

        Who leaves it before its end closes it, as by `contextlib.aclosing`.
        """
        call = method(request, metadata=self._metadata())
        try:
            async for answer in call:
                yield answer
        except grpc.aio.AioRpcError as error:
            raise error_of(error) from None
        finally:
            call.cancel()

    async def upload(
        self,
        method: grpc.aio.StreamUnaryMultiCallable[Question, Answer],
        requests: AsyncIterator[Question],
    ) -> Answer:
        """Send a stream, as fast as the core takes it; raise CoreError where it fails."""
        try:
            return await method(requests, metadata=self._metadata())
        except grpc.aio.AioRpcError as error:
            raise error_of(error) from None

    async def converse(
        self,
        method: grpc.aio.StreamStreamMultiCallable[Question, Answer],
        requests: AsyncIterator[Question],
    ) -> AsyncGenerator[Answer, None]:
        """Send a stream and follow the answers; raise CoreError where it breaks.

        Who leaves it before its end closes it. `requests` are the caller's own: where the core ends
        the stream, gRPC waits for the next of them until they end, too.
        """
        call = method(requests, metadata=self._metadata())
        try:
            async for answer in call:
                yield answer
        except grpc.aio.AioRpcError as error:
            raise error_of(error) from None
        finally:
            call.cancel()

    async def close(self) -> None:
        await self.channel.close()

    def _metadata(self) -> tuple[tuple[str, str], ...]:
        return (("authorization", f"Bearer {self.token}"),) if self.token else ()


def _open(address: str, tls: Tls | None) -> grpc.aio.Channel:
    if tls is None:
        return grpc.aio.insecure_channel(address, options=CONNECTION_OPTIONS)
    credentials = grpc.ssl_channel_credentials(
        root_certificates=tls.authority.read_bytes(),
        private_key=tls.key.read_bytes() if tls.key else None,
        certificate_chain=tls.certificate.read_bytes() if tls.certificate else None,
    )
    return grpc.aio.secure_channel(address, credentials, options=CONNECTION_OPTIONS)
