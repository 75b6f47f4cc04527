"""A program's terms come in versions, and rule what is invited, filed, decided and paid."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import events
from core.callers import Role
from core.eligibility.convert import terms_from_pb, terms_to_pb
from core.eligibility.rows import Program
from core.eligibility.rules import Unit
from core.ids import new_id
from core.residents.rules import Assurance
from tests.cards import Cards
from tests.core.eligibility.makers import (
    a_program,
    the_program,
)
from tests.core.eligibility.test_terms import BANDS, days, rules, some_terms
from tests.core.test_applications import Case, a_case
from tests.examples import examples
from tests.makers import a_request_id
from tests.town import MUNICIPALITY, Town, on_sqlite
from todoke.client import Core, CoreError
from todoke.v1 import applications_pb2, residents_pb2
from todoke.v1 import eligibility_pb2 as pb
from todoke.v1 import payments_pb2 as payments

TODAY = "2026-11-24"


def a_range(begin: str, end: str) -> pb.DateRange:
    return pb.DateRange(begin_date=begin, end_date=end)


def changed(program: pb.Program, **changes) -> pb.ProgramTerms:
    """Return a program's terms with some of them otherwise."""
    terms = pb.ProgramTerms()
    terms.CopyFrom(program.terms)
    for name, value in changes.items():
        field = terms.DESCRIPTOR.fields_by_name[name]
        terms.ClearField(name)
        if field.is_repeated:
            getattr(terms, name).extend(value)
        elif field.message_type:
            getattr(terms, name).CopyFrom(value)
        else:
            setattr(terms, name, value)
    return terms


async def revise(staff: Core, program: pb.Program, **changes) -> pb.ReviseProgramResponse:
    request = pb.ReviseProgramRequest(
        program_id=program.program_id, terms=changed(program, **changes), reason="議決",
        etag=program.etag, request_id=a_request_id(),
    )  # fmt: skip
    return await staff.ask(staff.eligibility.ReviseProgram, request)


async def close(staff: Core, program: pb.Program) -> pb.Program:
    request = pb.CloseProgramRequest(
        program_id=program.program_id, reason="予算の終わり", etag=program.etag,
        request_id=a_request_id(),
    )  # fmt: skip
    return (await staff.ask(staff.eligibility.CloseProgram, request)).program


async def versions(staff: Core, program: pb.Program, **changes) -> pb.ListProgramVersionsResponse:
    request = pb.ListProgramVersionsRequest(program_id=program.program_id, **changes)
    return await staff.ask(staff.eligibility.ListProgramVersions, request)


async def the_only_program(staff: Core) -> pb.Program:
    (program,) = (
        await staff.ask(staff.eligibility.ListPrograms, pb.ListProgramsRequest())
    ).programs
    return program


async def reason_of(call) -> str:
    with pytest.raises(CoreError) as refused:
        await call
    return refused.value.reason


async def test_a_program_begins_with_terms_made_of_its_simple_values(a_town: Town) -> None:
    staff = await a_town.staff(Role.ELIGIBILITY, name="mori")

    program = await a_program(staff)
    (first,) = (await versions(staff, program)).versions

    assert program.version == 1
    assert program.terms == first.terms
    assert first.terms == pb.ProgramTerms(
        effective_date=TODAY,
        amount=pb.AmountRule(from_roster=pb.RosterAmount(most=70_000)),
        budget=500_000_000_000,
        filing=a_range(TODAY, "9999-12-31"),
        required_assurance=residents_pb2.ASSURANCE_COUNTER,
        rails=[payments.PAYOUT_RAIL_BANK_TRANSFER],
        title=program.terms.title,
        description=program.terms.title,
        approvals=1,
    )
    assert program.terms.title.by_language == {"ja": "住民税非課税世帯への給付金"}
    assert (first.version, first.author) == (1, "mori")


async def test_new_terms_hold_from_their_day_on_and_are_told_in_the_log(a_town: Town) -> None:
    staff = await a_town.staff(Role.ELIGIBILITY, name="mori")
    program = await a_program(staff)

    revised = await revise(
        staff, program, effective_date="2026-12-01", budget=1_000,
        amount=pb.AmountRule(fixed=pb.FixedAmount(amount=30_000)),
    )  # fmt: skip
    today = await the_program(staff, program)
    a_town.clock.pass_by(days=6, hours=14)
    staff = await a_town.staff(Role.ELIGIBILITY)
    from_then = await the_program(staff, program)
    listed = await versions(staff, program, page_size=1)
    rest = await versions(staff, program, page_token=listed.next_page_token)

    assert revised.version.version == 2
    assert (today.version, today.amount, today.budget) == (1, 70_000, 500_000_000_000)
    assert (from_then.version, from_then.amount, from_then.budget) == (2, 30_000, 1_000)
    assert [one.version for one in (*listed.versions, *rest.versions)] == [2, 1]
    logged = await a_town.read(lambda s: events.about(s, MUNICIPALITY, program.program_id))
    assert [event.kind for event in logged] == ["program.created", "program.revised"]
    assert '"fixed": {"amount": "30000"}' in logged[1].details["after"]
    assert '"fromRoster": {"most": "70000"}' in logged[1].details["before"]
    assert logged[1].reason == "議決"


@on_sqlite
async def test_terms_that_do_not_fit_are_refused_and_leave_nothing(a_town: Town) -> None:
    staff = await a_town.staff(Role.ELIGIBILITY)
    program = await a_program(staff)
    later = (await revise(staff, program, effective_date="2026-12-01")).program
    wrong = [
        {"effective_date": "2026-11-23"},
        {"effective_date": "2026-11-30"},
        {"effective_date": "2026-12-01", "filing": a_range("2027-02-01", "2027-01-01")},
        {"effective_date": "2026-12-01", "filing": a_range("2027-02-30", "2027-03-01")},
    ]

    reasons = [await reason_of(revise(staff, later, **changes)) for changes in wrong]

    assert reasons == ["PROGRAM_DATES_REFUSED"] * len(wrong)
    assert await reason_of(revise(staff, program)) == "CHANGED_MEANWHILE"
    assert len((await versions(staff, program)).versions) == 2


@on_sqlite
async def test_a_program_may_begin_with_terms_that_its_simple_values_agree_with(
    a_town: Town,
) -> None:
    staff = await a_town.staff(Role.ELIGIBILITY)
    simple = await a_program(staff)
    terms = changed(
        simple, approvals=2, amount=pb.AmountRule(per_head=pb.PerHeadAmount(amount=1, most=70_000))
    )

    whole = await a_program(staff, code="whole", terms=terms)

    assert whole.terms == terms
    terms.budget = 1
    assert await reason_of(a_program(staff, code="other", terms=terms)) == "FIELD_INVALID"


async def test_a_program_from_before_there_were_versions_has_its_first_one(a_town: Town) -> None:
    staff = await a_town.staff(Role.ELIGIBILITY)
    program_id = new_id()
    old = Program(
        municipality=MUNICIPALITY, id=program_id, code="old", title="古い給付", unit=Unit.PERSON,
        amount=5_000, budget=10_000, procedure_key="confirm_account",
        required_assurance=Assurance.JPKI_SIGNATURE, create_time=a_town.clock(),
    )  # fmt: skip
    await a_town.running.db.write(lambda s: s.add(old))
    program = await the_program(staff, pb.Program(program_id=program_id))

    revised = await revise(staff, program, budget=20_000)

    assert (program.version, program.amount, program.budget) == (1, 5_000, 10_000)
    assert program.required_assurance == residents_pb2.ASSURANCE_JPKI_SIGNATURE
    assert (revised.program.version, revised.program.budget) == (2, 20_000)
    listed = (await versions(staff, program)).versions
    assert [one.terms.budget for one in listed] == [20_000, 10_000]


@on_sqlite
async def test_a_title_is_told_in_the_residents_language(a_town: Town, cards: Cards) -> None:
    case: Case = await a_case(a_town, cards, language="en")
    program = await the_only_program(case.clerk)
    title = changed(program).title
    title.by_language["en"] = "Relief for rising prices"
    await revise(case.clerk, program, title=title)

    request = applications_pb2.GetPromptRequest(
        external_id=case.resident.external_id, application_id=case.application_id
    )
    told = await case.line.ask(case.line.applications.GetPrompt, request)

    assert "Relief for rising prices" in str(told)
    assert (await case.application()).program_title == program.title


@examples(50)
@given(rules(), days, days, st.booleans(), st.integers(1, 3))
def test_terms_are_kept_as_protobuf_writes_them(rule, begin, end, eyes, approvals) -> None:
    terms = some_terms(
        amount=rule, effective_date=begin, filing=type(some_terms().filing)(begin, end),
        freezes=(type(some_terms().filing)(begin, end),), second_eyes=eyes, approvals=approvals,
        deciders=("abe",),
    )  # fmt: skip

    assert terms_from_pb(terms_to_pb(terms)) == terms


def test_ages_are_kept_from_nought_on() -> None:
    assert terms_from_pb(terms_to_pb(some_terms(amount=BANDS))).amount == BANDS
    assert terms_to_pb(some_terms()).effective_date == date(2026, 11, 24).isoformat()
