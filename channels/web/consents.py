"""What a resident agreed to, and how to end it."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from channels.web import forms, record, sessions, speaking
from channels.web.pages import leads_to, page, web
from todoke.v1.residents_pb2 import WithdrawConsentRequest


@speaking.for_oneself
async def show(request: Request) -> Response:
    found = await record.of(request, speaking.myself(request))
    return page(request, "consents.html", consents=found.consents)


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
