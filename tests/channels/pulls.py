"""A pull of dispatches in the hands of a test, and how a core refuses."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from google.protobuf.any_pb2 import Any as Packed
from google.rpc.error_details_pb2 import ErrorInfo
from google.rpc.status_pb2 import Status
from grpc import StatusCode
from grpc_status import rpc_status

from todoke.v1 import dispatches_pb2 as dispatches


class Refusal(Exception):  # noqa: N818 - named for the event, not as an error.
    """What a scripted RPC answers instead of an answer."""

    def __init__(self, code: StatusCode, reason: str = "") -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason

    def status(self) -> Any:
        status = Status(code=self.code.value[0], message="scripted")
        if self.reason:
            packed = Packed()
            packed.Pack(ErrorInfo(reason=self.reason, domain="todoke"))
            status.details.append(packed)
        return rpc_status.to_status(status)


@dataclass
class Pull:
    """One PullDispatches stream, in the hands of the test."""

    ready: asyncio.Queue[dispatches.Ready] = field(default_factory=asyncio.Queue)
    outcomes: asyncio.Queue[dispatches.Outcome] = field(default_factory=asyncio.Queue)
    out: asyncio.Queue[Any] = field(default_factory=asyncio.Queue)
    closed: asyncio.Event = field(default_factory=asyncio.Event)
    takes: bool = True

    def give(self, dispatch: dispatches.Dispatch) -> None:
        self.out.put_nowait(dispatches.PullDispatchesResponse(dispatch=dispatch))

    def end(self) -> None:
        self.out.put_nowait(None)

    def break_off(self) -> None:
        self.out.put_nowait(Refusal(StatusCode.UNAVAILABLE))
