"""The key that signs: published, kept over a restart, changed while it runs."""

from joserfc import jws, jwt
from joserfc.jwk import KeySet

from tests.channels.simulators.auth_app.party import a_card, a_provider


async def certs(party) -> dict:
    return (await party.http.get(party.endpoint("certs"))).json()


async def test_only_public_halves_are_published(tmp_path, authority) -> None:
    async with a_provider(tmp_path, authority.cards) as party:
        (key,) = (await certs(party))["keys"]

        assert key.keys() == {"kty", "crv", "x", "y", "kid", "use", "alg"}
        assert (key["kty"], key["crv"], key["use"], key["alg"]) == ("EC", "P-256", "sig", "ES256")


async def test_a_token_of_the_last_key_is_verified_after_a_change(tmp_path, authority) -> None:
    card = a_card(authority)
    async with a_provider(tmp_path, authority.cards) as party:
        old = (await party.exchange(await party.code(card))).json()["id_token"]
        kid = (await party.http.post(f"{party.url}/admin/keys")).json()["kid"]
        new = (await party.exchange(await party.code(card))).json()["id_token"]
        published = await certs(party)

        keys = KeySet.import_key_set(published)
        assert len(published["keys"]) == 2
        assert jws.extract_compact(new.encode()).headers()["kid"] == kid
        for token in (old, new):
            assert jwt.decode(token, keys, algorithms=["ES256"]).claims["aud"] == "RP00000001"

        await party.http.post(f"{party.url}/admin/keys")
        left = {key["kid"] for key in (await certs(party))["keys"]}
        assert len(left) == 2
        assert jws.extract_compact(old.encode()).headers()["kid"] not in left


async def test_the_keys_outlive_a_restart_and_are_no_one_elses_to_read(tmp_path, authority) -> None:
    async with a_provider(tmp_path, authority.cards) as party:
        await party.http.post(f"{party.url}/admin/keys")
        before = await certs(party)
    async with a_provider(tmp_path, authority.cards) as party:
        assert await certs(party) == before

    for name in ("signing-keys.json", "pairwise-secret"):
        assert (tmp_path / "state" / name).stat().st_mode & 0o077 == 0
