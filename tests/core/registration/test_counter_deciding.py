"""What was read at the counter is decided by another person, once, or goes in time."""

import asyncio

from grpc import StatusCode

from core import events
from core.callers import Role
from core.registration import rows as registration
from tests.core.records.makers import traces
from tests.core.registration.test_counter import Desk, facts_in, refusal, two_desks
from tests.core.residents.makers import run_jobs
from tests.town import MUNICIPALITY, Town
from todoke.client import CoreError
from todoke.v1 import registration_pb2 as pb


async def test_nobody_decides_what_they_put_forward(a_town: Town) -> None:
    hara, mori = await two_desks(a_town)
    proposed = await hara.register()

    for confirmed in (True, False):
        refused = await refusal(hara.decide(proposed, confirmed=confirmed))
        assert refused.reason == "SAME_PERSON"
        assert refused.code is StatusCode.PERMISSION_DENIED
    assert (await mori.decide(proposed)).state == pb.REGISTRATION_STATE_CONFIRMED


async def test_a_registration_is_decided_once_and_as_it_was_read(a_town: Town) -> None:
    hara, mori = await two_desks(a_town)
    proposed = await hara.register()

    stale = await refusal(mori.decide(proposed, etag="7"))
    decided = await mori.decide(proposed, request_id="the-same-request")
    again = await mori.decide(proposed, request_id="the-same-request")
    late = await refusal(mori.decide(decided, confirmed=False))
    unknown = await refusal(
        mori.decide(proposed, registration_id="00000000-0000-7000-8000-000000000000")
    )

    assert stale.reason == "CHANGED_MEANWHILE"
    assert again == decided
    assert (late.reason, late.metadata) == ("REGISTRATION_DECIDED", {"state": "confirmed"})
    assert unknown.reason == "REGISTRATION_UNKNOWN"


async def test_of_two_who_decide_at_once_one_does(a_town: Town) -> None:
    hara, mori = await two_desks(a_town)
    abe = Desk(await a_town.staff(Role.COUNTER, name="abe"))
    proposed = await hara.register()

    answers = await asyncio.gather(
        mori.decide(proposed), abe.decide(proposed, confirmed=False), return_exceptions=True
    )

    refused = [one for one in answers if isinstance(one, CoreError)]
    assert [one.reason for one in refused] == ["REGISTRATION_DECIDED"]


async def test_what_is_refused_is_erased(a_town: Town) -> None:
    hara, mori = await two_desks(a_town)
    proposed = await hara.register()

    decided = await mori.decide(proposed, confirmed=False, reason="写真が違う")

    assert decided.state == pb.REGISTRATION_STATE_REFUSED
    assert not decided.HasField("basic_four")
    assert await facts_in(a_town) == []
    row = await a_town.read(
        lambda s: registration.registration(s, MUNICIPALITY, proposed.registration_id)
    )
    assert (row.name, row.birth_date, row.sex, row.address) == (None,) * 4
    log = await a_town.read(lambda s: events.about(s, MUNICIPALITY, proposed.registration_id))
    assert [(one.kind, one.reason) for one in log] == [
        ("registration.proposed", None),
        ("registration.refused", "写真が違う"),
    ]
    assert await a_town.read(lambda s: traces(s, "花子", "総社市中央")) == set()


async def test_what_nobody_decides_goes_after_thirty_days(a_town: Town) -> None:
    hara, _ = await two_desks(a_town)
    proposed = await hara.register()
    a_town.clock.pass_by(days=29)
    kept = await run_jobs(a_town)
    hara = Desk(await a_town.staff(Role.COUNTER))
    shown = await hara.show(proposed.registration_id)
    a_town.clock.pass_by(days=2)

    gone = await run_jobs(a_town)

    assert shown.basic_four.name
    assert "refused" not in kept["retention"]
    assert gone["retention"] == {"refused": 1}
    assert await a_town.read(lambda s: traces(s, "花子", "総社市中央")) == set()
