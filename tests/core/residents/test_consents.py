"""What residents agree to and take back: the texts, and what follows."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select, update

from core import events
from core.callers import Role
from core.dispatches.rows import Dispatch
from core.residents import consent, fact_rows, rows
from core.residents.rules import StaleCause
from core.residents.stale_rows import Stale
from core.residents.wish_rows import Consent
from tests.cards import Card, Cards
from tests.makers import Registered, a_contact, a_request_id, a_resident
from tests.town import MUNICIPALITY, Town
from todoke.client import Core, CoreError
from todoke.v1 import residents_pb2 as pb

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
TOWN = "総社市"


async def shown(core: Core, purpose, assurance=pb.ASSURANCE_UNSPECIFIED) -> pb.ConsentText:
    request = pb.GetConsentTextRequest(purpose=purpose, assurance=assurance)
    return (await core.ask(core.residents.GetConsentText, request)).consent_text


async def give(core: Core, external_id: str, *, purpose, version: int, **more: str) -> pb.Consent:
    request = pb.GiveConsentRequest(
        speaker=pb.Speaker(external_id=external_id, **more), purpose=purpose, version=version,
        request_id=a_request_id(),
    )  # fmt: skip
    return (await core.ask(core.residents.GiveConsent, request)).consent


async def withdraw(core: Core, consent_id: str, **named: Any) -> pb.Consent:
    request = pb.WithdrawConsentRequest(
        resident=pb.NamedResident(**named), consent_id=consent_id, request_id=a_request_id()
    )
    return (await core.ask(core.residents.WithdrawConsent, request)).consent


async def refusal(call) -> CoreError:
    with pytest.raises(CoreError) as refused:
        await call
    return refused.value


async def consents_of(a_town: Town, resident_id: str) -> list[Consent]:
    query = select(Consent).where(Consent.resident_id == resident_id).order_by(Consent.id)
    return await a_town.read(lambda s: list(s.scalars(query)))


async def told(a_town: Town) -> list[tuple[str, str]]:
    """Return the kinds of the notices, oldest first, and what became of them."""
    found = await a_town.read(lambda s: list(s.scalars(select(Dispatch).order_by(Dispatch.id))))
    return [(json.loads(one.content)["notice"]["kind"][12:], one.state) for one in found]


async def a_registered(a_town: Town, cards: Cards) -> tuple[Core, Card, Registered, str]:
    """Register somebody; return the channel, card, ids, and the id of their consent."""
    line, card = await a_town.channel(), cards.issue()
    made = await a_resident(a_town, line, card)
    (given,) = await consents_of(a_town, made.resident_id)
    return line, card, made, given.id


async def test_the_texts_in_force_are_shown_to_channels_and_the_counter(a_town: Town) -> None:
    line, counter = await a_town.channel(), await a_town.staff(Role.COUNTER)

    app = await shown(line, pb.CONSENT_PURPOSE_REGISTRATION, pb.ASSURANCE_DIGITAL_AUTH_APP)
    paper = await shown(counter, pb.CONSENT_PURPOSE_REGISTRATION, pb.ASSURANCE_COUNTER)
    care = await shown(line, pb.CONSENT_PURPOSE_CARE)
    unknown = await refusal(
        shown(line, pb.CONSENT_PURPOSE_REGISTRATION, pb.ASSURANCE_JPKI_SIGNATURE)
    )
    reviewer = await a_town.staff(Role.REVIEWER)

    assert (app.version, paper.version, care.version) == (2, 2, 1)
    assert "デジタル認証アプリ" in app.text
    assert "本人確認書類" in paper.text
    assert "班長" in care.text
    assert TOWN in care.text
    assert unknown.reason == "CONSENT_UNKNOWN"
    refused = await refusal(shown(reviewer, pb.CONSENT_PURPOSE_CARE))
    assert refused.reason == "CALLER_NOT_ALLOWED"


async def test_a_resident_agrees_to_be_looked_after_and_takes_it_back(
    a_town: Town, cards: Cards
) -> None:
    line, _, made, _ = await a_registered(a_town, cards)

    given = await give(line, made.external_id, purpose=pb.CONSENT_PURPOSE_CARE, version=1)
    again = await give(line, made.external_id, purpose=pb.CONSENT_PURPOSE_CARE, version=1)
    a_town.clock.pass_by(days=1)
    ended = await withdraw(line, given.consent_id, speaker=pb.Speaker(external_id=made.external_id))

    assert (given.purpose, given.version) == (pb.CONSENT_PURPOSE_CARE, 1)
    assert again == given
    assert ended.consent_id == given.consent_id
    assert ended.withdraw_time.ToDatetime() == a_town.clock().replace(tzinfo=None)
    resident = await a_town.read(lambda s: rows.get(s, MUNICIPALITY, made.resident_id))
    assert not resident.consent_withdrawn
    log = await a_town.read(lambda s: events.about(s, MUNICIPALITY, given.consent_id))
    assert [(one.kind, one.on_behalf_of) for one in log] == [
        ("consent.given", made.resident_id),
        ("consent.withdrawn", made.resident_id),
    ]


async def test_only_the_newest_text_can_be_agreed_to(a_town: Town, cards: Cards) -> None:
    line, _, made, _ = await a_registered(a_town, cards)

    for purpose, version, newest in (
        (pb.CONSENT_PURPOSE_CARE, 2, "1"),
        (pb.CONSENT_PURPOSE_REGISTRATION, 1, "2"),
    ):
        refused = await refusal(give(line, made.external_id, purpose=purpose, version=version))
        assert (refused.reason, refused.metadata) == ("CONSENT_OUTDATED", {"version": newest})


async def test_nobody_agrees_for_another_nor_before_registering(a_town: Town, cards: Cards) -> None:
    line, _, made, _ = await a_registered(a_town, cards)
    stranger = await a_contact(a_town, line)
    care = {"purpose": pb.CONSENT_PURPOSE_CARE, "version": 1}

    nobody = await refusal(give(line, stranger.external_id, **care))
    another = await refusal(give(line, made.external_id, for_resident_id=made.resident_id, **care))

    assert nobody.reason == "CONTACT_NOT_REGISTERED"
    assert another.reason == "PROXY_NOT_GRANTED"


async def test_who_takes_back_the_consent_to_registering_is_told_once_and_no_more(
    a_town: Town, cards: Cards
) -> None:
    line, card, made, consent_id = await a_registered(a_town, cards)

    await withdraw(line, consent_id, speaker=pb.Speaker(external_id=made.external_id))
    again = await withdraw(line, consent_id, speaker=pb.Speaker(external_id=made.external_id))

    assert again.withdraw_time.ToDatetime() == a_town.clock().replace(tzinfo=None)
    # What waited is not sent any more; the last word is.
    assert await told(a_town) == [("REGISTERED", "dropped"), ("CONSENT_WITHDRAWN", "queued")]
    resident = await a_town.read(lambda s: rows.get(s, MUNICIPALITY, made.resident_id))
    assert resident.consent_withdrawn
    assert rows.is_silent(resident)
    facts = await a_town.read(lambda s: fact_rows.facts_of(s, MUNICIPALITY, made.resident_id))
    assert facts.name == card.holder.name


async def test_a_new_proof_or_a_new_consent_lets_the_resident_be_told_again(
    a_town: Town, cards: Cards
) -> None:
    line, card, made, consent_id = await a_registered(a_town, cards)
    speaker = pb.Speaker(external_id=made.external_id)

    await withdraw(line, consent_id, speaker=speaker)
    await a_resident(a_town, line, card, external_id=made.external_id)
    after_proof = await a_town.read(lambda s: rows.get(s, MUNICIPALITY, made.resident_id))
    newest = (await consents_of(a_town, made.resident_id))[-1]
    await withdraw(line, newest.id, speaker=speaker)
    given = await give(
        line, made.external_id, purpose=pb.CONSENT_PURPOSE_REGISTRATION, version=consent.VERSION
    )
    after_consent = await a_town.read(lambda s: rows.get(s, MUNICIPALITY, made.resident_id))

    assert not after_proof.consent_withdrawn
    assert not after_consent.consent_withdrawn
    assert [kind for kind, _ in await told(a_town)] == [
        "REGISTERED", "CONSENT_WITHDRAWN", "RENEWED", "CONSENT_WITHDRAWN",
    ]  # fmt: skip
    kept = await consents_of(a_town, made.resident_id)
    assert [one.given_by for one in kept] == ["jpki_signature", "jpki_signature", "channel:line"]
    assert [one.id for one in kept if one.withdraw_time is None] == [given.consent_id]


async def test_staff_of_the_counter_take_a_consent_back_for_the_resident(
    a_town: Town, cards: Cards
) -> None:
    _, _, made, consent_id = await a_registered(a_town, cards)
    counter = await a_town.staff(Role.COUNTER)

    ended = await withdraw(counter, consent_id, resident_id=made.resident_id)

    assert ended.HasField("withdraw_time")
    unknown = await refusal(
        withdraw(counter, consent_id, resident_id="00000000-0000-7000-8000-000000000000")
    )
    assert unknown.reason == "RESIDENT_UNKNOWN"


async def test_nobody_takes_back_the_consent_of_another(a_town: Town, cards: Cards) -> None:
    line, _, made, consent_id = await a_registered(a_town, cards)
    other = await a_resident(a_town, line, cards.issue())

    refused = await refusal(
        withdraw(line, consent_id, speaker=pb.Speaker(external_id=other.external_id))
    )

    assert refused.reason == "CONSENT_UNKNOWN"
    (kept,) = await consents_of(a_town, made.resident_id)
    assert kept.withdraw_time is None


async def test_agreeing_to_a_newer_text_answers_that_the_old_one_is_outdated(
    a_town: Town, cards: Cards
) -> None:
    line, _, made, consent_id = await a_registered(a_town, cards)

    def age(session) -> None:
        session.execute(update(Consent).where(Consent.id == consent_id).values(version=1))
        for cause in (StaleCause.CONSENT_OUTDATED, StaleCause.MOVED):
            session.add(
                Stale(
                    municipality=MUNICIPALITY, resident_id=made.resident_id, cause=cause,
                    since_time=a_town.clock(),
                )
            )  # fmt: skip

    await a_town.running.db.write(age)
    await give(
        line, made.external_id, purpose=pb.CONSENT_PURPOSE_REGISTRATION, version=consent.VERSION
    )

    left = await a_town.read(lambda s: list(s.scalars(select(Stale.cause))))
    assert left == [StaleCause.MOVED]
    kept = await consents_of(a_town, made.resident_id)
    assert [(one.version, one.withdraw_time is None) for one in kept] == [(1, False), (2, True)]
