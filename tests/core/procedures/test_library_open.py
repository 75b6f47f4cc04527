"""What ships and pays, offered to everybody: filed by each way, decided, paid once, not again."""

import pytest

from core.callers import Role
from core.procedures.loading import shipped
from tests.cards import Cards, a_holder
from tests.core.access.links import refused
from tests.core.applications.desk import a_reviewer
from tests.core.applications.talks import Talk, turn_id
from tests.core.applications.test_entering import enter
from tests.core.applications.test_paying import paid
from tests.core.payments.batches import set_originator
from tests.core.procedures.test_library_filed import Hall, in_the_chat, on_the_web
from tests.library import filed, scripts
from tests.makers import a_program, a_resident
from tests.town import Town, on_sqlite
from todoke.v1 import applications_pb2 as pb

STAFF = set(Role) - {Role.CHANNEL}
OPEN = {"helmet_subsidy": 2_000, "childbirth_benefit": 250_000}
"""The most that one gets, which is what the program gives."""


@on_sqlite
@pytest.mark.parametrize("key", sorted(OPEN))
async def test_what_ships_is_filed_by_anybody_and_paid_once(
    a_town: Town, cards: Cards, key: str
) -> None:
    script = scripts(a_town.clock().date())[key]
    reviewer = await a_reviewer(a_town, "clerk", *STAFF)
    second = await a_reviewer(a_town, "second")
    await set_originator(reviewer.core)
    program = await a_program(
        reviewer.core, code="open-2026", procedure=key, amount=OPEN[key], open_to_all=True
    )
    line, web = [await a_town.channel(name) for name in ("line", "web")]
    people = [await a_resident(a_town, one, cards.issue(a_holder())) for one in (line, web, web)]
    in_line, on_web = Talk(line, people[0].external_id), Talk(web, people[1].external_id)
    hall = Hall(a_town, key, script, reviewer.core, in_line, on_web, program.program_id)

    (offered,) = await in_line.offered()
    ids = [await in_the_chat(hall), await on_the_web(hall)]
    answers = [(one.step, dict(one.given) or {"skipped": True}) for one in script.answers]
    entered = await enter(
        reviewer.core, *answers, program_id=program.program_id, resident_id=people[2].resident_id
    )
    ids.append(entered.application.application_id)
    shown = [await filed(a_town, key, id) for id in ids]
    checklist = [item.key for item in shipped()[key].procedure.checklist]
    unticked = await refused(reviewer.do("ApproveApplication", ids[0]))
    for id in ids:
        await second.do("TickChecklist", id, checked=checklist)
        await second.do("ApproveApplication", id)
    lines = await paid(reviewer.core, program.program_id)
    again = [turn_id(await talk.begin(program_id=program.program_id)) for talk in (in_line, on_web)]
    nothing_more = await refused(paid(reviewer.core, program.program_id))

    assert offered.program_id == program.program_id
    assert unticked.reason == "CHECKLIST_INCOMPLETE"
    assert shown[1:] == shown[:1] * 2
    assert [one.amount for one in lines] == [script.amount] * 3
    assert again == ids[:2]
    assert nothing_more.reason == "NOTHING_TO_PAY"
    assert {(await reviewer.get(id)).state for id in ids} == {pb.APPLICATION_STATE_IN_PAYMENT}
