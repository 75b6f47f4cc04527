"""What a resident agreed to, how to end it, and what they may agree to besides."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from channels.pages import Problems, leads_to
from channels.web import forms, record, sessions, speaking
from channels.web.pages import page, problems, say, web
from todoke.client import CoreError
from todoke.v1.records_pb2 import ResidentRecord
from todoke.v1.residents_pb2 import (
    CONSENT_PURPOSE_CARE,
    CONSENT_PURPOSE_REGISTRATION,
    STALE_CAUSE_CONSENT_OUTDATED,
    ConsentPurpose,
    GetConsentTextRequest,
    GiveConsentRequest,
    WithdrawConsentRequest,
)

PURPOSES: dict[str, ConsentPurpose.ValueType] = {
    "registration": CONSENT_PURPOSE_REGISTRATION,
    "care": CONSENT_PURPOSE_CARE,
}
"""What can be agreed to without a new proof, by its name in the address."""


@speaking.for_oneself
async def show(request: Request) -> Response:
    found = await record.of(request, speaking.myself(request))
    return page(request, "consents.html", consents=found.consents, offered=_offered(found))


def _offered(found: ResidentRecord) -> dict[str, ConsentPurpose.ValueType]:
    """Name what is not agreed to now, or only in an older version."""
    held = {one.purpose for one in found.consents if not one.HasField("withdraw_time")}
    if STALE_CAUSE_CONSENT_OUTDATED in found.resident.stale_causes:
        held.discard(CONSENT_PURPOSE_REGISTRATION)
    return {name: purpose for name, purpose in PURPOSES.items() if purpose not in held}


@speaking.for_oneself
async def read(request: Request, wrong: Problems | None = None, request_id: str = "") -> Response:
    """Show the whole text, and the box to agree by."""
    asked = GetConsentTextRequest(purpose=_purpose(request))
    found = await speaking.ask(request, web(request).core.residents.GetConsentText, asked)
    return page(
        request,
        "consent_give.html",
        problems=wrong or {},
        request_id=request_id,
        consent=found.consent_text,
        address=request.url.path,
    )


@speaking.for_oneself
async def give(request: Request) -> Response:
    purpose = _purpose(request)
    form = await forms.read(request)
    if form.one("agree") != "yes":
        return await read(request, {"agree": say(request, "app.agree_missing")}, form.request_id)
    version = form.one("version")
    asked = GiveConsentRequest(
        speaker=speaking.own(request),
        purpose=purpose,
        version=int(version) if version.isdecimal() and len(version) < 7 else 0,
        request_id=form.request_id,
    )
    try:
        await speaking.ask(request, web(request).core.residents.GiveConsent, asked)
    except CoreError as error:
        return await read(request, problems(request, error, "agree"))
    sessions.of(request).said = "consents.agreed"
    return leads_to("/me/consents")


def _purpose(request: Request) -> ConsentPurpose.ValueType:
    purpose = PURPOSES.get(request.path_params["purpose"])
    if purpose is None:
        raise HTTPException(404)
    return purpose


@speaking.for_oneself
async def confirm(request: Request) -> Response:
    """Say what ends with the consent, before it ends."""
    found = await record.of(request, speaking.myself(request))
    id = request.path_params["consent_id"]
    consent = next((one for one in found.consents if one.consent_id == id), None)
    if consent is None or consent.HasField("withdraw_time"):
        raise HTTPException(404)
    return page(request, "consent_withdraw.html", consent=consent)


@speaking.for_oneself
async def withdraw(request: Request) -> Response:
    form = await forms.read(request)
    asked = WithdrawConsentRequest(
        resident=speaking.myself(request),
        consent_id=request.path_params["consent_id"],
        request_id=form.request_id,
    )
    await speaking.ask(request, web(request).core.residents.WithdrawConsent, asked)
    sessions.of(request).said = "consents.withdrawn"
    return leads_to("/me/consents")
