"""Passkeys: the one thing here that needs the browser's script."""

import json

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from channels import wording
from channels.pages import Problems, leads_to
from channels.web import forms, sessions, signing_in, speaking
from channels.web.pages import language, page, problems, web
from todoke.client import CoreError
from todoke.v1.access_pb2 import (
    PASSKEY_PURPOSE_CREATE,
    PASSKEY_PURPOSE_SIGN_IN,
    BeginPasskeyRequest,
    CompletePasskeyRequest,
    DeletePasskeyRequest,
    ListPasskeysRequest,
)

log = structlog.get_logger()


async def options(request: Request) -> Response:
    """Give the script what the browser needs: to make a passkey, or to sign in by one."""
    await forms.read(request)
    session = sessions.of(request)
    settings = web(request).settings
    asked = BeginPasskeyRequest(
        purpose=PASSKEY_PURPOSE_CREATE if session.signed_in else PASSKEY_PURPOSE_SIGN_IN,
        external_id=session.external_id if session.signed_in else "",
        origin=settings.public_url,
        request_id=forms.new_id(),  # Tried twice it is another try.
    )
    try:
        begun = await speaking.ask(request, web(request).core.access.BeginPasskey, asked)
    except CoreError as error:
        log.info("passkey_refused", code=error.code.name, reason=error.reason)
        words = wording.refusal(error.reason or "TRY_AGAIN", language(request))
        return JSONResponse({"message": words}, 422 if error.reason else 503)
    given = {"challenge_id": begun.challenge_id, "options": json.loads(begun.options_json)}
    return JSONResponse(given)


async def sign_in(request: Request) -> Response:
    form = await forms.read(request)
    try:
        done = await speaking.ask(
            request, web(request).core.access.CompletePasskey, _completed(form, "")
        )
    except CoreError as error:
        return await signing_in.show(request, problems(request, error))
    session = sessions.of(request)
    session.external_id = done.contact.external_id
    session.known = session.has_passkey = True
    session.said = "sign_in.done"
    speaking.signed_in(request)
    return speaking.led_on(request)


@speaking.for_oneself
async def show(request: Request, wrong: Problems | None = None) -> Response:
    external_id = sessions.of(request).external_id
    asked = ListPasskeysRequest(external_id=external_id)
    found = await speaking.ask(request, web(request).core.access.ListPasskeys, asked)
    return page(request, "passkeys.html", problems=wrong or {}, passkeys=found.passkeys)


@speaking.for_oneself
async def make(request: Request) -> Response:
    form = await forms.read(request)
    completed = _completed(form, form.one("label")[:50])
    try:
        await speaking.ask(request, web(request).core.access.CompletePasskey, completed)
    except CoreError as error:
        return await show(request, problems(request, error))
    session = sessions.of(request)
    session.has_passkey = True
    session.said = "passkeys.made"
    return leads_to("/me/passkeys")


@speaking.for_oneself
async def delete(request: Request) -> Response:
    form = await forms.read(request)
    asked = DeletePasskeyRequest(
        external_id=sessions.of(request).external_id,
        passkey_id=form.one("passkey_id"),
        request_id=form.request_id,
    )
    try:
        await speaking.ask(request, web(request).core.access.DeletePasskey, asked)
    except CoreError as error:
        return await show(request, problems(request, error))
    sessions.of(request).said = "passkeys.deleted"
    return leads_to("/me/passkeys")


def _completed(form: forms.Form, label: str) -> CompletePasskeyRequest:
    return CompletePasskeyRequest(
        challenge_id=form.one("challenge_id"),
        credential_json=form.one("credential_json"),
        request_id=form.request_id,
        label=label,
    )
