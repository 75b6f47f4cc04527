"""The door: what every call passes, in this order, before a feature sees it.

Who calls (authentication), whether they may (the table), whether the fields are within the
contract's limits; and on the way out the status of a refusal, one line in the log, and a span.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self, TypeAlias

import grpc
import structlog
from google.protobuf.message import Message
from google.rpc.status_pb2 import Status
from grpc_status import rpc_status
from opentelemetry import propagate, trace
from protovalidate import Validator
from sqlalchemy.exc import InterfaceError, OperationalError

from core.callers import Caller
from core.errors import BadRequest, Refusal, Unauthenticated
from core.wire import access, status
from core.wire.texts import with_nul

Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"
Handler: TypeAlias = "grpc.RpcMethodHandler[Any, Any]"
Authenticate = Callable[[str], Awaitable[Caller | None]]

NOBODY = Caller("", "", frozenset())

_VALIDATOR = Validator()  # One for all doors: a message's limits are compiled when first met.

log = structlog.get_logger("core")


@dataclass(frozen=True, slots=True)
class Call:
    """What a feature knows of the call it answers: who calls, when, and with which token."""

    caller: Caller
    now: datetime
    token: str = ""


class CallerUnknown(Unauthenticated):
    reason = "CALLER_UNKNOWN"


class FieldInvalid(BadRequest):
    reason = "FIELD_INVALID"


class Door(grpc.aio.ServerInterceptor):
    """Guards each method of our own services; health and reflection stay open."""

    def __init__(
        self,
        authenticate: Authenticate,
        clock: Callable[[], datetime],
        tracer: trace.Tracer | None = None,
    ) -> None:
        self._authenticate = authenticate
        self._clock = clock
        self._tracer = tracer
        self._guarded: dict[str, Handler] = {}

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[Any]],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> Any:
        method = handler_call_details.method
        if not method.startswith("/todoke."):
            return await continuation(handler_call_details)
        if method not in self._guarded:
            handler = await continuation(handler_call_details)
            if handler is None:
                return None
            self._guarded[method] = self._guard(method[1:], handler)
        return self._guarded[method]

    def _guard(self, method: str, handler: Handler) -> Handler:
        kinds: dict[tuple[bool, bool], tuple[str, Any, Any]] = {
            (False, False): ("unary_unary", grpc.unary_unary_rpc_method_handler, self._unary),
            (False, True): ("unary_stream", grpc.unary_stream_rpc_method_handler, self._stream),
            (True, False): ("stream_unary", grpc.stream_unary_rpc_method_handler, self._unary),
            (True, True): ("stream_stream", grpc.stream_stream_rpc_method_handler, self._stream),
        }
        name, make, wrap = kinds[bool(handler.request_streaming), bool(handler.response_streaming)]
        guarded: Handler = make(
            wrap(method, getattr(handler, name)),
            request_deserializer=handler.request_deserializer,
            response_serializer=handler.response_serializer,
        )
        return guarded

    def _unary(self, method: str, answer: Callable[[Any, Call], Awaitable[Any]]) -> Any:
        async def guarded(request: Any, context: Context) -> Any:
            with self._told(method, context) as passage:
                try:
                    call = await self._enter(method, context, passage)
                    return await answer(self._checked(request), call)
                except Exception as error:  # noqa: BLE001 - each is answered with its status.
                    await _refuse(context, passage, error)

        return guarded

    def _stream(self, method: str, answer: Callable[[Any, Call], AsyncIterator[Any]]) -> Any:
        async def guarded(request: Any, context: Context) -> AsyncIterator[Any]:
            with self._told(method, context) as passage:
                try:
                    call = await self._enter(method, context, passage)
                    async for response in answer(self._checked(request), call):
                        yield response
                except Exception as error:  # noqa: BLE001 - each is answered with its status.
                    await _refuse(context, passage, error)

        return guarded

    def _told(self, method: str, context: Context) -> "_Passage":
        span = None
        if self._tracer is not None:
            carrier = {k: v for k, v in context.invocation_metadata() or () if isinstance(v, str)}
            span = self._tracer.start_span(
                method, context=propagate.extract(carrier), kind=trace.SpanKind.SERVER
            )
        return _Passage(method, span)

    async def _enter(self, method: str, context: Context, passage: "_Passage") -> Call:
        """Find the caller and hold them against the table."""
        if method in access.ANYBODY:
            return Call(NOBODY, self._clock())
        token = _token(context)
        caller = await self._authenticate(token) if token else None
        if caller is None:
            raise CallerUnknown("the authorization metadata holds no token in force: sign in")
        passage.caller = caller
        access.check(caller, method)
        return Call(caller, self._clock(), token)

    def _checked(self, request: Any) -> Any:
        if isinstance(request, Message):
            self._check(request)
            return request
        return self._each_checked(request)

    async def _each_checked(self, requests: AsyncIterator[Message]) -> AsyncIterator[Message]:
        async for request in requests:
            self._check(request)
            yield request

    def _check(self, request: Message) -> None:
        found = _VALIDATOR.collect_violations(request)
        violations = [(_path(one.proto.field), one.proto.message) for one in found]
        violations += [(path, "holds a NUL character: leave it out") for path in with_nul(request)]
        if not violations:
            return
        fields = ", ".join(field or "the message" for field, _ in violations)
        raise FieldInvalid(f"outside the contract's limits: {fields}", violations=violations)


class _Passage:
    """One call on its way through the door: told in the log, and as a span, when it leaves."""

    __slots__ = ("_began", "caller", "code", "error", "method", "reason", "span")

    def __init__(self, method: str, span: trace.Span | None) -> None:
        self.method = method
        self.span = span
        self.caller = NOBODY
        self.code = grpc.StatusCode.OK.name
        self.reason = ""
        self.error: Exception | None = None
        self._began = time.perf_counter()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None and issubclass(kind, asyncio.CancelledError | GeneratorExit):
            self.code = grpc.StatusCode.CANCELLED.name
        facts = {
            "method": self.method,
            "code": self.code,
            "ms": round((time.perf_counter() - self._began) * 1000, 1),
            "municipality": self.caller.municipality,
            "actor": self.caller.actor,
        }
        if self.reason:
            facts["reason"] = self.reason
        if self.error is not None:
            log.error("call failed", exc_info=self.error, **facts)
        else:
            log.info("call", **facts)
        if self.span is not None:
            self.span.set_attributes({"rpc.method": self.method, "rpc.grpc.status": self.code})
            self.span.end()


async def _refuse(context: Context, passage: _Passage, error: Exception) -> None:
    """End the call with the status of what was raised."""
    if isinstance(error, grpc.aio.AbortError):
        raise error
    answer = _status(passage, error)
    passage.code = grpc.StatusCode(_CODES[answer.code]).name
    await context.abort_with_status(rpc_status.to_status(answer))


def _status(passage: _Passage, error: Exception) -> Status:
    if isinstance(error, Refusal):
        passage.reason = error.reason
        return status.status_of(error)
    if isinstance(error, OperationalError | InterfaceError):
        passage.reason, passage.error = "TRY_AGAIN", error
        return status.try_again()
    passage.error = error
    return status.internal()


_CODES = {code.value[0]: code for code in grpc.StatusCode}


def _token(context: Context) -> str:
    for key, value in context.invocation_metadata() or ():
        if key == "authorization" and isinstance(value, str):
            scheme, _, token = value.partition(" ")
            return token if scheme == "Bearer" else ""
    return ""


def _path(field: Any) -> str:
    """Return the path of a violation as BadRequest names it, such as `originator.format`."""
    parts = []
    for element in field.elements if field else ():
        index = element.subscript
        parts.append(f"{element.field_name}[{index.value}]" if index else element.field_name)
    return ".".join(parts)
