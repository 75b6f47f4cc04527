"""What the app proves beside what the card proved."""

from tests.cards import Cards, a_holder
from tests.core.registration.browser import Browser, facts_in, logged
from tests.makers import a_resident
from todoke.v1 import residents_pb2


async def test_the_app_does_not_weaken_what_the_card_proved(browser: Browser, cards: Cards) -> None:
    holder = a_holder()
    made = await a_resident(browser.town, browser.channel, cards.issue(holder))
    before = await facts_in(browser.town)
    same = {
        "name": holder.name.replace("\u3000", " "), "birthdate": holder.birth_date.isoformat(),
        "gender": holder.sex, "address": holder.address,
    }  # fmt: skip

    answer = await browser.go(made.external_id, **same)

    assert answer.renewed
    assert answer.assurance == residents_pb2.ASSURANCE_JPKI_SIGNATURE
    after = await facts_in(browser.town)
    assert [facts.id for facts in after] == [facts.id for facts in before]
    assert [kind for kind, _ in await logged(browser.town, "resident.")] == [
        "resident.registered",
        "resident.confirmed",
    ]
    details = (await logged(browser.town, "resident.confirmed"))[0][1]
    assert details["assurance"] == "digital_auth_app"


async def test_the_app_replaces_what_the_card_proved_once_the_facts_differ(
    browser: Browser, cards: Cards
) -> None:
    holder = a_holder()
    made = await a_resident(browser.town, browser.channel, cards.issue(holder))

    answer = await browser.go(
        made.external_id, name=holder.name, birthdate=f"{holder.birth_date:%Y%m%d}",
        gender=holder.sex, address="岡山県総社市総社９番地",
    )  # fmt: skip

    assert answer.assurance == residents_pb2.ASSURANCE_DIGITAL_AUTH_APP
    (facts,) = await facts_in(browser.town)
    assert facts.address == "岡山県総社市総社９番地"


async def test_the_card_replaces_what_the_app_proved(browser: Browser, cards: Cards) -> None:
    external_id = await browser.contact()
    await browser.go(external_id)
    (before,) = await facts_in(browser.town)
    holder = a_holder(
        name=before.name, birth_date=before.verify_time.date().replace(1950, 4, 12),
        sex="2", address=before.address,
    )  # fmt: skip

    made = await a_resident(browser.town, browser.channel, cards.issue(holder))

    assert made.renewed
    assert made.resident_id == before.resident_id
    (facts,) = await facts_in(browser.town)
    assert facts.assurance == "jpki_signature"
