"""What is asked before a program is laid down, matched, or its residents invited."""

from datetime import datetime
from typing import Any

from todoke.v1.applications_pb2 import InviteResidentsRequest
from todoke.v1.eligibility_pb2 import (
    ENTITLED_UNIT_HOUSEHOLD,
    ENTITLED_UNIT_PERSON,
    CloseProgramRequest,
    CreateProgramRequest,
    EntitledUnit,
    Program,
    ProgramTerms,
    ReviseProgramRequest,
)
from todoke.v1.matching_pb2 import MatchRosterRequest
from todoke.v1.payments_pb2 import PAYOUT_RAIL_BANK_TRANSFER
from todoke.v1.procedures_pb2 import PROCEDURE_AUDIENCE_REGISTERED, ListProceduresRequest
from todoke.v1.residents_pb2 import (
    ASSURANCE_COUNTER,
    ASSURANCE_DIGITAL_AUTH_APP,
    ASSURANCE_JPKI_SIGNATURE,
    Assurance,
)
from tui import formats
from tui.desk import Desk
from tui.dialogs.ask import Answers, Ask, Field
from tui.screens.program_terms import RAILS, RULES, most_of, terms_of, values_of
from tui.wording import Words

MATCHING_SECONDS = 300.0
PROCEDURE = "confirm_account"
"""The procedure that ships: the resident confirms the account that the city holds."""

APPROVALS = (1, 2, 3)
PROOFS = (ASSURANCE_COUNTER, ASSURANCE_DIGITAL_AUTH_APP, ASSURANCE_JPKI_SIGNATURE)
"""What a program may ask of its residents at least; nothing is paid on a mere declaration."""


async def ask_create(desk: Desk) -> Ask:
    """Ask for all of a program, its procedure from a list. Raises CoreError."""
    words, core = desk.words, desk.core
    listed = await core.ask(core.procedures.ListProcedures, ListProceduresRequest())
    procedures = [
        (words("procedure_choice", title=one.title.by_language["ja"], procedure=one.key), one.key)
        for one in listed.procedures
        if one.decided and one.audience == PROCEDURE_AUDIENCE_REGISTERED
    ]
    keys = [key for _, key in procedures]
    chosen = PROCEDURE if PROCEDURE in keys or not keys else keys[0]

    async def create(answers: Answers, request_id: str) -> None:
        terms = terms_of(words, answers, ProgramTerms())
        request = CreateProgramRequest(
            code=str(answers["code"]),
            title=str(answers["title"]),
            unit=EntitledUnit.Value(str(answers["unit"])),
            amount=most_of(terms.amount),
            budget=terms.budget,
            procedure=str(answers["procedure"]),
            open_to_all=bool(answers["open_to_all"]),
            required_assurance=terms.required_assurance,
            request_id=request_id,
            terms=terms,
        )
        await core.ask(core.eligibility.CreateProgram, request)

    units = [EntitledUnit.Name(u) for u in (ENTITLED_UNIT_HOUSEHOLD, ENTITLED_UNIT_PERSON)]
    today = datetime.now(formats.TOKYO).date()
    first = ProgramTerms(
        effective_date=today.isoformat(),
        required_assurance=PROOFS[0],
        rails=[PAYOUT_RAIL_BANK_TRANSFER],
    )
    first.filing.begin_date = today.isoformat()
    fields = (
        Field("code", section="section.basics"),
        Field("unit", choices=[(words(f"unit.{unit}"), unit) for unit in units]),
        Field("procedure", chosen, procedures),
        Field("open_to_all", value=False),
        *_terms_fields(words, first),
    )
    return Ask(words, "create", create, about=words("ask.create.about"), fields=fields)


def ask_revise(desk: Desk, program: Program) -> Ask:
    words, core = desk.words, desk.core

    async def revise(answers: Answers, request_id: str) -> None:
        request = ReviseProgramRequest(
            program_id=program.program_id,
            terms=terms_of(words, answers, program.terms),
            reason=str(answers["reason"]),
            etag=program.etag,
            request_id=request_id,
        )
        await core.ask(core.eligibility.ReviseProgram, request)

    terms = ProgramTerms()
    terms.CopyFrom(program.terms)
    terms.effective_date = datetime.now(formats.TOKYO).date().isoformat()
    fields = (*_terms_fields(words, terms), Field("reason", section="section.why"))
    about = words("ask.revise.about", title=program.title, version=program.version)
    return Ask(words, "revise", revise, about=about, fields=fields)


def ask_close(desk: Desk, program: Program) -> Ask:
    words, core = desk.words, desk.core

    async def close(answers: Answers, request_id: str) -> None:
        request = CloseProgramRequest(
            program_id=program.program_id,
            reason=str(answers["reason"]),
            etag=program.etag,
            request_id=request_id,
        )
        await core.ask(core.eligibility.CloseProgram, request)

    running = sum(
        program.counts.applications.get(state, 0)
        for state in ("invited", "started", "submitted", "returned")
    )
    about = words("ask.close_program.about", title=program.title, running=formats.count(running))
    return Ask(words, "close_program", close, about=about, fields=(Field("reason"),), grave=True)


def _terms_fields(words: Words, terms: ProgramTerms) -> tuple[Field, ...]:
    """Lay the terms out in sections, filled with those that are given."""
    values = values_of(terms)

    def field(name: str, section: str = "", **how: Any) -> Field:
        section = f"section.{section}" if section else ""
        return Field(name, value=values[name], section=section, **how)

    rules = [(words(f"amount_rule.{rule}"), rule) for rule in RULES]
    proofs = [(words(f"assurance.{name}"), name) for name in map(Assurance.Name, PROOFS)]
    return (
        field("title", "texts"),
        field("title_en"),
        field("description"),
        field("description_en"),
        field("rule", "amount", choices=rules),
        field("amount", only=("rule", frozenset({"fixed", "per_head"}))),
        field("most", only=("rule", frozenset({"per_head", "from_roster"}))),
        field("age_date", only=("rule", frozenset({"by_age"}))),
        field("bands", only=("rule", frozenset({"by_age"}))),
        field("budget"),
        field("effective_date", "dates"),
        field("begin_date"),
        field("end_date"),
        field("freezes"),
        field("required_assurance", "paying", choices=proofs),
        *(field(rail, label=f"rail.{rail}", part="rails") for rail in RAILS),
        field("approvals", "deciding", choices=[(str(n), str(n)) for n in APPROVALS]),
        field("second_eyes"),
        field("deciders"),
    )


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
            on_the_web=formats.count(answer.on_the_web),
            suppressed=formats.count(answer.suppressed),
            unreachable=formats.count(answer.unreachable),
            without_account=formats.count(answer.without_account),
            assurance_too_low=formats.count(answer.assurance_too_low),
            closed=formats.count(answer.closed),
            declined=formats.count(answer.declined),
        )

    about = words(
        "ask.invite.about", title=program.title, matched=formats.count(program.counts.matched)
    )
    return Ask(words, "invite", invite, about=about, grave=True)
