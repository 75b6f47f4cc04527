"""Codes: single use, short-lived, not to be guessed; and what the resident hears of it."""

import asyncio
from datetime import timedelta

from grpc import StatusCode
from sqlalchemy import select, update

from core.access import rules
from core.access.rows import Code
from core.callers import Role
from core.residents.rows import Resident
from core.residents.rules import ClosingCause
from tests.cards import Cards
from tests.core.access.links import a_code, by_id, joined, present, refused, speaking
from tests.makers import a_contact, a_resident, resident_of
from tests.notices import kinds_told, notices
from tests.town import MUNICIPALITY, Town, start

WRONG = "AAAAAAAAAA"


async def close(a_town: Town, resident_id: str, cause: ClosingCause = ClosingCause.DIED) -> None:
    work = update(Resident).where(Resident.id == resident_id).values(closing_cause=cause)
    await a_town.running.db.write(lambda s: s.execute(work))


async def test_a_code_links_another_contact_and_the_first_is_told(
    a_town: Town, cards: Cards
) -> None:
    line, web = await a_town.channel("line"), await a_town.channel("web")
    resident = await a_resident(a_town, line, cards.issue())
    contact = await a_contact(a_town, web)
    made = await a_code(line, speaking(resident.external_id))

    await present(web, contact.external_id, made.code)

    assert await resident_of(a_town, contact.contact_id) == resident.resident_id
    assert len(made.code) == 10
    assert set(made.code) <= set(rules.ALPHABET)
    assert made.expire_time.ToDatetime() == a_town.clock().replace(tzinfo=None) + timedelta(
        minutes=15
    )
    [told] = await notices(a_town)
    assert (told.external_id, told.kind) == (resident.external_id, "CONTACT_LINKED")
    assert told.notice.linked_channel == "web"


async def test_a_code_is_kept_only_as_a_keyed_digest(a_town: Town, cards: Cards) -> None:
    line = await a_town.channel()
    resident = await a_resident(a_town, line, cards.issue())
    made = await a_code(line, speaking(resident.external_id))
    [kept] = await a_town.read(lambda s: list(s.scalars(select(Code))))
    assert len(kept.digest) == 32
    assert made.code.encode() not in kept.digest


async def test_a_code_may_be_typed_in_any_width_and_case(a_town: Town, cards: Cards) -> None:
    line, web = await a_town.channel("line"), await a_town.channel("web")
    resident = await a_resident(a_town, line, cards.issue())
    contact = await a_contact(a_town, web)
    code = (await a_code(line, speaking(resident.external_id))).code.lower()
    wide = "".join(chr(ord(one) + 0xFEE0) for one in code[5:])

    await present(web, contact.external_id, f" {code[:3]}ー{code[3:5]} - {wide}　")

    assert await resident_of(a_town, contact.contact_id) == resident.resident_id


async def test_whatever_is_wrong_with_a_code_the_answer_is_the_same(
    a_town: Town, cards: Cards
) -> None:
    line, web = await a_town.channel("line"), await a_town.channel("web")
    resident = await a_resident(a_town, line, cards.issue())
    used, late, gone, replaced = [
        (await a_resident(a_town, line, cards.issue())).external_id for _ in range(4)
    ]
    gone_id = (await a_resident(a_town, line, cards.issue(), external_id="U-gone")).resident_id
    codes = {
        "used": (await a_code(line, speaking(used))).code,
        "late": (await a_code(line, speaking(late))).code,
        "closed": (await a_code(line, speaking("U-gone"))).code,
        "replaced": (await a_code(line, speaking(replaced))).code,
        "unknown": WRONG,
    }
    await a_code(line, speaking(replaced))
    await present(web, (await a_contact(a_town, web)).external_id, codes["used"])
    await close(a_town, gone_id)
    told = set()
    for name, code in codes.items():
        if name == "late":
            a_town.clock.pass_by(minutes=15)
        contact = await a_contact(a_town, web)
        error = await refused(present(web, contact.external_id, code))
        told.add((error.reason, error.code, str(error)))

    assert len(told) == 1, told
    assert next(iter(told))[:2] == ("LINK_CODE_REFUSED", StatusCode.FAILED_PRECONDITION)
    assert gone
    assert resident.resident_id


async def test_one_code_presented_by_many_at_once_links_one(a_town: Town, cards: Cards) -> None:
    line = await a_town.channel()
    other = await start(a_town.settings)  # Another core process over the same database.
    other.clock.now = a_town.clock.now
    web = await a_town.channel("web")
    webs = [web, other.caller(web.token)]
    resident = await a_resident(a_town, line, cards.issue())
    contacts = [await a_contact(a_town, web) for _ in range(8)]
    code = (await a_code(line, speaking(resident.external_id))).code

    results = await asyncio.gather(
        *(present(webs[number % 2], one.external_id, code) for number, one in enumerate(contacts)),
        return_exceptions=True,
    )
    await other.close()

    assert [one for one in results if one is None] == [None]
    assert {one.reason for one in results if one is not None} == {"LINK_CODE_REFUSED"}


async def test_a_repeat_gets_the_same_code_and_the_same_answer(a_town: Town, cards: Cards) -> None:
    line, web = await a_town.channel("line"), await a_town.channel("web")
    resident = await a_resident(a_town, line, cards.issue())
    contact = await a_contact(a_town, web)

    first = await a_code(line, speaking(resident.external_id), "request-begin")
    second = await a_code(line, speaking(resident.external_id), "request-begin")
    await present(web, contact.external_id, first.code, "request-complete")
    await present(web, contact.external_id, first.code, "request-complete")

    assert second == first
    assert len(await kinds_told(a_town)) == 1


async def test_staff_hand_over_a_code_that_is_good_for_two_weeks(
    a_town: Town, cards: Cards
) -> None:
    line, counter = await a_town.channel(), await a_town.staff(Role.COUNTER)
    resident = await a_resident(a_town, line, cards.issue())
    mine = await a_code(line, speaking(resident.external_id))
    theirs = await a_code(counter, by_id(resident.resident_id))

    a_town.clock.pass_by(days=13, hours=23)
    contact = await a_contact(a_town, line)
    late = await refused(present(line, contact.external_id, mine.code))
    await present(line, contact.external_id, theirs.code)

    assert late.reason == "LINK_CODE_REFUSED"
    assert await resident_of(a_town, contact.contact_id) == resident.resident_id


async def test_only_staff_of_the_counter_make_codes_and_only_for_the_living(
    a_town: Town, cards: Cards
) -> None:
    line, counter = await a_town.channel(), await a_town.staff(Role.COUNTER)
    reviewer = await a_town.staff(Role.REVIEWER)
    resident = await a_resident(a_town, line, cards.issue())
    nobody = await a_contact(a_town, line)

    one = await refused(a_code(reviewer, by_id(resident.resident_id)))
    two = await refused(a_code(line, speaking(nobody.external_id)))
    three = await refused(a_code(line, speaking(resident.external_id, resident.resident_id)))
    four = await refused(a_code(line, by_id(resident.resident_id)))
    await close(a_town, resident.resident_id)
    five = await refused(a_code(counter, by_id(resident.resident_id)))

    assert [error.reason for error in (one, two, three, four, five)] == [
        "CALLER_NOT_ALLOWED",
        "CONTACT_NOT_REGISTERED",
        "PROXY_NOT_GRANTED",
        "RESIDENT_UNKNOWN",
        "RESIDENT_CLOSED",
    ]
    assert five.metadata["cause"] == "died"


async def test_a_contact_that_guesses_rests_and_other_contacts_do_not(
    a_town: Town, cards: Cards
) -> None:
    line, web = await a_town.channel("line"), await a_town.channel("web")
    resident = await a_resident(a_town, line, cards.issue())
    guesser, other = [(await a_contact(a_town, web)).external_id for _ in range(2)]
    code = (await a_code(line, speaking(resident.external_id))).code

    reasons = [(await refused(present(web, guesser, WRONG))).reason for _ in range(5)]
    rests = await refused(present(web, guesser, code))
    await present(web, other, code)
    a_town.clock.pass_by(minutes=15)
    again = await refused(present(web, guesser, WRONG))

    assert reasons == ["LINK_CODE_REFUSED"] * 5
    assert rests.reason == "TOO_MANY_ATTEMPTS"
    assert rests.metadata["retryAfterSeconds"] == "900"
    assert again.reason == "LINK_CODE_REFUSED"


async def test_a_channel_guesses_two_hundred_times_an_hour_at_most(
    a_town: Town, cards: Cards
) -> None:
    web = await a_town.channel("web")
    contacts = [(await a_contact(a_town, web)).external_id for _ in range(41)]

    for external_id in contacts[:40]:
        for _ in range(5):
            assert (await refused(present(web, external_id, WRONG))).reason == "LINK_CODE_REFUSED"
    error = await refused(present(web, contacts[40], WRONG))

    assert error.reason == "TOO_MANY_ATTEMPTS"


async def test_a_resident_has_five_contacts_on_a_channel_and_five_on_another(
    a_town: Town, cards: Cards
) -> None:
    line, web = await a_town.channel("line"), await a_town.channel("web")
    resident = await a_resident(a_town, line, cards.issue())
    me = speaking(resident.external_id)
    for _ in range(5):
        await joined(a_town, line, me, web)

    error = await refused(joined(a_town, line, me, web))
    await joined(a_town, line, me, line)

    assert error.reason == "CONTACTS_TOO_MANY"
    assert error.metadata["limit"] == "5"


async def test_a_contact_of_another_resident_joins_nobody_and_the_code_stays_good(
    a_town: Town, cards: Cards
) -> None:
    line, web = await a_town.channel("line"), await a_town.channel("web")
    one = await a_resident(a_town, line, cards.issue())
    other = await a_resident(a_town, line, cards.issue())
    code = (await a_code(line, speaking(one.external_id))).code

    error = await refused(present(line, other.external_id, code))
    contact = await a_contact(a_town, web)
    await present(web, contact.external_id, code)

    assert error.reason == "CONTACT_TAKEN"
    assert await resident_of(a_town, contact.contact_id) == one.resident_id


async def test_a_linked_contact_takes_the_language_that_the_resident_chose(
    a_town: Town, cards: Cards
) -> None:
    line, web = await a_town.channel("line"), await a_town.channel("web")
    resident = await a_resident(a_town, line, cards.issue())
    chosen = update(Resident).where(Resident.municipality == MUNICIPALITY).values(language="en")
    await a_town.running.db.write(lambda s: s.execute(chosen))

    external_id = await joined(a_town, line, speaking(resident.external_id), web)
    seen = await a_contact(a_town, web, external_id, language="ja")

    assert seen.language == "en"
