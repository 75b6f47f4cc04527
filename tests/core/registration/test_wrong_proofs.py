"""Proofs that prove nothing: each is refused for what is wrong with it, and counts."""

from datetime import timedelta

import pytest

from core import events
from tests.cards import Cards
from tests.core.registration.test_verification import (
    a_begun,
    complete,
    kinds_about,
    refusal,
    residents_in,
)
from tests.makers import a_challenge, a_contact, an_answer
from tests.town import MUNICIPALITY, Town
from todoke.v1 import registration_pb2 as pb


def forged(cards: Cards, challenge: pb.Verification) -> pb.CompleteVerificationRequest:
    return an_answer(replace_text(challenge, "another text"), cards.issue())


def unreadable(cards: Cards, challenge: pb.Verification) -> pb.CompleteVerificationRequest:
    answer = an_answer(challenge, cards.issue())
    answer.jpki.certificate = b"no certificate"
    return answer


def expired(cards: Cards, challenge: pb.Verification) -> pb.CompleteVerificationRequest:
    return an_answer(challenge, cards.issue(not_after=cards.now - timedelta(days=1)))


def revoked(cards: Cards, challenge: pb.Verification) -> pb.CompleteVerificationRequest:
    card = cards.issue()
    cards.revoke(card)
    return an_answer(challenge, card)


def replace_text(challenge: pb.Verification, text: str) -> pb.Verification:
    return pb.Verification(challenge_id=challenge.challenge_id, consent_text=text)


WRONG = {
    forged: "SIGNATURE_MISMATCH",
    unreadable: "CERTIFICATE_UNREADABLE",
    expired: "CERTIFICATE_EXPIRED",
    revoked: "CERTIFICATE_REVOKED",
}


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.__name__)
async def test_a_wrong_proof_changes_nothing_but_its_count(
    a_town: Town, cards: Cards, wrong
) -> None:
    line = await a_town.channel()
    contact = await a_contact(a_town, line)
    challenge = await a_challenge(line, contact.external_id)

    refused = await refusal(line, wrong(cards, challenge))

    assert refused.reason == WRONG[wrong]
    assert await residents_in(a_town) == 0
    found = await a_town.read(lambda s: events.about(s, MUNICIPALITY, contact.contact_id))
    assert found[-1].kind == "verification.failed"
    assert found[-1].details == {"reason": WRONG[wrong], "failures": "1"}
    assert not (await complete(line, an_answer(challenge, cards.issue()))).renewed


async def test_a_card_of_a_foreign_authority_is_refused(
    a_town: Town, cards: Cards, tmp_path
) -> None:
    line = await a_town.channel()
    challenge = await a_begun(a_town, line)
    foreign = Cards(tmp_path / "foreign")

    refused = await refusal(line, an_answer(challenge, foreign.issue()))

    assert refused.reason == "CERTIFICATE_NOT_TRUSTED"
    assert await residents_in(a_town) == 0


async def test_five_failed_proofs_use_a_challenge_up(a_town: Town, cards: Cards) -> None:
    line = await a_town.channel()
    contact = await a_contact(a_town, line)
    challenge = await a_challenge(line, contact.external_id)

    reasons = [(await refusal(line, forged(cards, challenge))).reason for _ in range(6)]
    after = await refusal(line, an_answer(challenge, cards.issue()))

    assert reasons == ["SIGNATURE_MISMATCH"] * 5 + ["CHALLENGE_USED"]
    assert after.reason == "CHALLENGE_USED"
    assert (await kinds_about(a_town, contact.contact_id)).count("verification.failed") == 5
