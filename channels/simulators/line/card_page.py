"""The card sheet: the phone asks for the card and the PIN, and says what came of it."""

from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response

from channels.simulators.line import people
from channels.simulators.line.phone_api import hold_card, hold_card_once, platform_of
from channels.simulators.line.phone_page import SANDBOX, templates

AGAIN = {"WRONG_PIN", "NO_ANSWER"}


async def card_sheet(request: Request) -> Response:
    """Show the sheet for the signing request at `request`."""
    platform = platform_of(request)
    person_id = request.path_params["person_id"]
    await platform.store.read(lambda db: people.get(db, person_id))
    return await _sheet(request, request.query_params.get("request", ""))


async def hold(request: Request) -> Response:
    """Take the sheet's form, or the same as JSON from a scripted resident."""
    if request.headers.get("content-type", "").startswith("application/json"):
        return await hold_card(request)
    async with request.form() as form:
        fields = {name: str(value) for name, value in form.items()}
    outcome = await hold_card_once(
        platform_of(request),
        request.path_params["person_id"],
        action_id=fields.get("action_id") or str(uuid4()),
        pin=fields.get("pin", ""),
        request_url=fields.get("request", ""),
        card_id=fields.get("card", ""),
    )
    if outcome.reason in AGAIN:
        return await _sheet(
            request,
            fields.get("request", ""),
            wrong=outcome.message,
            status=422,
            card_id=fields.get("card", ""),
        )
    return templates.TemplateResponse(
        request,
        "card_result.html",
        {"message": outcome.message, "is_done": outcome.status == 200},
        status_code=outcome.status,
        headers=SANDBOX,
    )


async def _sheet(
    request: Request, request_url: str, *, wrong: str = "", status: int = 200, card_id: str = ""
) -> Response:
    found = await platform_of(request).store.read(people.page)
    own = request.path_params["person_id"]
    return templates.TemplateResponse(
        request,
        "card.html",
        {
            "request_url": request_url,
            "action_id": str(uuid4()),
            "wrong": wrong,
            "card_id": card_id,
            "others": [each for each in found if each.card_id and each.id != own],
        },
        status_code=status,
        headers=SANDBOX,
    )
