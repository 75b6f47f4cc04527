"""Through the authentication app, from where the browser is sent to a resident."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from grpc import StatusCode
from sqlalchemy import func, select

from core import events
from core.registration import rows as registration
from core.residents import consent, fact_rows, rows
from tests import town
from tests.cards import Cards, a_holder
from tests.core.registration.a_provider import CALLBACK, Fake, asked_for, serving_fake, settings_for
from tests.makers import a_contact, a_request_id, a_resident
from tests.town import MUNICIPALITY, Clock, Town, on_sqlite
from todoke.client import Core, CoreError
from todoke.v1 import registration_pb2 as pb
from todoke.v1 import residents_pb2

pytestmark = pytest.mark.second_is_slow


@dataclass
class Browser:
    """A resident on a channel, on the way through the app."""

    town: Town
    fake: Fake
    channel: Core

    async def begin(self, external_id: str = "", **changes: Any) -> pb.BeginAuthenticationResponse:
        contact = await a_contact(self.town, self.channel, external_id)
        request = pb.BeginAuthenticationRequest(
            external_id=contact.external_id, redirect_uri=CALLBACK,
            consent_version=consent.VERSION, request_id=a_request_id(),
        )  # fmt: skip
        for name, value in changes.items():
            setattr(request, name, value)
        return await self.channel.ask(self.channel.registration.BeginAuthentication, request)

    async def end(self, state: str, **outcome: str) -> pb.CompleteAuthenticationResponse:
        request = pb.CompleteAuthenticationRequest(
            state=state, **{"request_id": a_request_id(), **outcome}
        )
        return await self.channel.ask(self.channel.registration.CompleteAuthentication, request)

    async def go(self, external_id: str = "", **person: Any) -> pb.CompleteAuthenticationResponse:
        begun = await self.begin(external_id)
        code = self.fake.agree(begun.authorization_uri, **person)
        return await self.end(begun.state, code=code)

    async def refusal(self, state: str, **outcome: str) -> CoreError:
        with pytest.raises(CoreError) as refused:
            await self.end(state, **outcome)
        return refused.value

    async def contact(self) -> str:
        return (await a_contact(self.town, self.channel)).external_id


@pytest.fixture
async def fake() -> AsyncIterator[Fake]:
    async with serving_fake(Clock()) as served:
        yield served


@pytest.fixture
async def browser(
    database: str, tmp_path: Path, cards: Cards, fake: Fake
) -> AsyncIterator[Browser]:
    told = settings_for(fake.issuer, tmp_path, auth_app_timeout_seconds=20)
    built = await town.build(database, tmp_path, **cards.settings, **told)
    fake.clock = built.clock
    yield Browser(built, fake, await built.channel())
    await built.close()


async def facts_in(a_town: Town) -> list[rows.Facts]:
    return await a_town.read(
        lambda s: [facts for _, facts in fact_rows.current_facts(s, MUNICIPALITY)]
    )


async def logged(a_town: Town, prefix: str) -> list[tuple[str, dict[str, str]]]:
    found = await a_town.read(lambda s: events.after(s, MUNICIPALITY, 0, 1000))
    return [(one.kind, one.details) for one in found if one.kind.startswith(prefix)]


async def test_who_comes_back_from_the_app_is_registered(browser: Browser) -> None:
    external_id = await browser.contact()

    answer = await browser.go(external_id)

    assert answer == pb.CompleteAuthenticationResponse(
        assurance=residents_pb2.ASSURANCE_DIGITAL_AUTH_APP,
        revocation=residents_pb2.REVOCATION_NOT_REVOKED,
        external_id=external_id,
    )
    (facts,) = await facts_in(browser.town)
    assert (facts.name, facts.birth_date, facts.sex) == ("総社　花子", "319500412", "2")
    assert (facts.subject, facts.consent_version) == ("sub-1", "v2")
    assert facts.certificate_serial is None


async def test_who_comes_again_renews_by_the_app(browser: Browser) -> None:
    external_id = await browser.contact()
    await browser.go(external_id)

    answer = await browser.go(external_id, address="岡山県総社市総社９番地")

    assert answer.renewed
    (facts,) = await facts_in(browser.town)
    assert facts.address == "岡山県総社市総社９番地"


async def test_the_answer_to_a_repeat_asks_nobody_again(browser: Browser) -> None:
    begun = await browser.begin()
    code = browser.fake.agree(begun.authorization_uri)
    outcome = {"code": code, "request_id": "the-same-request"}

    first = await browser.end(begun.state, **outcome)
    asked = len(browser.fake.asked)
    browser.fake.away = {"token", "discovery"}
    again = await browser.end(begun.state, **outcome)

    assert again == first
    assert len(browser.fake.asked) == asked


async def test_a_repeated_beginning_is_the_same_way(browser: Browser) -> None:
    external_id = await browser.contact()

    first = await browser.begin(external_id, request_id="the-same-request")
    again = await browser.begin(external_id, request_id="the-same-request")

    assert again == first


async def test_a_state_is_good_for_one_answer(browser: Browser) -> None:
    begun = await browser.begin()
    code = browser.fake.agree(begun.authorization_uri)
    await browser.end(begun.state, code=code)

    refused = await browser.refusal(begun.state, code=code)

    assert refused.reason == "CHALLENGE_USED"
    assert [name for name, _ in browser.fake.asked].count("token") == 1


async def test_of_two_who_bring_the_same_code_at_once_one_is_taken(browser: Browser) -> None:
    begun = await browser.begin()
    code = browser.fake.agree(begun.authorization_uri)

    answers = await asyncio.gather(
        *(browser.end(begun.state, code=code) for _ in range(4)), return_exceptions=True
    )

    refused = [one for one in answers if isinstance(one, CoreError)]
    assert [one.reason for one in refused] == ["CHALLENGE_USED"] * 3
    assert [name for name, _ in browser.fake.asked].count("token") == 1
    assert len(await facts_in(browser.town)) == 1


async def test_a_resident_who_does_not_agree_is_not_registered(browser: Browser) -> None:
    begun = await browser.begin()

    refused = await browser.refusal(begun.state, error="access_denied")
    later = await browser.refusal(begun.state, code="code-0")

    assert (refused.reason, refused.metadata) == (
        "IDENTITY_PROVIDER_REFUSED", {"error": "access_denied"},
    )  # fmt: skip
    assert refused.code is StatusCode.FAILED_PRECONDITION
    assert later.reason == "CHALLENGE_USED"
    assert await logged(browser.town, "authentication.") == [
        ("authentication.begun", {"consent": "v2"}),
        (
            "authentication.failed",
            {"reason": "IDENTITY_PROVIDER_REFUSED", "error": "access_denied"},
        ),
    ]


async def test_what_a_browser_calls_an_error_is_not_told_on_as_it_stands(browser: Browser) -> None:
    begun = await browser.begin()

    refused = await browser.refusal(begun.state, error="総社 花子 <script>")

    assert refused.metadata == {"error": "other"}


async def test_the_code_of_another_way_is_refused_by_its_nonce(browser: Browser) -> None:
    mine, other = await browser.begin(), await browser.begin()
    code = browser.fake.agree(other.authorization_uri)

    refused = await browser.refusal(mine.state, code=code)

    assert refused.metadata == {"error": "id_token_nonce"}
    assert await facts_in(browser.town) == []


async def test_the_provider_gets_the_verifier_of_the_challenge_and_the_page(
    browser: Browser,
) -> None:
    await browser.go()

    form = next(form for name, form in browser.fake.asked if name == "token")
    assert form["redirect_uri"] == CALLBACK
    assert 43 <= len(form["code_verifier"]) <= 128


FAILURES = [
    ("token", (400, '{"error": "invalid_grant"}'), "REFUSED", "invalid_grant"),
    ("token", (401, "no"), "REFUSED", "http_401"),
    ("token", (200, "no JSON"), "REFUSED", "http_200"),
    ("token", (307, "/certs"), "REFUSED", "http_307"),
    ("token", (500, ""), "AWAY", ""),
    ("token", (429, ""), "AWAY", ""),
    ("token", (200, " " * 1_100_000), "AWAY", ""),
    ("userinfo", (503, ""), "AWAY", ""),
    ("userinfo", (403, '{"error": "no!"}'), "REFUSED", "http_403"),
]


async def test_a_provider_that_fails_once_it_was_asked_uses_the_state_up(browser: Browser) -> None:
    browser.fake.claims = {"name": None}
    for endpoint, answer, reason, error in FAILURES:
        begun = await browser.begin()
        code = browser.fake.agree(begun.authorization_uri)
        browser.fake.answers[endpoint] = answer

        refused = await browser.refusal(begun.state, code=code)
        browser.fake.answers.clear()
        later = await browser.refusal(begun.state, code=code)

        assert refused.reason == f"IDENTITY_PROVIDER_{reason}"
        assert refused.metadata.get("error", "") == error
        assert not refused.passing
        assert later.reason == "CHALLENGE_USED"
    told = [details["reason"] for _, details in await logged(browser.town, "authentication.failed")]
    assert told == [f"IDENTITY_PROVIDER_{reason}" for _, _, reason, _ in FAILURES]
    assert await facts_in(browser.town) == []


async def test_who_is_away_before_the_code_is_shown_can_be_asked_again(browser: Browser) -> None:
    begun = await browser.begin()
    code = browser.fake.agree(begun.authorization_uri)
    browser.fake.away = {"discovery"}
    # Known for an hour; a core that was started anew does not know it.
    another = await town.start(browser.town.settings)
    another.clock.now = browser.town.clock.now
    elsewhere = Browser(another, browser.fake, another.caller(browser.channel.token))

    away = await elsewhere.refusal(begun.state, code=code)
    browser.fake.away = set()
    answer = await elsewhere.end(begun.state, code=code)
    await another.close()

    assert away.reason == "IDENTITY_PROVIDER_AWAY"
    assert answer.assurance == residents_pb2.ASSURANCE_DIGITAL_AUTH_APP


async def test_a_provider_that_does_not_answer_in_time_is_away(
    database: str, tmp_path: Path, fake: Fake
) -> None:
    told = settings_for(fake.issuer, tmp_path, auth_app_timeout_seconds=0.05)
    built = await town.build(database, tmp_path, **told)
    browser = Browser(built, fake, await built.channel())
    fake.silent = {"discovery"}

    with pytest.raises(CoreError) as refused:
        await browser.begin()
    await built.close()
    fake.released.set()

    assert refused.value.reason == "IDENTITY_PROVIDER_AWAY"


async def test_nobody_goes_through_an_app_that_is_not_settled(a_town: Town) -> None:
    browser = Browser(a_town, Fake("", a_town.clock), await a_town.channel())

    with pytest.raises(CoreError) as refused:
        await browser.begin()
    unknown = await browser.refusal("state", code="code")

    assert refused.value.reason == unknown.reason == "IDENTITY_PROVIDER_AWAY"
    assert "auth_app_issuer" in refused.value.message


async def test_who_comes_late_is_told_so(browser: Browser) -> None:
    begun = await browser.begin()
    code = browser.fake.agree(begun.authorization_uri)
    browser.town.clock.pass_by(minutes=15)

    refused = await browser.refusal(begun.state, code=code)

    assert refused.reason == "CHALLENGE_EXPIRED"
    assert "token" not in [name for name, _ in browser.fake.asked]


async def test_another_channel_knows_no_such_state(browser: Browser) -> None:
    begun = await browser.begin()
    code = browser.fake.agree(begun.authorization_uri)
    web = Browser(browser.town, browser.fake, await browser.town.channel("web"))

    assert (await web.refusal(begun.state, code=code)).reason == "CHALLENGE_UNKNOWN"
    assert (await browser.refusal("invented", code=code)).reason == "CHALLENGE_UNKNOWN"


@on_sqlite
@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"consent_version": 1}, "CONSENT_OUTDATED"),
        ({"consent_version": 3}, "CONSENT_OUTDATED"),
        ({"redirect_uri": "https://evil.example/callback"}, "FIELD_INVALID"),
    ],
)
async def test_what_cannot_be_begun_is_refused(browser: Browser, changes, reason: str) -> None:
    with pytest.raises(CoreError) as refused:
        await browser.begin(**changes)

    assert refused.value.reason == reason
    if reason == "CONSENT_OUTDATED":
        assert refused.value.metadata == {"version": "2"}


async def test_nobody_begins_for_a_contact_that_the_channel_never_met(browser: Browser) -> None:
    request = pb.BeginAuthenticationRequest(
        external_id="Unobody", redirect_uri=CALLBACK, consent_version=consent.VERSION,
        request_id=a_request_id(),
    )  # fmt: skip

    with pytest.raises(CoreError) as refused:
        await browser.channel.ask(browser.channel.registration.BeginAuthentication, request)

    assert refused.value.reason == "CONTACT_UNKNOWN"


async def test_a_contact_of_another_takes_nobody_from_the_app(
    browser: Browser, cards: Cards
) -> None:
    made = await a_resident(browser.town, browser.channel, cards.issue())
    begun = await browser.begin(made.external_id)
    code = browser.fake.agree(begun.authorization_uri)

    refused = await browser.refusal(begun.state, code=code)

    assert refused.reason == "CONTACT_TAKEN"
    assert (await browser.refusal(begun.state, code=code)).reason == "CHALLENGE_USED"
    assert await logged(browser.town, "authentication.failed") == [
        ("authentication.failed", {"reason": "CONTACT_TAKEN"})
    ]


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


async def test_secrets_of_a_way_are_sealed_and_forgotten(browser: Browser) -> None:
    begun = await browser.begin()
    nonce = asked_for(begun.authorization_uri)["nonce"]

    def stored(session) -> str:
        table = registration.Authentication.__table__
        return repr(session.connection().exec_driver_sql(f"SELECT * FROM {table.name}").all())

    kept = await browser.town.read(stored)
    assert begun.state not in kept
    assert nonce not in kept
    browser.town.clock.pass_by(days=2)
    now = browser.town.clock()
    await browser.town.running.db.write(lambda s: registration.forget_challenges(s, now))
    left = select(func.count()).select_from(registration.Authentication)
    assert await browser.town.read(lambda s: s.scalars(left).one()) == 0
