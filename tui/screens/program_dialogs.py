"""What is asked before a program is laid down, matched, or its residents invited."""

from todoke.v1.applications_pb2 import InviteResidentsRequest
from todoke.v1.eligibility_pb2 import (
    ENTITLED_UNIT_HOUSEHOLD,
    ENTITLED_UNIT_PERSON,
    CreateProgramRequest,
    EntitledUnit,
    Program,
)
from todoke.v1.matching_pb2 import MatchRosterRequest
from todoke.v1.residents_pb2 import (
    ASSURANCE_COUNTER,
    ASSURANCE_DIGITAL_AUTH_APP,
    ASSURANCE_JPKI_SIGNATURE,
    Assurance,
)
from tui import formats
from tui.desk import Desk
from tui.dialogs.ask import Answers, Ask, Field
from tui.numbers import whole_yen

MATCHING_SECONDS = 300.0
PROCEDURE = "confirm_account"
"""The procedure that ships: the resident confirms the account that the city holds."""

PROOFS = (ASSURANCE_COUNTER, ASSURANCE_DIGITAL_AUTH_APP, ASSURANCE_JPKI_SIGNATURE)
"""What a program may ask of its residents at least; nothing is paid on a mere declaration."""


def ask_create(desk: Desk) -> Ask:
    words, core = desk.words, desk.core

    async def create(answers: Answers, request_id: str) -> None:
        request = CreateProgramRequest(
            code=str(answers["code"]),
            title=str(answers["title"]),
            unit=EntitledUnit.Value(str(answers["unit"])),
            amount=whole_yen(answers["amount"]),
            budget=whole_yen(answers["budget"]),
            procedure=str(answers["procedure"]),
            required_assurance=Assurance.Value(str(answers["required_assurance"])),
            request_id=request_id,
        )
        await core.ask(core.eligibility.CreateProgram, request)

    units = [EntitledUnit.Name(u) for u in (ENTITLED_UNIT_HOUSEHOLD, ENTITLED_UNIT_PERSON)]
    fields = (
        Field("code"),
        Field("title"),
        Field("unit", choices=[(words(f"unit.{unit}"), unit) for unit in units]),
        Field(
            "required_assurance",
            choices=[(words(f"assurance.{name}"), name) for name in map(Assurance.Name, PROOFS)],
        ),
        Field("amount"),
        Field("budget"),
        Field("procedure", value=PROCEDURE),
    )
    return Ask(words, "create", create, about=words("ask.create.about"), fields=fields)


def ask_match(desk: Desk, program: Program) -> Ask:
    words, core = desk.words, desk.core

    async def match(_: Answers, request_id: str) -> str:
        request = MatchRosterRequest(program_id=program.program_id, request_id=request_id)
        answer = await core.ask(core.matching.MatchRoster, request, seconds=MATCHING_SECONDS)
        return words(
            "note.matched_text",
            accepted=formats.count(answer.accepted),
            to_review=formats.count(answer.to_review),
            matched=formats.count(answer.counts.matched),
            waiting=formats.count(answer.counts.to_review),
            unmatched=formats.count(answer.counts.unmatched),
            entitled=formats.count(answer.counts.entitled),
        )

    about = words("ask.match.about", title=program.title, rows=formats.count(program.roster.rows))
    return Ask(words, "match", match, about=about)


def ask_invite(desk: Desk, program: Program) -> Ask:
    words, core = desk.words, desk.core

    async def invite(_: Answers, request_id: str) -> str:
        request = InviteResidentsRequest(program_id=program.program_id, request_id=request_id)
        answer = await core.ask(
            core.applications.InviteResidents, request, seconds=MATCHING_SECONDS
        )
        return words(
            "note.invited_text",
            invited=formats.count(answer.invited),
            suppressed=formats.count(answer.suppressed),
            unreachable=formats.count(answer.unreachable),
            without_account=formats.count(answer.without_account),
            assurance_too_low=formats.count(answer.assurance_too_low),
            closed=formats.count(answer.closed),
        )

    about = words(
        "ask.invite.about", title=program.title, matched=formats.count(program.counts.matched)
    )
    return Ask(words, "invite", invite, about=about, grave=True)
