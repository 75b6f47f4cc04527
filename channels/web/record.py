"""What the city holds of a resident here: shown, and handed out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from channels import wording
from channels.downloads import handed_on
from channels.pages import leads_to
from channels.web import sessions, speaking
from channels.web.pages import page, web
from todoke.client import CoreError
from todoke.v1.records_pb2 import (
    EXPORT_FORMAT_JSON,
    EXPORT_FORMAT_PDF,
    ExportRecordRequest,
    GetRecordRequest,
    RecordedLook,
    ResidentRecord,
)
from todoke.v1.residents_pb2 import NamedResident

FORMATS = {"json": EXPORT_FORMAT_JSON, "pdf": EXPORT_FORMAT_PDF}
OWN = "channel"
"""Who looked, where it was the resident or a proxy."""


async def of(request: Request, resident: NamedResident) -> ResidentRecord:
    """Ask for a record. Raises CoreError."""
    asked = GetRecordRequest(resident=resident)
    found = await speaking.ask(request, web(request).core.records.GetRecord, asked)
    record: ResidentRecord = found.record
    return record


@speaking.for_residents
async def show(request: Request) -> Response:
    try:
        record = await of(request, speaking.shown(request))
    except CoreError as error:
        session = sessions.of(request)
        if not session.acting_id or error.reason not in {"PROXY_NOT_GRANTED", "RESIDENT_UNKNOWN"}:
            raise
        session.acting_id = session.acting_name = ""
        session.said = "proxies.acting_ended"
        return leads_to("/me/proxies")
    settings = web(request).settings
    return page(
        request,
        "record.html",
        record=record,
        has_app=settings.authentication_app,
        takes_inquiries=settings.inquiries,
    )


@speaking.for_residents
async def history(request: Request) -> Response:
    record = await of(request, speaking.shown(request))
    return page(request, "history.html", record=record)


@dataclass(slots=True)
class Look:
    """What was looked at or changed in the same way, one after the other on the same day."""

    last: RecordedLook
    day: str
    count: int = 1


@speaking.for_residents
async def looks(request: Request) -> Response:
    """Show what the city hall did apart from what one does oneself, which is most of it."""
    record = await of(request, speaking.shown(request))
    city = [look for look in record.looks if look.by != OWN]
    own = [look for look in record.looks if look.by == OWN]
    return page(request, "looks.html", by_city=_gathered(city), own=_gathered(own))


def _gathered(looks: Sequence[RecordedLook]) -> list[Look]:
    gathered: list[Look] = []
    for look in looks:
        day = wording.date(look.time.ToDatetime(UTC))
        before = gathered[-1] if gathered else None
        same = before and (before.last.kind, before.last.by, before.day) == (
            look.kind,
            look.by,
            day,
        )
        if before and same:
            before.count += 1
        else:
            gathered.append(Look(look, day))
    return gathered


@speaking.for_oneself
async def export(request: Request) -> Response:
    """Hand on the file as it comes; what is refused is refused before the first byte."""
    form = request.path_params["form"]
    if form not in FORMATS:
        raise HTTPException(404)
    asked = ExportRecordRequest(resident=speaking.myself(request), format=FORMATS[form])
    core = web(request).core
    return await handed_on(core.watch(core.records.ExportRecord, asked))
