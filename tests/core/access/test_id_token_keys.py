"""The keys of an issuer of identity tokens: kept, found anew, and away."""

from tests.core.access.id_tokens import NONCE, Place, forged
from tests.core.access.links import refused
from tests.makers import a_contact


async def test_keys_are_kept_and_a_new_one_is_found_without_asking_at_every_token(
    place: Place,
) -> None:
    await place.link(place.token())
    await place.link(place.token(nonce="another-nonce-123"), nonce="another-nonce-123")
    asked_at_first = place.issuer.asked
    place.issuer.new_key("k2")
    too_soon = await refused(place.link(place.token("k2", nonce=NONCE * 2), nonce=NONCE * 2))
    place.town.clock.pass_by(seconds=16)
    await place.link(place.token("k2", nonce=NONCE * 3), nonce=NONCE * 3)
    del place.issuer.keys["k1"]
    place.town.clock.pass_by(hours=1)
    old = forged({"alg": "ES256", "kid": "k1"}, place.claims(), b"x" * 64)
    withdrawn = await refused(place.link(old))

    assert asked_at_first == 1
    assert too_soon.metadata["problem"] == "KEY"
    assert withdrawn.metadata["problem"] == "KEY"
    assert place.issuer.asked == 3


async def test_keys_that_are_away_fail_nobody_who_has_them_and_count_against_nobody(
    place: Place,
) -> None:
    place.issuer.away = True
    contact = await a_contact(place.town, place.web)
    problems = set()
    for _ in range(6):
        error = await refused(place.link(place.token(), external_id=contact.external_id))
        problems.add((error.reason, error.metadata["problem"]))
    asked = place.issuer.asked
    place.issuer.away = False
    place.town.clock.pass_by(seconds=16)
    await place.link(place.token(), external_id=contact.external_id)
    place.issuer.away = True
    place.town.clock.pass_by(hours=2)
    still = await place.link(place.token(nonce="another-nonce-123"), nonce="another-nonce-123")

    assert problems == {("ID_TOKEN_REFUSED", "KEYS_AWAY")}
    assert asked == 1
    assert still.registered
