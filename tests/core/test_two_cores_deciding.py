"""Two core processes of one city hall: what they number has no gap, what they name is in force."""

from collections.abc import AsyncIterator
from functools import partial

import pytest
from sqlalchemy import select

from core.applications.desk_rows import DecisionNotice
from core.callers import Caller, Role
from core.eligibility import naming, program_actions
from core.eligibility.rules import Unit
from core.procedures import actions as procedures
from core.procedures.catalogue import Catalogue
from core.procedures.loading import shipped
from tests.cards import Cards
from tests.core.applications.desk import Reviewer, a_reviewer
from tests.core.applications.many import filed
from tests.core.test_two_cores import after, at_once, held_open
from tests.makers import a_program, a_request_id
from tests.town import MUNICIPALITY, Town, start
from todoke.client import CoreError
from todoke.v1 import applications_pb2 as pb
from todoke.v1 import procedures_pb2

CLERK = Caller(MUNICIPALITY, "mori", frozenset({Role.ELIGIBILITY}), "mori")
KEY = "confirm_account"


@pytest.fixture
async def other(a_town: Town) -> AsyncIterator[Town]:
    """Another core process over the town's database."""
    started = await start(a_town.settings)
    started.clock.now = a_town.clock.now
    yield started
    await started.close()


async def test_notices_that_two_cores_issue_at_once_are_numbered_without_a_gap(
    a_town: Town, other: Town, cards: Cards
) -> None:
    clerk, sato = await a_town.staff(Role.ELIGIBILITY), await a_reviewer(a_town, "sato")
    suzuki = await a_reviewer(other, "suzuki")
    await filed(a_town, clerk, 24)
    ids = await sato.listed(states=[pb.APPLICATION_STATE_SUBMITTED])
    both: list[Reviewer] = [sato, suzuki]
    asked = [both[at % 2].do("ApproveApplication", id, etag="1") for at, id in enumerate(ids)]
    twice = [suzuki.do("ApproveApplication", id, etag="1") for id in ids[:6]]
    refusals = await at_once(*asked, *twice)
    numbers = await other.read(
        lambda s: list(s.scalars(select(DecisionNotice.number).order_by(DecisionNotice.number)))
    )

    assert numbers == list(range(1, 25))
    assert len([reason for reason in refusals if reason]) == 6
    assert {reason for reason in refusals if reason} == {"CHANGED_MEANWHILE"}


async def test_a_program_does_not_name_a_procedure_that_is_being_retired(
    a_town: Town, other: Town
) -> None:
    clerk = await other.staff(Role.ELIGIBILITY)
    retire = partial(
        procedures.retire, by=CLERK, key=KEY, reason="使わない", naming=naming.open_program,
        known=Catalogue(shipped()), now=a_town.clock(),
    )  # fmt: skip
    async with held_open(a_town, retire):
        naming_it = await after(a_program(clerk, procedure=KEY))
    with pytest.raises(CoreError) as refused:
        await naming_it

    assert refused.value.reason == "PROCEDURE_UNKNOWN"


async def test_a_procedure_is_not_retired_while_a_program_is_naming_it(
    a_town: Town, other: Town
) -> None:
    clerk = await other.staff(Role.ELIGIBILITY, Role.PROCEDURE_AUTHOR)
    catalogue = Catalogue(shipped())

    def lay_down(session) -> None:
        catalogue.to_be_named(session, MUNICIPALITY, KEY, a_town.clock())
        asked = program_actions.NewProgram(
            code="relief", title="給付金", unit=Unit.PERSON, amount=10_000, budget=100_000,
            procedure_key=KEY, required_assurance=None, first=None, open_to_all=False,
        )  # fmt: skip
        program_actions.create(session, CLERK, asked, a_town.clock())

    request = procedures_pb2.RetireProcedureRequest(
        key=KEY, reason="使わない", request_id=a_request_id()
    )
    async with held_open(a_town, lay_down):
        retiring = await after(clerk.ask(clerk.procedures.RetireProcedure, request))
    with pytest.raises(CoreError) as refused:
        await retiring

    assert refused.value.reason == "PROCEDURE_IN_USE"
