"""Whether a resident, or whom they act for, is entitled: a page of programs, and one for each."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from channels import wording
from channels.web import speaking
from channels.web.pages import language, page, web
from todoke.v1.ledger_pb2 import (
    ExplainEligibilityRequest,
    ListOpenProgramsRequest,
    OpenProgram,
)
from todoke.v1.procedures_pb2 import Text


@speaking.for_residents
async def show(request: Request) -> Response:
    spoken = language(request)
    titles = {one.program_id: _said(one.title, spoken) for one in await _open(request)}
    return page(request, "eligible.html", titles=titles, words_of=_words(spoken))


@speaking.for_residents
async def explain(request: Request) -> Response:
    """Show the answer; of a program that has closed no name is known any more."""
    spoken, id = language(request), str(request.path_params["program_id"])
    program = next((one for one in await _open(request) if one.program_id == id), None)
    if program is None:
        raise HTTPException(404)
    asked = ExplainEligibilityRequest(resident=speaking.shown(request), program_id=id)
    told = await speaking.ask(request, web(request).core.ledger.ExplainEligibility, asked)
    return page(
        request,
        "eligible_for.html",
        title=_said(program.title, spoken),
        description=_said(program.description, spoken),
        lines=wording.explanation(told.explanation, spoken),
    )


async def _open(request: Request) -> list[OpenProgram]:
    core = web(request).core
    found = await speaking.ask(request, core.ledger.ListOpenPrograms, ListOpenProgramsRequest())
    return list(found.programs)


def _said(text: Text, spoken: str) -> str:
    return wording.text_in(text.by_language, spoken)


def _words(spoken: str) -> dict[str, str]:
    return {name: wording.say("eligible", name, spoken) for name in ("title", "lead", "none")}
