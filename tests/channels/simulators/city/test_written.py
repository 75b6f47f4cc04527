"""A synthetic city as it is written: sizes as asked, no My Number, cards that sign."""

import json
import unicodedata
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from channels.simulators.card import Wallet
from channels.simulators.card.holder import substitute
from channels.simulators.city import City
from channels.simulators.city.cli import city as city_command
from channels.simulators.city.files import people, refuse_my_number, write
from core.my_number import check_digit, contains_my_number
from core.registration.identity import jpki
from core.registration.identity.revocation import CrlFolder
from core.registration.identity.trust import TEST_CARD_POLICY, Trust
from core.residents.rules import Revocation

pytestmark = pytest.mark.xdist_group("city")  # One worker makes them all.


NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_there_is_never_a_my_number_in_what_is_written(seed):
    city = City(seed, households=300, registered=100)

    for content in (city.roster().decode("cp932"), people(city).decode()):
        assert not any(contains_my_number(line) for line in content.splitlines())
        assert not contains_my_number(unicodedata.normalize("NFKC", content))


@pytest.mark.parametrize("form", ["{}", "{0:.4}-{1}", "口座　{}。"])
def test_a_my_number_would_be_refused(form):
    number = "12345678901" + str(check_digit("12345678901"))
    text = form.format(number) if "1}" not in form else f"{number[:4]}-{number[4:8]} {number[8:]}"

    with pytest.raises(ValueError, match="another seed"):
        refuse_my_number(text.encode(), "utf-8")

    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert refuse_my_number(wrong.encode(), "utf-8")


def test_more_phones_than_households_are_refused():
    with pytest.raises(ValueError, match="cannot register"):
        City(1, households=5, registered=6)


@pytest.mark.parametrize("registered", [0, 1, 19, 20])
def test_a_small_city_has_as_many_phones_as_asked(registered):
    assert len(City(3, households=20, registered=registered).registrants) == registered


def test_the_written_cards_sign_and_say_what_people_json_says(tmp_path):
    city = City(4, households=40, registered=30)
    seen = []
    write(city, tmp_path / "city", clock=lambda: NOW, progress=lambda *counts: seen.append(counts))

    authority = tmp_path / "city" / "authority"
    trust = Trust.load(authority / "ca", policies={TEST_CARD_POLICY})
    listed = json.loads((tmp_path / "city" / "people.json").read_text())["people"]
    assert seen[-1] == (30, 30)
    for person in listed[:3]:
        signed = Wallet(authority / "cards").sign(person["card_id"], person["pin"], b"text")
        verified = jpki.verify(
            b"text",
            signed.certificate,
            signed.signature,
            trust=trust,
            now=NOW,
            revocation=CrlFolder(authority / "crl"),
        )
        holder = Wallet(authority / "cards").authenticate(
            person["card_id"], person["auth_pin"], now=NOW
        )
        assert holder.name == person["name"]
        four = verified.basic_four
        assert verified.revocation is Revocation.NOT_REVOKED
        assert (four.name, four.name_flags) == substitute(person["name"])
        assert str(four.birth_date) == person["birth_date"]
        assert (four.sex, four.address) == (person["sex"], person["address"])


def test_the_command_writes_a_city_once_and_says_what_to_expect(tmp_path):
    out = tmp_path / "city"
    arguments = ["--seed", "5", "--households", "30", "--registered", "20", "--out", str(out)]

    first = CliRunner().invoke(city_command, arguments)
    second = CliRunner().invoke(city_command, arguments)

    assert first.exit_code == 0
    assert "30 households" in first.stdout
    assert "not_on_roster: 2" in first.stdout
    assert (out / "roster.csv").read_bytes() == City(5, households=30, registered=20).roster()
    assert second.exit_code == 1
    assert "not empty" in second.output
