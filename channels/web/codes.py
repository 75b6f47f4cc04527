"""Codes of this browser's session, to be shown while they are good."""

from datetime import UTC, datetime

from google.protobuf.timestamp_pb2 import Timestamp
from starlette.requests import Request

from channels.codes import Code, picture
from channels.web import sessions
from channels.web.pages import web

__all__ = ["keep", "picture", "shown"]


def keep(request: Request, what: str, code: str, until: Timestamp) -> None:
    """Remember a code in the session, so that it stands in no address."""
    sessions.of(request).codes[what] = [code, until.ToJsonString()]


def shown(request: Request, what: str) -> Code | None:
    """Find the code that is still good."""
    kept = sessions.of(request).codes
    if what not in kept:
        return None
    code, iso = kept[what]
    until = Timestamp()
    until.FromJsonString(iso)
    if until.ToDatetime(UTC) <= datetime.fromtimestamp(web(request).sessions.now, UTC):
        del kept[what]
        return None
    return Code(code, until)
