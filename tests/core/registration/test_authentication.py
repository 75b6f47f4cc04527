"""Through the authentication app, from where the browser is sent to a resident."""

import asyncio

from grpc import StatusCode
from sqlalchemy import func, select

from core.registration import rows as registration
from tests.core.registration.a_provider import CALLBACK, asked_for
from tests.core.registration.browser import Browser, facts_in, logged
from todoke.client import CoreError
from todoke.v1 import registration_pb2 as pb
from todoke.v1 import residents_pb2


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
