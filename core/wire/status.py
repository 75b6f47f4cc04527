"""Which gRPC status a refusal becomes, and the google.rpc details it carries."""

from google.protobuf.any_pb2 import Any
from google.rpc.error_details_pb2 import BadRequest as BadRequestDetail
from google.rpc.error_details_pb2 import ErrorInfo
from google.rpc.status_pb2 import Status
from grpc import StatusCode

from core import errors
from core.errors import Refusal

DOMAIN = "todoke"

CODES: dict[type[Refusal], StatusCode] = {
    errors.BadRequest: StatusCode.INVALID_ARGUMENT,
    errors.NotFound: StatusCode.NOT_FOUND,
    errors.AlreadyThere: StatusCode.ALREADY_EXISTS,
    errors.NotNow: StatusCode.FAILED_PRECONDITION,
    errors.NotAllowed: StatusCode.PERMISSION_DENIED,
    errors.Unauthenticated: StatusCode.UNAUTHENTICATED,
    errors.StaleCursor: StatusCode.OUT_OF_RANGE,
    errors.TooMany: StatusCode.RESOURCE_EXHAUSTED,
    errors.Changed: StatusCode.ABORTED,
    errors.Away: StatusCode.UNAVAILABLE,
}


def status_of(refusal: Refusal) -> Status:
    """Return the status with exactly one ErrorInfo, and the violations of a bad request."""
    code = next(CODES[kind] for kind in type(refusal).__mro__ if kind in CODES)
    details = [_packed(ErrorInfo(reason=refusal.reason, domain=DOMAIN, metadata=refusal.metadata))]
    if isinstance(refusal, errors.BadRequest) and refusal.violations:
        bad = BadRequestDetail()
        for field, description in refusal.violations:
            bad.field_violations.add(field=field, description=description)
        details.append(_packed(bad))
    return Status(code=code.value[0], message=str(refusal), details=details)


def try_again() -> Status:
    """Return the status of a database that is away or busy."""
    info = ErrorInfo(reason="TRY_AGAIN", domain=DOMAIN)
    message = "the database is away or busy: try again with the same request id"
    return Status(code=StatusCode.UNAVAILABLE.value[0], message=message, details=[_packed(info)])


def internal() -> Status:
    """Return the status of a bug: it is logged whole, and told nothing of."""
    return Status(code=StatusCode.INTERNAL.value[0], message="internal error")


def _packed(message: ErrorInfo | BadRequestDetail) -> Any:
    packed = Any()
    packed.Pack(message)
    return packed
