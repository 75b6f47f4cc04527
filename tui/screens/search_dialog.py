"""What is asked before residents are listed: anything that is known of them."""

from dataclasses import dataclass

from todoke.v1.residents_pb2 import SearchResidentsRequest, SearchResidentsResponse
from tui.dates import Mistyped, read_date
from tui.desk import Desk
from tui.dialogs.ask import Answers, Ask, Field

SHOWN = 100
"""Residents of a page: fewer than elsewhere, since each who is shown is in the audit log."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was looked for, and the first page of what was found."""

    question: SearchResidentsRequest
    answer: SearchResidentsResponse


def ask_find(desk: Desk, before: SearchResidentsRequest) -> Ask:
    """Ask for what is known; `before` is what was looked for last."""
    words, core = desk.words, desk.core

    async def find(answers: Answers, _: str) -> Found:
        request = SearchResidentsRequest(
            name=str(answers["name"]),
            birth_date=read_date(words, answers["birth_date"], "birth_date"),
            reference=str(answers["reference"]),
            external_id=str(answers["external_id"]),
            page_size=SHOWN,
        )
        if not (request.name or request.birth_date or request.reference or request.external_id):
            raise Mistyped("search")
        return Found(request, await core.ask(core.residents.SearchResidents, request))

    fields = (
        Field(
            "name", before.name, label="field.resident_name", hint="hint.resident_name", limit=100
        ),
        Field("birth_date", before.birth_date),
        Field("reference", before.reference, limit=20),
        Field("external_id", before.external_id, limit=128),
    )
    return Ask(words, "find", find, about=words("ask.find.about"), fields=fields)
