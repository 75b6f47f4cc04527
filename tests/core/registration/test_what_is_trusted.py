"""What a proof rests on: authorities, and lists of what was revoked."""

from tests import town
from tests.cards import Cards
from tests.core.registration.test_verification import a_begun, complete, refusal
from tests.makers import an_answer
from todoke.v1 import residents_pb2


async def test_a_core_without_authorities_trusts_no_card(
    sqlite_database: str, tmp_path, cards: Cards
) -> None:
    built = await town.build(sqlite_database, tmp_path)
    try:
        line = await built.channel()
        challenge = await a_begun(built, line)
        refused = await refusal(line, an_answer(challenge, cards.issue()))
    finally:
        await built.close()

    assert refused.reason == "CERTIFICATE_NOT_TRUSTED"
    assert "失効していないことを確かめません" in challenge.consent_text


async def test_a_core_without_revocation_lists_says_so(
    sqlite_database: str, tmp_path, cards: Cards
) -> None:
    believing = {"jpki_authorities": cards.settings["jpki_authorities"]}
    built = await town.build(sqlite_database, tmp_path, **believing)
    try:
        line = await built.channel()
        challenge = await a_begun(built, line)
        answer = await complete(line, an_answer(challenge, cards.issue()))
    finally:
        await built.close()

    assert answer.revocation == residents_pb2.REVOCATION_NOT_CHECKED
