"""Whether a message is the city's: anybody may ask by its code, and nobody guesses one."""

from datetime import timedelta

from tests.cards import Cards
from tests.core.access.links import refused
from tests.core.messaging.inboxes import let_out, titled
from tests.core.messaging.makers import a_topic, create, people, schedule
from tests.town import Town
from todoke.client import Core
from todoke.v1 import campaigns_pb2 as pb


async def check(core: Core, code: str, external_id: str = "somebody") -> object:
    request = pb.CheckOfficialCodeRequest(code=code, external_id=external_id)
    return await core.ask(core.campaigns.CheckOfficialCode, request)


async def test_anybody_learns_of_a_code_the_title_and_the_day_and_guessing_ends(
    a_town: Town, cards: Cards
) -> None:
    staff, line = await a_town.staff(), await a_town.channel()
    await a_topic(staff)
    await people(a_town, cards)
    plan = await create(staff, titled("{name}様へ"))
    code = plan.official_code
    before = await refused(check(line, code, "early"))
    await schedule(staff, plan)
    await let_out(a_town, line)

    wide = "".join(chr(ord(one) + 0xFEE0) for one in code.lower())
    told = [await check(line, typed) for typed in (code, f" {code[:4]}-{code[4:]} ", wide)]
    for _ in range(10):
        wrong = await refused(check(line, "3333 3333", "guesses"))
    rests = await refused(check(line, code, "guesses"))
    other = await check(line, code, "another")
    a_town.clock.pass_by(hours=2)

    assert before.reason == wrong.reason == "OFFICIAL_CODE_UNKNOWN"
    assert {str(one) for one in told} == {str(other)}
    assert (other.kind, dict(other.title.by_language)) == ("message", {"ja": "様へ"})
    assert other.send_date == (a_town.clock() - timedelta(hours=2)).date().isoformat()
    assert rests.reason == "TOO_MANY_ATTEMPTS"
    assert await check(line, code, "guesses") == other
