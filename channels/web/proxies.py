"""Who acts for a resident and for whom they act: offering, accepting, ending, and seeing."""

import re
from datetime import datetime, timedelta

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from channels import codes, wording
from channels.pages import Problems, leads_to
from channels.web import forms, record, sessions, speaking
from channels.web.pages import page, problems, say, web
from todoke.client import CoreError
from todoke.v1.proxies_pb2 import (
    AcceptProxyRequest,
    EndProxyRequest,
    ListProxiesRequest,
    OfferProxyRequest,
    Proxy,
    ProxyScope,
    ProxyTerms,
)

SCOPES = [scope for scope in ProxyScope.values() if scope]
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
FIRST_OFFERED = timedelta(days=365)


async def _all(request: Request) -> list[Proxy]:
    asked = ListProxiesRequest(resident=speaking.myself(request))
    found = await speaking.ask(request, web(request).core.proxies.ListProxies, asked)
    return list(found.proxies)


@speaking.for_oneself
async def show(
    request: Request, wrong: Problems | None = None, given: forms.Form | None = None
) -> Response:
    """Show both sides; `given` keeps what was filled in where something of it is wrong."""
    code = codes.good(sessions.of(request).codes, "proxy", web(request).sessions.now)
    found = await record.of(request, speaking.myself(request))
    offered = datetime.fromtimestamp(web(request).sessions.now, wording.JAPAN) + FIRST_OFFERED
    return page(
        request,
        "proxies.html",
        problems=wrong or {},
        proxies=found.proxies,
        own_id=found.resident.resident_id,
        scopes=SCOPES,
        chosen=given.get("scope", []) if given else [],
        until=(given.one("until") if given else "") or offered.date().isoformat(),
        code=code,
        picture=codes.picture(_address(request, code.code)) if code else "",
    )


def _address(request: Request, code: str) -> str:
    return f"{web(request).settings.public_url}/me/proxies/accept?code={code}"


@speaking.for_oneself
async def offer(request: Request) -> Response:
    form = await forms.read(request)
    scopes = [scope for scope in SCOPES if str(scope) in form.get("scope", [])]
    wrong = {}
    if not scopes:
        wrong["scope"] = say(request, "proxies.scope_missing")
    if not DAY.fullmatch(form.one("until")):
        wrong["until"] = say(request, "proxies.until_missing")
    if wrong:
        return await show(request, wrong, form)
    asked = OfferProxyRequest(
        resident=speaking.myself(request),
        terms=ProxyTerms(scopes=scopes, expire_date=form.one("until")),
        request_id=form.request_id,
    )
    try:
        made = await speaking.ask(request, web(request).core.proxies.OfferProxy, asked)
    except CoreError as error:
        if error.reason == "FIELD_INVALID":
            return await show(request, {"until": say(request, "proxies.until_wrong")}, form)
        return await show(request, problems(request, error), form)
    codes.keep(sessions.of(request).codes, "proxy", made.code, made.expire_time)
    return leads_to("/me/proxies")


@speaking.for_oneself
async def accepting(request: Request, wrong: Problems | None = None) -> Response:
    """Ask for a code, or show that of a link; nothing is done before the button is pressed."""
    code = request.query_params.get("code", "")[:64]
    return page(request, "proxy_accept.html", problems=wrong or {}, code=code)


@speaking.for_oneself
async def accept(request: Request) -> Response:
    form = await forms.read(request)
    given = form.code
    if not 1 <= len(given) <= 64:
        return await accepting(request, {"code": say(request, "sign_in.code_missing")})
    asked = AcceptProxyRequest(
        speaker=speaking.own(request), code=given, request_id=form.request_id
    )
    try:
        await speaking.ask(request, web(request).core.proxies.AcceptProxy, asked)
    except CoreError as error:
        return await accepting(request, problems(request, error, "code"))
    sessions.of(request).said = "proxies.accepted"
    return leads_to("/me/proxies")


@speaking.for_oneself
async def confirm_end(request: Request) -> Response:
    id = request.path_params["proxy_id"]
    proxy = next((one for one in await _all(request) if one.proxy_id == id), None)
    if proxy is None:
        raise HTTPException(404)
    return page(request, "proxy_end.html", proxy=proxy)


@speaking.for_oneself
async def end(request: Request) -> Response:
    form = await forms.read(request)
    asked = EndProxyRequest(
        resident=speaking.myself(request),
        proxy_id=request.path_params["proxy_id"],
        request_id=form.request_id,
    )
    await speaking.ask(request, web(request).core.proxies.EndProxy, asked)
    sessions.of(request).said = "proxies.ended"
    return leads_to("/me/proxies")


@speaking.for_residents
async def act(request: Request) -> Response:
    """See somebody's pages as their proxy from now on, or one's own again where nobody is named."""
    form = await forms.read(request)
    session = sessions.of(request)
    wanted = form.one("resident_id")
    session.acting_id = session.acting_name = ""
    if not wanted:
        return leads_to("/me")
    for proxy in await _all(request):
        if proxy.resident_id == wanted:
            session.acting_id, session.acting_name = proxy.resident_id, proxy.resident_name
            return leads_to("/me")
    return await show(request, {"": wording.refusal("PROXY_UNKNOWN", session.language)})
