"""Who fails on the way through the app, who comes too late, and who never begins."""

from pathlib import Path

import pytest

from core.residents import consent
from tests import town
from tests.cards import Cards
from tests.core.registration.a_provider import CALLBACK, Fake, settings_for
from tests.core.registration.browser import Browser, facts_in, logged
from tests.makers import a_request_id, a_resident
from tests.town import Town, on_sqlite
from todoke.client import CoreError
from todoke.v1 import registration_pb2 as pb
from todoke.v1 import residents_pb2

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
