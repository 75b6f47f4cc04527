"""The beginning: what this is, the way by the card, and waiting until the card was tapped."""

from contextlib import suppress

from starlette.requests import Request
from starlette.responses import Response

from channels import wording
from channels.forms import own_path
from channels.pages import LANGUAGES, leads_to
from channels.web import forms, record, sessions, speaking
from channels.web.pages import language as language_of
from channels.web.pages import page, problems, say, web
from todoke.client import CoreError
from todoke.v1.registration_pb2 import BeginVerificationRequest, GetVerificationRequest
from todoke.v1.residents_pb2 import GetContactRequest

NO_LONGER_OPEN = {"CHALLENGE_USED", "CHALLENGE_EXPIRED", "CHALLENGE_UNKNOWN"}


async def show(request: Request) -> Response:
    has_app = web(request).settings.authentication_app
    return page(request, "start.html", has_app=has_app)


async def language(request: Request) -> Response:
    form = await forms.read(request)
    chosen = form.one("language")
    if chosen in {tag for tag, _ in LANGUAGES}:
        await _speak(request, chosen)
    return leads_to(own_path(form.one("back")))


async def _speak(request: Request, chosen: str) -> None:
    """Let pages be in a language, and what the core says in conversations here."""
    session = sessions.of(request)
    session.language = chosen
    with suppress(CoreError):
        for external_id in session.pages.values():
            await speaking.see(request, external_id, chosen)
        if session.known:
            await speaking.see(request, session.external_id, chosen)


async def ruby(request: Request) -> Response:
    """Show readings over kanji from now on, or not any more."""
    form = await forms.read(request)
    sessions.of(request).ruby = form.one("ruby") == "yes"
    return leads_to(own_path(form.one("back")))


async def begin(request: Request) -> Response:
    """Make a challenge for this browser's contact, and lead to its page."""
    form = await forms.read(request)
    session = sessions.of(request)
    core = web(request).core
    try:
        session.verified = await _verified(request) if session.signed_in else ""
        asked = BeginVerificationRequest(
            external_id=await speaking.contact(request), request_id=form.request_id
        )
        begun = await speaking.ask(request, core.registration.BeginVerification, asked)
    except CoreError as error:
        wrong = problems(request, error)
        has_app = web(request).settings.authentication_app
        return page(request, "start.html", problems=wrong, has_app=has_app)
    session.challenge = begun.verification.challenge_id
    return leads_to(f"/card/{session.challenge}")


async def card(request: Request) -> Response:
    """Show a challenge only where it was begun: nobody signs by a link that another sent them."""
    card = web(request).card
    spoken = language_of(request)
    if request.path_params["challenge_id"] != sessions.of(request).challenge:
        return card.problem(say(request, "start.other_browser"), 404, spoken)
    return await card.page(request, spoken)


async def waiting(request: Request) -> Response:
    """Look whether the card was tapped meanwhile; the page is opened again until it was."""
    session = sessions.of(request)
    if not session.challenge:
        return leads_to("/me" if session.signed_in else "/")
    over = await _over(request, session.challenge)
    if over in {"", "CHALLENGE_USED"} and await _is_done(request, over):
        session.said = "start.renewed" if session.signed_in else "start.registered"
        session.challenge = ""
        speaking.signed_in(request)
        return speaking.led_on(request)
    if over:
        session.challenge = ""
        return page(request, "start_over.html", why=wording.refusal(over, language_of(request)))
    return page(request, "waiting.html", challenge=session.challenge)


async def _is_done(request: Request, over: str) -> bool:
    """Whether the proof was taken; a challenge is over as well when it failed too often."""
    session = sessions.of(request)
    if session.signed_in:
        return bool(over) and await _verified(request) != session.verified
    asked = GetContactRequest(external_id=session.external_id)
    found = await speaking.ask(request, web(request).core.residents.GetContact, asked)
    return bool(found.contact.registered)


async def _verified(request: Request) -> str:
    held = await record.of(request, speaking.myself(request))
    return held.resident.verify_time.ToJsonString()


async def _over(request: Request, challenge: str) -> str:
    """Name why a challenge can no longer be answered; empty while it can."""
    asked = GetVerificationRequest(challenge_id=challenge)
    try:
        await speaking.ask(request, web(request).core.registration.GetVerification, asked)
    except CoreError as error:
        if error.reason not in NO_LONGER_OPEN:
            raise
        return error.reason
    return ""
