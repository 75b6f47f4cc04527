"""What stands before every fake RPC: caller, limits, and the refusals that a test laid."""

import functools
from collections.abc import Callable
from typing import Any

import grpc
import protovalidate
from google.protobuf import any_pb2
from google.rpc import error_details_pb2, status_pb2
from grpc import StatusCode
from grpc_status import rpc_status

from tests.tui.fake_core.city import City, Refused


class Servicer:
    def __init__(self, city: City) -> None:
        self.city = city


def answered(work: Callable[..., Any]) -> Callable[..., Any]:
    """Serve a unary RPC from a plain method (self, request) -> response."""

    @functools.wraps(work)
    async def serve(self: Servicer, request: Any, context: grpc.aio.ServicerContext) -> Any:
        try:
            check(self.city, work.__name__, request, context)
            return work(self, request)
        except Refused as refused:
            await context.abort_with_status(status_of(refused))

    return serve


def check(city: City, method: str, request: Any, context: grpc.aio.ServicerContext) -> None:
    """Take down the request; raise Refused for no caller, a laid refusal, or broken limits."""
    city.asked.append((method, request))
    metadata = dict(context.invocation_metadata() or ())
    if method != "SignIn" and not str(metadata.get("authorization", "")).startswith("Bearer "):
        raise Refused("CALLER_UNKNOWN", StatusCode.UNAUTHENTICATED)
    laid = city.refusals.get(method)
    if laid:
        raise laid.pop(0)
    violations = protovalidate.collect_violations(request)
    if violations:
        raise Refused(
            "FIELD_INVALID",
            StatusCode.INVALID_ARGUMENT,
            violations=tuple((path_of(v), v.proto.message) for v in violations),
        )


def status_of(refused: Refused) -> Any:
    details = []
    if refused.reason:
        info = error_details_pb2.ErrorInfo(
            reason=refused.reason, domain="todoke", metadata=refused.metadata
        )
        details.append(packed(info))
    if refused.violations:
        bad = error_details_pb2.BadRequest()
        for field, description in refused.violations:
            bad.field_violations.add(field=field, description=description)
        details.append(packed(bad))
    message = status_pb2.Status(code=refused.code.value[0], message="refused", details=details)
    return rpc_status.to_status(message)


def packed(message: Any) -> any_pb2.Any:
    box = any_pb2.Any()
    box.Pack(message)
    return box


def path_of(violation: Any) -> str:
    return ".".join(element.field_name for element in violation.proto.field.elements)
