"""What a client learns of a person: by scope, in the wording set, under a name of its own."""

import pytest

from channels.simulators.auth_app.settings import AddressAs, BirthdateAs, ClaimsIn, GenderAs
from tests.channels.simulators.auth_app.party import Hands, a_card, a_provider

ADDRESS = "岡山県総社市中央１丁目１番１号"
FOUR = {
    "name": "佐藤　花子",
    "address": {"formatted": ADDRESS},
    "birthdate": "19850315",
    "gender": "2",
}


async def both(party, card: str, **changes) -> tuple[dict, dict]:
    """Return the four of the ID token and those of userinfo."""
    tokens = (await party.exchange(await party.code(card, **changes))).json()
    told = (await party.userinfo(tokens["access_token"])).json()
    said = party.claims(tokens["id_token"])
    assert told["sub"] == said["sub"]
    return tuple({name: each[name] for name in FOUR if name in each} for each in (said, told))


@pytest.mark.parametrize(
    ("place", "in_token", "in_userinfo"),
    [
        (ClaimsIn.BOTH, FOUR, FOUR),
        (ClaimsIn.ID_TOKEN, FOUR, {}),
        (ClaimsIn.USERINFO, {}, FOUR),
    ],
)
async def test_the_claims_stand_where_the_settings_say(
    tmp_path, authority, place, in_token, in_userinfo
) -> None:
    card = a_card(authority)
    async with a_provider(tmp_path, authority.cards, claims_in=place) as party:
        assert await both(party, card) == (in_token, in_userinfo)


async def test_the_wording_of_the_claims_can_be_changed(tmp_path, authority) -> None:
    card = a_card(authority)
    wording = {
        "birthdate_as": BirthdateAs.ISO,
        "gender_as": GenderAs.WORD,
        "address_as": AddressAs.TEXT,
    }
    async with a_provider(tmp_path, authority.cards, **wording) as party:
        said, told = await both(party, card)

        changed = {"address": ADDRESS, "birthdate": "1985-03-15", "gender": "female"}
        assert said == told == FOUR | changed


async def test_a_client_learns_only_what_it_asked_for(tmp_path, authority) -> None:
    card = a_card(authority)
    async with a_provider(tmp_path, authority.cards) as party:
        said, told = await both(party, card, scope="openid birthdate")

        assert said == told == {"birthdate": "19850315"}


@pytest.mark.parametrize(
    ("asked", "acr"),
    [(None, "aal3"), ("aal3 crl", "aal3 crl"), ("crl", "crl"), ("aal9", "aal3")],
)
async def test_the_token_says_which_wishes_for_its_level_are_met(
    tmp_path, authority, asked, acr
) -> None:
    card = a_card(authority)
    async with a_provider(tmp_path, authority.cards) as party:
        answer = await party.exchange(await party.code(card, acr_values=asked))

        assert party.claims(answer.json()["id_token"])["acr"] == acr


async def test_each_client_knows_a_person_by_another_name_and_always_the_same(
    tmp_path, authority
) -> None:
    card, other = a_card(authority), a_card(authority)
    subjects = []
    for client in ("RP00000001", "RP00000001", "RP00000002"):
        # Started anew each time, on the same folder.
        async with a_provider(tmp_path, authority.cards) as party:
            party.client_id = client
            answer = await party.exchange(await party.code(card))
            subjects.append(party.claims(answer.json()["id_token"])["sub"])
            answer = await party.exchange(await party.code(other))
            assert party.claims(answer.json()["id_token"])["sub"] not in subjects

    assert subjects[0] == subjects[1] != subjects[2]


async def test_userinfo_wants_a_living_token_in_the_header(tmp_path, authority) -> None:
    hands = Hands()
    card = a_card(authority)
    async with a_provider(tmp_path, authority.cards, clock=hands) as party:
        token = (await party.exchange(await party.code(card))).json()["access_token"]
        url = party.endpoint("userinfo")
        bare = await party.http.get(url)
        in_query = await party.http.get(url, params={"access_token": token})
        unknown = await party.userinfo("another")
        living = await party.userinfo(token)
        hands.now += 300

        assert bare.status_code == in_query.status_code == 401
        assert bare.headers["www-authenticate"] == "Bearer"
        assert 'error="invalid_token"' in unknown.headers["www-authenticate"]
        assert living.status_code == 200
        assert living.headers["cache-control"] == "no-store"
        assert (await party.userinfo(token)).status_code == 401
