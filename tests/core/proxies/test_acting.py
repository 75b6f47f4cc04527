"""What a proxy does: is reached, reads and answers for another, and no more than was agreed."""

import pytest

from core import events
from core.callers import Caller, Role
from core.proxies import reaching, speaking
from core.proxies.rules import Scope
from core.residents.rules import ClosingCause, ProxyNotGranted
from tests.cards import Cards, a_holder
from tests.core.access.links import refused
from tests.core.access.links import speaking as me
from tests.core.proxies.people import a_proxy, end, terms
from tests.core.proxies.test_proxies import change, two
from tests.core.test_applications import Case
from tests.makers import (
    Registered,
    a_program,
    a_request_id,
    a_roster,
    a_roster_row,
    import_roster,
    match_and_invite,
)
from tests.notices import notices, prompts
from tests.town import MUNICIPALITY, Town
from todoke.client import Core
from todoke.v1 import applications_pb2 as pb
from todoke.v1 import proxies_pb2, residents_pb2

HOLDER = a_holder()
LINE = Caller(MUNICIPALITY, "line", frozenset({Role.CHANNEL}))
READ, APPLY = proxies_pb2.PROXY_SCOPE_READ, proxies_pb2.PROXY_SCOPE_APPLY


async def lose(a_town: Town, line: Core, resident: Registered) -> None:
    """Let the channel lose the resident's contact, as when it was blocked."""
    request = residents_pb2.SeeContactRequest(
        external_id=resident.external_id,
        state=residents_pb2.CONTACT_STATE_LOST,
        request_id=a_request_id(),
    )
    request.seen_time.FromDatetime(a_town.clock())
    await line.ask(line.residents.SeeContact, request)


async def invited(a_town: Town, line: Core, resident: Registered) -> tuple[Case, int]:
    """Invite the resident to a payment; return the case, and how many were unreachable."""
    clerk = await a_town.staff()
    request = residents_pb2.GetResidentRequest(resident_id=resident.resident_id)
    four = (await clerk.ask(clerk.residents.GetResident, request)).resident.basic_four
    row = a_roster_row(HOLDER, 1, name=four.name, birth_date=four.birth_date, address=four.address)
    program = await a_program(clerk)
    await import_roster(clerk, program.program_id, a_roster(row))
    _, done = await match_and_invite(clerk, program.program_id)
    page = await clerk.ask(clerk.applications.ListApplications, pb.ListApplicationsRequest())
    id = page.applications[0].application_id if page.applications else ""
    return Case(a_town, line, clerk, resident, id), done.unreachable


async def read(case: Case, reader: Registered) -> pb.Turn:
    request = pb.GetPromptRequest(
        external_id=reader.external_id, application_id=case.application_id
    )
    return (await case.line.ask(case.line.applications.GetPrompt, request)).turn


async def answer(case: Case, speaker: Registered) -> pb.Turn:
    return await case.tap("confirmed", external_id=speaker.external_id)


async def test_who_has_no_contact_is_reached_through_their_proxy_who_files_for_them(
    a_town: Town, cards: Cards
) -> None:
    line, mother, daughter = await two(a_town, cards)
    await a_proxy(line, mother, daughter)
    await lose(a_town, line, mother)

    case, unreachable = await invited(a_town, line, mother)
    [(external_id, turn)] = await prompts(a_town)
    closing = (await answer(case, daughter)).closing
    await case.decide("Approve")

    assert unreachable == 0
    assert external_id == daughter.external_id
    assert turn.prompt.on_behalf_of == closing.on_behalf_of == "総社　梅"
    assert closing.state == pb.APPLICATION_STATE_SUBMITTED
    decided = (await notices(a_town))[-1]
    assert (decided.external_id, decided.kind) == (daughter.external_id, "APPROVED")
    assert decided.notice.on_behalf_of == "総社　梅"
    log = await a_town.read(lambda s: events.about(s, MUNICIPALITY, case.application_id))
    filed = next(event for event in log if event.kind == "application.submitted")
    assert filed.on_behalf_of == mother.resident_id
    assert filed.details["proxy"] == daughter.resident_id
    assert filed.actor == "channel:line"


async def test_who_has_a_contact_is_reached_there_and_a_proxy_may_answer_all_the_same(
    a_town: Town, cards: Cards
) -> None:
    line, mother, daughter = await two(a_town, cards)
    await a_proxy(line, mother, daughter)

    case, _ = await invited(a_town, line, mother)
    [(external_id, turn)] = await prompts(a_town)

    assert (external_id, turn.prompt.on_behalf_of) == (mother.external_id, "")
    assert (await read(case, mother)).prompt.on_behalf_of == ""
    assert (await read(case, daughter)).prompt.on_behalf_of == "総社　梅"
    await answer(case, daughter)
    assert (await case.application()).state == pb.APPLICATION_STATE_SUBMITTED


async def test_what_is_returned_comes_to_the_proxy_too(a_town: Town, cards: Cards) -> None:
    line, mother, daughter = await two(a_town, cards)
    await a_proxy(line, mother, daughter)
    case, _ = await invited(a_town, line, mother)
    await answer(case, mother)
    await lose(a_town, line, mother)

    await case.decide("Return", "口座をもう一度ご確認ください")

    external_id, turn = (await prompts(a_town))[-1]
    assert external_id == daughter.external_id
    assert turn.prompt.on_behalf_of == "総社　梅"
    assert turn.prompt.returned_with == "口座をもう一度ご確認ください"


async def test_a_proxy_does_only_what_was_agreed(a_town: Town, cards: Cards) -> None:
    line, mother, daughter = await two(a_town, cards)
    case, _ = await invited(a_town, line, mother)

    before = [await refused(read(case, daughter)), await refused(answer(case, daughter))]
    await a_proxy(line, mother, daughter, terms(READ))
    await read(case, daughter)
    only_read = await refused(answer(case, daughter))
    await a_proxy(line, mother, daughter, terms(APPLY))
    only_apply = await refused(read(case, daughter))
    await answer(case, daughter)

    assert {error.reason for error in (*before, only_read, only_apply)} == {"APPLICATION_UNKNOWN"}


async def test_nobody_answers_for_those_whose_proxy_they_are_not_even_through_another(
    a_town: Town, cards: Cards
) -> None:
    line, mother, daughter = await two(a_town, cards)
    grandmother, _ = (await two(a_town, cards))[1:]
    await a_proxy(line, grandmother, mother)
    await a_proxy(line, mother, daughter)
    case, _ = await invited(a_town, line, grandmother)

    await read(case, mother)
    error = await refused(answer(case, daughter))

    assert error.reason == "APPLICATION_UNKNOWN"


@pytest.mark.parametrize("how", ["ended", "past", "suppressed", "closed", "proxy closed"])
async def test_no_proxy_outlasts_what_was_agreed(a_town: Town, cards: Cards, how: str) -> None:
    line, mother, daughter = await two(a_town, cards)
    proxy = await a_proxy(line, mother, daughter, terms(expire_date="2026-11-30"))
    case, _ = await invited(a_town, line, mother)
    await lose(a_town, line, mother)
    await read(case, daughter)

    if how == "ended":
        await end(line, me(mother.external_id), proxy.proxy_id)
    elif how == "past":
        a_town.clock.pass_by(days=7)
    elif how == "suppressed":
        await change(a_town, mother, suppressed=True)
    elif how == "closed":
        await change(a_town, mother, closing_cause=ClosingCause.DIED)
    else:
        await change(a_town, daughter, closing_cause=ClosingCause.MOVED_OUT)
    now = a_town.clock()
    reached = await a_town.read(lambda s: reaching.reach(s, MUNICIPALITY, mother.resident_id, now))
    errors = [await refused(read(case, daughter)), await refused(answer(case, daughter))]

    assert reached is None
    assert {error.reason for error in errors} == {"APPLICATION_UNKNOWN"}


async def test_a_speaker_speaks_for_themselves_or_for_whom_they_may(
    a_town: Town, cards: Cards
) -> None:
    line, mother, daughter = await two(a_town, cards)
    await a_proxy(line, mother, daughter, terms(READ))

    async def spoken_for(for_resident_id: str, scope: Scope) -> str:
        return await a_town.read(
            lambda s: speaking.speaker(
                s, LINE, external_id=daughter.external_id, for_resident_id=for_resident_id,
                scope=scope, now=a_town.clock(),
            )
        )  # fmt: skip

    assert await spoken_for("", Scope.APPLY) == daughter.resident_id
    assert await spoken_for(daughter.resident_id, Scope.APPLY) == daughter.resident_id
    assert await spoken_for(mother.resident_id, Scope.READ) == mother.resident_id
    with pytest.raises(ProxyNotGranted) as error:
        await spoken_for(mother.resident_id, Scope.APPLY)
    assert error.value.metadata == {"scope": "apply"}
