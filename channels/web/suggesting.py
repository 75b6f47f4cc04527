"""Banks, branches and addresses by what somebody types: as a list of buttons, or as they type."""

import unicodedata

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from channels.web import compound, sessions, speaking
from channels.web.forms import Form
from channels.web.pages import web
from todoke.client import CoreError
from todoke.v1 import procedures_pb2 as pb

KINDS = {
    "bank": pb.SUGGESTION_KIND_BANK,
    "branch": pb.SUGGESTION_KIND_BRANCH,
    "address": pb.SUGGESTION_KIND_ADDRESS,
}
MOST = 20

Found = dict[str, list[pb.Suggestion]]
"""What was found, by what was looked for."""


async def suggest(request: Request) -> Response:
    """Complete what is typed, for the script of the page."""
    kind = request.path_params["kind"]
    session = sessions.of(request)
    if kind not in KINDS or not (session.known or session.pages):
        raise HTTPException(404)
    words = request.query_params.get("words", "")
    found = await _ask(request, kind, words, request.query_params.get("bank", ""))
    return JSONResponse([{"value": one.value, "label": one.label} for one in found])


async def _ask(request: Request, kind: str, words: str, bank: str = "") -> list[pb.Suggestion]:
    """Return what words may mean; nothing where they are none, or the bank is unknown."""
    plain = unicodedata.normalize("NFKC", words).strip()[:60]
    asked = pb.SuggestAnswersRequest(kind=KINDS[kind], words=plain, most=MOST)
    if kind == "branch":
        asked.bank = bank if len(bank) == 4 and bank.isdecimal() and bank.isascii() else ""
        if not asked.bank:
            return []
    if not plain:
        return []
    try:
        made = await speaking.ask(request, web(request).core.procedures.SuggestAnswers, asked)
    except CoreError as error:
        if error.reason != "BANK_UNKNOWN":
            raise
        return []
    return list(made.suggestions)


async def look_up(request: Request, form: Form, look: str) -> Found:
    """Look up what the form has words for; what only one thing can be is filled in."""
    found: Found = {}
    if look == "address":
        words = compound.postal_code(form) or form.one("area")
        found["address"] = await _ask(request, "address", words)
        if len(found["address"]) == 1:
            take_address(form, found["address"][0])
    elif look in {"bank", "branch"}:
        words = form.one(f"{look}_words")
        if look == "bank":
            form["branch"], form["branch_words"] = [""], [""]
        found[look] = await _ask(request, look, words, form.one("bank"))
        form[look] = [found[look][0].value if len(found[look]) == 1 else ""]
    return found


def take_address(form: Form, one: pb.Suggestion) -> None:
    """Fill in the town, with its postal code where the core tells it."""
    form["area"] = [one.value]
    if one.postal_code:
        form["postal_code"] = [one.postal_code]


async def settle(request: Request, form: Form) -> Found:
    """Look up banks and branches that were typed and not chosen, before an account is read."""
    found: Found = {}
    if compound.at_post(form):
        return found
    for kind in ("bank", "branch"):
        if form.one(f"{kind}_words") and not form.one(kind):
            found |= await look_up(request, form, kind)
    return found


async def name(request: Request, form: Form) -> None:
    """Put the names of the bank and branch that stand beside their codes."""
    for kind in ("bank", "branch"):
        code = form.one(kind)
        if code and not form.one(f"{kind}_words"):
            found = await _ask(request, kind, code, form.one("bank"))
            labels = [one.label for one in found if one.value == code]
            form[f"{kind}_words"] = labels[:1]
