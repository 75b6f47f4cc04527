"""A challenge: whose it is, good for one signature, and forgotten in time."""

import asyncio

import pytest

from core.registration import rows as registration
from tests.cards import Cards
from tests.core.registration.test_verification import a_begun, complete, refusal, residents_in
from tests.makers import a_challenge, an_answer
from tests.town import Town
from todoke.client import CoreError
from todoke.v1 import registration_pb2 as pb


async def test_a_challenge_is_shown_again_to_the_channel_that_began_it(a_town: Town) -> None:
    line, web = await a_town.channel("line"), await a_town.channel("web")
    challenge = await a_begun(a_town, line)
    request = pb.GetVerificationRequest(challenge_id=challenge.challenge_id)

    shown = await line.ask(line.registration.GetVerification, request)
    with pytest.raises(CoreError) as unknown:
        await web.ask(web.registration.GetVerification, request)

    assert shown.verification == challenge
    assert "総社市" in challenge.consent_text
    assert challenge.challenge_id not in challenge.consent_text
    assert unknown.value.reason == "CHALLENGE_UNKNOWN"


async def test_a_challenge_of_another_channel_is_unknown(a_town: Town, cards: Cards) -> None:
    line, web = await a_town.channel("line"), await a_town.channel("web")
    challenge = await a_begun(a_town, line)

    unknown = await refusal(web, an_answer(challenge, cards.issue()))

    assert unknown.reason == "CHALLENGE_UNKNOWN"
    assert await residents_in(a_town) == 0


async def test_a_contact_that_was_never_seen_begins_nothing(a_town: Town) -> None:
    line = await a_town.channel()

    with pytest.raises(CoreError) as unknown:
        await a_challenge(line, "Unobody")

    assert unknown.value.reason == "CONTACT_UNKNOWN"


async def test_a_challenge_is_good_for_one_signature(a_town: Town, cards: Cards) -> None:
    line, card = await a_town.channel(), cards.issue()
    challenge = await a_begun(a_town, line)
    await complete(line, an_answer(challenge, card))

    used = await refusal(line, an_answer(challenge, card))
    with pytest.raises(CoreError) as shown:
        await line.ask(
            line.registration.GetVerification,
            pb.GetVerificationRequest(challenge_id=challenge.challenge_id),
        )

    assert used.reason == shown.value.reason == "CHALLENGE_USED"


async def test_a_signature_that_comes_twice_at_once_registers_once(
    a_town: Town, cards: Cards
) -> None:
    line, card = await a_town.channel(), cards.issue()
    challenge = await a_begun(a_town, line)
    answers = [an_answer(challenge, card) for _ in range(5)]

    outcomes = await asyncio.gather(
        *(complete(line, answer) for answer in answers), return_exceptions=True
    )

    assert sum(isinstance(one, pb.CompleteVerificationResponse) for one in outcomes) == 1
    assert {one.reason for one in outcomes if isinstance(one, CoreError)} == {"CHALLENGE_USED"}


async def test_a_repeated_answer_is_answered_as_before(a_town: Town, cards: Cards) -> None:
    line, card = await a_town.channel(), cards.issue()
    challenge = await a_begun(a_town, line)
    answer = an_answer(challenge, card)

    first = await complete(line, answer)
    cards.revoke(card)
    second = await complete(line, answer)
    answer.jpki.signature = b"another"

    assert second == first
    assert (await refusal(line, answer)).reason == "REQUEST_ID_REUSED"


async def test_a_late_answer_is_told_that_it_is_late(a_town: Town, cards: Cards) -> None:
    line = await a_town.channel()
    challenge = await a_begun(a_town, line)
    a_town.clock.pass_by(minutes=15)

    late = await refusal(line, an_answer(challenge, cards.issue()))

    assert late.reason == "CHALLENGE_EXPIRED"
    assert late.metadata == {"expireTime": "2026-11-24T01:15:00+00:00"}


async def test_ended_challenges_are_forgotten_after_a_day(a_town: Town, cards: Cards) -> None:
    line = await a_town.channel()
    ended = await a_begun(a_town, line)
    a_town.clock.pass_by(days=1, minutes=16)
    fresh = await a_begun(a_town, line)

    await a_town.running.db.write(lambda s: registration.forget_challenges(s, a_town.clock()))

    assert (await refusal(line, an_answer(ended, cards.issue()))).reason == "CHALLENGE_UNKNOWN"
    assert not (await complete(line, an_answer(fresh, cards.issue()))).renewed
