"""Two people with one phone: the second signs there, and the first becomes their proxy."""

from dataclasses import replace

from sqlalchemy import select

from core.registration.rows import Challenge
from core.residents.rows import Resident
from core.residents.rules import ClosingCause
from tests.cards import Card, Cards, a_holder
from tests.core.access.links import joined, refused, speaking
from tests.core.proxies.people import listed, terms
from tests.core.proxies.test_proxies import change
from tests.makers import Registered, a_contact, a_request_id, a_resident, an_answer, resident_of
from tests.notices import notices
from tests.town import Town
from todoke.client import Core
from todoke.v1 import proxies_pb2, residents_pb2
from todoke.v1 import registration_pb2 as pb

AGREED = terms(proxies_pb2.PROXY_SCOPE_READ, proxies_pb2.PROXY_SCOPE_APPLY)


async def a_shared_challenge(
    line: Core, external_id: str, agreed: proxies_pb2.ProxyTerms = AGREED
) -> pb.Verification:
    request = pb.BeginVerificationRequest(
        external_id=external_id, proxy=agreed, request_id=a_request_id()
    )
    return (await line.ask(line.registration.BeginVerification, request)).verification


async def sign(line: Core, challenge: pb.Verification, card: Card):
    return await line.ask(line.registration.CompleteVerification, an_answer(challenge, card))


async def a_wife(a_town: Town, cards: Cards) -> tuple[Core, Registered, Card]:
    line = await a_town.channel()
    card = cards.issue(a_holder(name="総社　桜"))
    return line, await a_resident(a_town, line, card), card


async def test_one_signature_registers_the_holder_and_makes_the_phones_resident_their_proxy(
    a_town: Town, cards: Cards
) -> None:
    line, wife, _ = await a_wife(a_town, cards)
    challenge = await a_shared_challenge(line, wife.external_id)

    answer = await sign(line, challenge, cards.issue(a_holder(name="総社　松")))

    assert not answer.renewed
    assert await resident_of(a_town, wife.contact_id) == wife.resident_id
    [proxy] = await listed(line, speaking(wife.external_id))
    assert (proxy.resident_name, proxy.proxy_name) == ("総社　松", "総社　桜")
    assert list(proxy.scopes) == list(AGREED.scopes)
    assert proxy.expire_date == AGREED.expire_date
    [told] = await notices(a_town)
    assert (told.external_id, told.kind) == (wife.external_id, "PROXY_TAKEN")
    assert told.notice.person == "総社　松"


async def test_what_is_signed_names_the_proxy_the_scopes_and_the_last_day(
    a_town: Town, cards: Cards
) -> None:
    line, wife, _ = await a_wife(a_town, cards)

    challenge = await a_shared_challenge(line, wife.external_id)
    request = pb.GetVerificationRequest(challenge_id=challenge.challenge_id)
    shown = (await line.ask(line.registration.GetVerification, request)).verification

    assert shown == challenge
    assert challenge.proxy == AGREED
    for words in ("総社　桜", "申請に答え、出し、直すこと", "2027年03月31日"):
        assert words in challenge.consent_text
    assert "回覧" not in challenge.consent_text


async def test_the_text_that_names_somebody_is_sealed(a_town: Town, cards: Cards) -> None:
    line, wife, _ = await a_wife(a_town, cards)
    await a_shared_challenge(line, wife.external_id)
    kept = await a_town.read(
        lambda s: s.connection().exec_driver_sql("SELECT text FROM challenges").scalars().all()
    )
    assert len(kept) == 2
    assert not any("総社".encode() in bytes(one) for one in kept)
    assert await a_town.read(lambda s: len(s.scalars(select(Challenge)).all())) == 2


async def test_who_is_registered_elsewhere_is_renewed_keeps_their_phone_and_has_a_proxy(
    a_town: Town, cards: Cards
) -> None:
    line, wife, _ = await a_wife(a_town, cards)
    card = cards.issue(a_holder(name="総社　松"))
    husband = await a_resident(a_town, line, card)

    answer = await sign(line, await a_shared_challenge(line, wife.external_id), card)

    assert answer.renewed
    assert await resident_of(a_town, husband.contact_id) == husband.resident_id
    [proxy] = await listed(line, speaking(husband.external_id))
    assert proxy.resident_id == husband.resident_id
    assert [(one.external_id, one.kind) for one in await notices(a_town)] == [
        (husband.external_id, "PROXY_GIVEN"),
        (wife.external_id, "PROXY_TAKEN"),
    ]


async def test_nobody_becomes_their_own_proxy_even_after_a_move(a_town: Town, cards: Cards) -> None:
    line, wife, card = await a_wife(a_town, cards)
    moved = cards.issue(replace(card.holder, address="岡山県総社市総社１０番地"))
    for own in (card, moved):
        challenge = await a_shared_challenge(line, wife.external_id)
        assert (await refused(sign(line, challenge, own))).reason == "SAME_PERSON"
    assert await a_town.read(lambda s: len(s.scalars(select(Resident)).all())) == 1


async def test_only_a_registered_contact_is_shared_and_only_for_two_years(
    a_town: Town, cards: Cards
) -> None:
    line, wife, _ = await a_wife(a_town, cards)
    nobody = await a_contact(a_town, line)

    unregistered = await refused(a_shared_challenge(line, nobody.external_id))
    too_long = await refused(
        a_shared_challenge(line, wife.external_id, terms(expire_date="2028-11-25"))
    )
    await change(a_town, wife, closing_cause=ClosingCause.MOVED_OUT)
    closed = await refused(a_shared_challenge(line, wife.external_id))

    assert [error.reason for error in (unregistered, too_long, closed)] == [
        "CONTACT_NOT_REGISTERED",
        "FIELD_INVALID",
        "RESIDENT_CLOSED",
    ]


async def test_a_second_signature_changes_the_terms(a_town: Town, cards: Cards) -> None:
    line, wife, _ = await a_wife(a_town, cards)
    card = cards.issue()
    await sign(line, await a_shared_challenge(line, wife.external_id), card)
    fewer = terms(proxies_pb2.PROXY_SCOPE_READ, expire_date="2026-12-31")
    await sign(line, await a_shared_challenge(line, wife.external_id, fewer), card)

    [proxy] = await listed(line, speaking(wife.external_id))
    assert list(proxy.scopes) == list(fewer.scopes)
    assert proxy.expire_date == "2026-12-31"


async def test_a_challenge_of_a_contact_that_left_makes_nobody_a_proxy(
    a_town: Town, cards: Cards
) -> None:
    line, wife, _ = await a_wife(a_town, cards)
    me = speaking(wife.external_id)
    web = await a_town.channel("web")
    other = await joined(a_town, line, me, web)
    challenge = await a_shared_challenge(line, wife.external_id)
    request = residents_pb2.UnlinkContactRequest(
        resident=me, contact_id=wife.contact_id, request_id=a_request_id()
    )
    await line.ask(line.residents.UnlinkContact, request)

    error = await refused(sign(line, challenge, cards.issue()))

    assert error.reason == "CHALLENGE_USED"
    assert await listed(web, speaking(other)) == []
