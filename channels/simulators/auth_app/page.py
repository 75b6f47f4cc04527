"""What a browser goes through: the page with the card, and the way back to who asked."""

import asyncio
import hmac
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.templating import Jinja2Templates

from channels.simulators.auth_app import authorization
from channels.simulators.auth_app.authorization import Addressee, Asked, NotAnswerable
from channels.simulators.auth_app.people import CardHolder
from channels.simulators.auth_app.provider import REALM, Grant, Pending, Provider, provider_of
from channels.simulators.auth_app.refusals import Refused
from channels.simulators.card import CardLocked, NoSuchCard, NotValid, WrongPin
from channels.simulators.card.card import AUTH_PIN_FORM

ACTION = f"{REALM}/login-actions/authenticate"
# Cookies of one host go to all its ports: the names must not be a client's.
BROWSER = "auth_app_browser"
CARD = "auth_app_card"
GUARDED = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self';"
    " base-uri 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}

HERE = Path(__file__).parent
templates = Jinja2Templates(directory=HERE / "templates")
log = structlog.get_logger()


async def auth(request: Request) -> Response:
    """Take an authorization request, by GET or as a form, and show the page."""
    provider = provider_of(request)
    values = request.query_params.multi_items()
    if request.method == "POST":
        async with request.form() as form:
            values = [(name, str(value)) for name, value in form.multi_items()]
    try:
        to = authorization.addressee(values, provider.clients)
        asked = authorization.read(values, to)
    except NotAnswerable as unknown:
        log.warning("request not answerable", parameter=str(unknown))
        return _sorry(request, "unknown")
    except Refused as refused:
        provider.counts["requests refused"] += 1
        log.info("request refused", error=refused.error, description=refused.description)
        return _back(provider, to, refused.body())
    browser = request.cookies.get(BROWSER) or secrets.token_urlsafe(16)
    id = secrets.token_urlsafe(16)
    provider.pending.put(id, Pending(asked, browser))
    provider.counts["pages shown"] += 1
    log.info("page shown", client=to.client.id, scopes=list(asked.scopes))
    card_id = asked.login_hint or request.cookies.get(CARD, "")
    answer = _page(request, id, asked, person=provider.people.get(card_id))
    _keep(provider, answer, BROWSER, browser)
    return answer


async def choose(request: Request) -> Response:
    """Show the page again, with the people whose name has the words `q` in it."""
    id = request.query_params.get("request", "")
    pending = _pending(request, id)
    if pending is None:
        return _sorry(request, "over")
    return _page(request, id, pending.asked, words=request.query_params.get("q", ""))


async def answer(request: Request) -> Response:
    """Take the page's form: the person agreed, with card and PIN, or cancelled."""
    provider = provider_of(request)
    async with request.form() as form:
        fields = {name: str(value) for name, value in form.items()}
    id = fields.get("request", "")
    pending = _pending(request, id)
    if pending is None:
        return _sorry(request, "over")
    if fields.get("deed") == "cancel":
        provider.pending.pop(id)
        provider.counts["cancelled"] += 1
        log.info("cancelled", client=pending.asked.addressee.client.id)
        refused = Refused("access_denied", "the person cancelled")
        return _back(provider, pending.asked.addressee, refused.body())
    if fields.get("deed") != "agree":
        # Nobody agrees by leaving something out.
        return _page(request, id, pending.asked)
    person = provider.people.get(fields.get("card", ""))
    wrong = await _wrong(provider, person, fields.get("pin", ""))
    if person is None or wrong is not None:
        return _page(request, id, pending.asked, person=person, wrong=wrong)
    # Of two presses at once, one goes on.
    if provider.pending.pop(id) is None:
        return _sorry(request, "over")
    return _agreed(provider, pending.asked, person)


async def _wrong(provider: Provider, person: CardHolder | None, pin: str) -> dict[str, Any] | None:
    """Return why a card cannot be used with a PIN; `None` if the two belong together."""
    if person is None:
        return {"why": "no_card"}
    if not AUTH_PIN_FORM.fullmatch(pin):
        return {"why": "form"}
    now = datetime.fromtimestamp(provider.clock(), UTC)
    wrong: dict[str, Any]
    try:
        # It waits for a lock and for the disk.
        await asyncio.to_thread(provider.wallet.authenticate, person.card_id, pin, now=now)
    except WrongPin as tried:
        wrong = {"why": "pin", "tries_left": tried.tries_left}
    except CardLocked:
        wrong = {"why": "locked"}
    except NotValid:
        wrong = {"why": "not_valid"}
    except NoSuchCard:
        wrong = {"why": "no_card"}
    else:
        return None
    provider.counts["cards refused"] += 1
    log.info("card refused", **wrong)
    return wrong


def _agreed(provider: Provider, asked: Asked, person: CardHolder) -> Response:
    grant = Grant(asked, person, provider.clock())
    code = secrets.token_urlsafe(32)
    provider.grants.put(code, grant)
    provider.counts["agreed"] += 1
    log.info("agreed", client=asked.addressee.client.id, scopes=list(asked.scopes))
    back = _back(provider, asked.addressee, {"code": code, "session_state": grant.session})
    _keep(provider, back, CARD, person.card_id)
    return back


def _keep(provider: Provider, answer: Response, name: str, value: str) -> None:
    is_secure = provider.issuer.startswith("https:")
    answer.set_cookie(name, value, path=REALM, httponly=True, samesite="lax", secure=is_secure)


def _pending(request: Request, id: str) -> Pending | None:
    pending = provider_of(request).pending.get(id)
    browser = request.cookies.get(BROWSER, "")
    # A page made for another browser would let its maker in as whoever answers it.
    if pending is None or not hmac.compare_digest(pending.browser.encode(), browser.encode()):
        return None
    return pending


def _back(provider: Provider, to: Addressee, answer: dict[str, str]) -> Response:
    """Send the browser back to who asked."""
    if to.state is not None:
        state = secrets.token_hex(8) if provider.faults.strike("wrong_state") else to.state
        answer = {**answer, "state": state}
    parts = urlsplit(to.redirect_uri)
    query = "&".join(filter(None, [parts.query, urlencode(answer)]))
    return RedirectResponse(
        urlunsplit(parts._replace(query=query)), 303, {"cache-control": "no-store"}
    )


def _page(
    request: Request,
    id: str,
    asked: Asked,
    *,
    person: CardHolder | None = None,
    words: str = "",
    wrong: dict[str, Any] | None = None,
) -> Response:
    found, total = ([], 0) if person else provider_of(request).people.search(words)
    return templates.TemplateResponse(
        request,
        "page.html",
        {
            "action": ACTION,
            "id": id,
            "client": asked.addressee.client.name,
            "scopes": asked.scopes,
            "person": person,
            "people": found,
            "others": total - len(found),
            "words": words,
            "wrong": wrong,
        },
        status_code=422 if wrong else 200,
        headers=GUARDED,
    )


def _sorry(request: Request, why: str) -> Response:
    return templates.TemplateResponse(
        request, "sorry.html", {"why": why}, status_code=400, headers=GUARDED
    )
