"""Sealed values and their keys: bound to their place, rotated while reads go on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from core import crypto, rekeying
from core.crypto import KeysUnusable, Unsealable
from core.opening import open_database
from tests.cards import Cards
from tests.makers import a_contact, a_resident
from tests.town import build, start
from todoke.v1 import residents_pb2


@pytest.fixture(scope="module")
def key_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("keys") / "keys.json"
    crypto.create_keys(path)
    return path


@given(value=st.text(), place=st.text(min_size=1))
def test_what_is_sealed_opens_only_in_its_place(key_file, value: str, place: str) -> None:
    vault = crypto.load_keys(key_file)
    sealed = vault.seal(value, place)
    assert vault.open(sealed, place) == value
    with pytest.raises(Unsealable):
        vault.open(sealed, place + "x")


@given(value=st.text(min_size=1), position=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_a_changed_bit_never_opens(key_file, value: str, position: int, bit: int) -> None:
    vault = crypto.load_keys(key_file)
    sealed = bytearray(vault.seal(value, "a.b"))
    sealed[position % len(sealed)] ^= 1 << bit
    with pytest.raises(Unsealable):
        vault.open(bytes(sealed), "a.b")


def test_what_an_older_key_sealed_still_opens(tmp_path) -> None:
    path = tmp_path / "keys.json"
    crypto.create_keys(path)
    sealed = crypto.load_keys(path).seal("総社　太郎", "a.b")
    crypto.rotate_keys(path)
    rotated = crypto.load_keys(path)
    assert rotated.open(sealed, "a.b") == "総社　太郎"
    assert not sealed.startswith(rotated.active_prefix)


def test_a_key_file_that_cannot_be_used_says_why_and_what_to_do(tmp_path) -> None:
    path = tmp_path / "keys.json"
    with pytest.raises(KeysUnusable, match="todoke keys create"):
        crypto.load_keys(path)
    crypto.create_keys(path)
    path.chmod(0o644)
    with pytest.raises(KeysUnusable, match="chmod 600"):
        crypto.load_keys(path)
    with pytest.raises(FileExistsError):
        crypto.create_keys(path)


async def test_everything_is_sealed_anew_while_the_town_goes_on(
    database: str, tmp_path, cards: Cards
) -> None:
    town = await build(database, tmp_path, **cards.settings)
    line = await town.channel()
    registered = await a_resident(town, line, cards.issue())
    crypto.rotate_keys(town.settings.keys)
    await town.close()
    town = await start(town.settings)  # With the new key, as every core process is by now.
    vault = crypto.load_keys(town.settings.keys)
    after = open_database(town.settings, vault)

    done = {one.column: one.resealed async for one in rekeying.reseal(after)}
    again = {one.column: one.resealed async for one in rekeying.reseal(after)}
    prefixes = await after.read(
        lambda s: set(s.scalars(text("SELECT substr(name, 1, 5) FROM facts")))
    )
    after.close()
    await town.close()
    restarted = await start(town.settings)
    line = await restarted.channel()
    request = residents_pb2.GetContactRequest(external_id=registered.external_id)
    contact = (await line.ask(line.residents.GetContact, request)).contact
    await restarted.close()

    assert done["facts.name"] == 1
    assert set(again.values()) == {0}
    assert {bytes(prefix) for prefix in prefixes} == {vault.active_prefix}
    assert contact.registered


async def test_resealing_that_is_stopped_half_way_goes_on_while_the_town_does(
    database: str, tmp_path, cards: Cards
) -> None:
    town = await build(database, tmp_path, **cards.settings)
    line = await town.channel()
    for number in range(7):
        await a_contact(town, line, f"U{number}")
    crypto.rotate_keys(town.settings.keys)
    await town.close()
    town = await start(town.settings)  # With the new key, as every core process is by now.
    line, db = await town.channel(), town.running.db

    async for one in rekeying.reseal(db, most=5):
        if (one.column, one.done) == ("contacts.external_id", 5):
            half = one
            break
    seen_between = await a_contact(town, line, "U-new")
    known = await line.ask(
        line.residents.GetContact, residents_pb2.GetContactRequest(external_id="U6")
    )
    resealing = rekeying.reseal(db, most=5)
    steps = [one async for one in resealing if one.column == "contacts.external_id"]
    vault = crypto.load_keys(town.settings.keys)
    prefixes = await db.read(
        lambda s: set(s.scalars(text("SELECT substr(external_id, 1, 5) FROM contacts")))
    )
    await town.close()

    assert (half.total, half.resealed) == (7, 5)
    assert seen_between.external_id == "U-new"
    assert known.contact.external_id == "U6"
    assert [(one.done, one.total) for one in steps] == [(6, 8), (8, 8)]
    assert steps[-1].resealed == 2
    assert {bytes(prefix) for prefix in prefixes} == {vault.active_prefix}
