"""An automatic match is never wrong; what is not certain goes to a person, and nothing is lost."""

import subprocess
import sys

import pytest

from core.matching import (
    Class,
    Decision,
    Entitled,
    Links,
    Pair,
    Registration,
    Rule,
    match,
)
from tests.core.matching.populations import (
    Person,
    a_registration,
    an_entitlement,
)

TARO = Person(1, "山田　太郎", "1950-01-02", "1", "中央一丁目２番３号")
JIRO = Person(2, "山田　次郎", "1950-01-02", "1", "中央一丁目２番３号")
NAMESAKE = Person(3, "山田　太郎", "1950-01-02", "1", "井手１００番地")
Sides = tuple[list[Registration], list[Entitled]]


def found(pairs: list[Pair]) -> list[tuple[str, str, Decision, Rule]]:
    return [(p.registration_id, p.entitled_id, p.decision, p.rule) for p in pairs]


def _accepted(pairs: list[Pair]) -> set[tuple[str, str]]:
    return {
        (pair.registration_id, pair.entitled_id)
        for pair in pairs
        if pair.decision is Decision.ACCEPTED
    }


@pytest.mark.parametrize(
    ("card", "row", "expected"),
    [
        ({"address": "総社市中央一丁目２番３号"}, {}, (Class.EXACT, Rule.EXACT)),
        ({}, {}, (Class.NORMALISED, Rule.NORMALISED)),
        ({}, {"address": "総社市中央1-2-3"}, (Class.NORMALISED, Rule.NORMALISED)),
        ({}, {"name": "山田太郎"}, (Class.NORMALISED, Rule.NORMALISED)),
        ({}, {"sex": ""}, (Class.NORMALISED, Rule.WITHOUT_SEX)),
        ({"sex": "9"}, {"sex": "9"}, (Class.NORMALISED, Rule.NORMALISED)),
        (
            {"name": "高橋　太郎"},
            {"name": "髙橋　太郎"},
            (Class.VARIANT_CHARACTERS, Rule.VARIANT_CHARACTERS),
        ),
        ({"name": "山田　のぞみ"}, {"name": "山田ノゾミ"}, (Class.NORMALISED, Rule.KANA_FORMS)),
        (
            {"name": "シャルマ　アキ"},
            {"name": "シヤルマ　アキ"},
            (Class.NORMALISED, Rule.KANA_FORMS),
        ),
        (
            {"name": "ＳＭＩＴＨ　ＪＯＨＮ"},
            {"name": "John Smith"},
            (Class.NORMALISED, Rule.LATIN_FORMS),
        ),
        (
            {"name": "ＤＥ　ＬＡ　ＣＲＵＺ　ＡＮＡ"},
            {"name": "DELACRUZ ANA"},
            (Class.NORMALISED, Rule.NORMALISED),
        ),
        ({"name": "ＳＭＩＴＨ　ＪＯＨＮ（通称：山田　太郎）"}, {}, (Class.NORMALISED, Rule.ALIAS)),
        ({"address": "総社市中央1-2-3 ハイツ101"}, {}, (Class.NORMALISED, Rule.BUILDING_MISSING)),
        ({"address": "中央1-2-3"}, {}, (Class.NORMALISED, Rule.NORMALISED)),
        (
            {"name": "高橋　太郎", "name_flags": "10000"},
            {"name": "髙橋　太郎"},
            (Class.NORMALISED, Rule.SUBSTITUTES_AGREE),
        ),
        (
            {"name": "〓田　太郎", "name_flags": "10000"},
            {"name": "𣚻田太郎"},
            (Class.NORMALISED, Rule.SUBSTITUTES_AGREE),
        ),
        (
            {"name": "吉田　太郎", "name_flags": "10000"},
            {"name": "〓田太郎"},
            (Class.NORMALISED, Rule.SUBSTITUTES_AGREE),
        ),
        (
            {"address": "総社市〓町1-2", "address_flags": "00010000"},
            {"address": "総社市𣚻町1-2"},
            (Class.NORMALISED, Rule.SUBSTITUTES_AGREE),
        ),
    ],
)
def test_who_agrees_in_everything_is_linked(card, row, expected) -> None:
    (pair,) = match([a_registration(TARO, **card)], [an_entitlement(TARO, **row)])

    assert pair.decision is Decision.ACCEPTED
    assert (pair.match_class, pair.rule) == expected


@pytest.mark.parametrize(
    ("card", "row", "expected"),
    [
        ({"name": "山田　太〓", "name_flags": "00001"}, {"name": "山田　太\ue000"},
         (Class.NORMALISED, Rule.SUBSTITUTED_CHARACTERS)),
        ({"name_flags": "1"}, {}, (Class.NORMALISED, Rule.SUBSTITUTED_CHARACTERS)),
        ({"name": "山田　太郎"}, {"name": "〓田　太郎"},
         (Class.NORMALISED, Rule.SUBSTITUTED_CHARACTERS)),
        ({"address": "総社市〓町1-2"}, {"address": "総社市〓町1-2"},
         (Class.NORMALISED, Rule.SUBSTITUTED_CHARACTERS)),
        ({"name": "〓田　太郎", "name_flags": "10000"}, {"name": "𣚻田太郎", "address": "井手1"},
         (Class.ADDRESS_DIFFERS, Rule.SUBSTITUTED_ADDRESS_DIFFERS)),
        ({"name": "〓田　太郎"}, {"name": "〓田　太郎"},
         (Class.NORMALISED, Rule.SUBSTITUTED_CHARACTERS)),
        ({"name": "\ue000田　太郎"}, {"name": "\ue000田　太郎"},
         (Class.NORMALISED, Rule.SUBSTITUTED_CHARACTERS)),
        ({"suppressed": True}, {}, (Class.NORMALISED, Rule.RESIDENT_SUPPRESSED)),
        ({"birth_date": ""}, {}, (Class.NORMALISED, Rule.BIRTH_DATE_UNKNOWN)),
        ({}, {"sex": "2"}, (Class.CONFLICTING, Rule.SEX_DIFFERS)),
        ({"birth_date": "1950-01-00"}, {}, (Class.NORMALISED, Rule.BIRTH_DATE_UNKNOWN)),
        ({}, {"birth_date": "1950-00-00"}, (Class.NORMALISED, Rule.BIRTH_DATE_UNKNOWN)),
        ({"birth_date": "1950-02-01"}, {}, (Class.BIRTH_DATE_DIFFERS, Rule.BIRTH_DATE_DIFFERS)),
        ({"birth_date": "1960-01-02"}, {}, (Class.BIRTH_DATE_DIFFERS, Rule.BIRTH_DATE_DIFFERS)),
        ({}, {"sex": "9"}, (Class.CONFLICTING, Rule.SEX_DIFFERS)),
        ({}, {"address": "総社市"}, (Class.ADDRESS_DIFFERS, Rule.ADDRESS_INCOMPLETE)),
        ({}, {"address": ""}, (Class.ADDRESS_DIFFERS, Rule.ADDRESS_INCOMPLETE)),
        ({"address": "総社市中央"}, {"address": "総社市中央"},
         (Class.ADDRESS_DIFFERS, Rule.ADDRESS_INCOMPLETE)),
        ({"address": "倉敷市中央1-2-3"}, {}, (Class.ADDRESS_DIFFERS, Rule.ADDRESS_DIFFERS)),
        ({"address": "総社市大字井手字宮前12番地"}, {"address": "総社市井手12"},
         (Class.ADDRESS_DIFFERS, Rule.ADDRESS_NEAR)),
        ({"address": "総社市中央1-2-3 ハイツ101"}, {"address": "総社市中央1-2-3 ハイツ102"},
         (Class.ADDRESS_DIFFERS, Rule.BUILDING_DIFFERS)),
        ({"name": "ＳＭＩＴＨ　ＪＯＨＮ　ＰＡＵＬ"}, {"name": "JOHN SMITH"},
         (Class.NAME_DIFFERS, Rule.NAME_PART_MISSING)),
        ({}, {"name": "山田"}, (Class.NAME_DIFFERS, Rule.NAME_PART_MISSING)),
        ({"name": "山田"}, {"name": "山田"}, (Class.NORMALISED, Rule.NAME_INCOMPLETE)),
        ({"name": "高橋　太郎"}, {"name": "髙橋　太郎", "address": "総社市井手1"},
         (Class.VARIANT_CHARACTERS, Rule.VARIANT_CHARACTERS_ADDRESS_DIFFERS)),
        ({}, {"address": "総社市井手1"}, (Class.ADDRESS_DIFFERS, Rule.ADDRESS_DIFFERS)),
        ({}, {"name": "加藤　太郎"}, (Class.NAME_DIFFERS, Rule.NAME_DIFFERS)),
    ],
)  # fmt: skip
def test_who_resembles_goes_to_a_person(card, row, expected) -> None:
    (pair,) = match([a_registration(TARO, **card)], [an_entitlement(TARO, **row)])

    assert pair.decision is Decision.TO_REVIEW
    assert (pair.match_class, pair.rule) == expected


@pytest.mark.parametrize(
    "row",
    [
        {"birth_date": "1950-03-05"},
        {"name": "加藤　太郎", "sex": "2"},
        {"name": "加藤　太郎", "address": "総社市井手1"},
        {"sex": "2", "address": "総社市井手1"},
    ],
)
def test_who_differs_in_two_things_is_another_person(row) -> None:
    assert match([a_registration(TARO)], [an_entitlement(TARO, **row)]) == []


@pytest.mark.parametrize(
    "rival",
    [
        {"address": ""},
        {"address": "総社市井手"},
        {"address": "総社市中央1-2-3 ハイツ101"},
        {"address": "総社市字宮前中央1-2-3"},
        {"name": "山田"},
        {"name": ""},
        {"name": "山田　〓郎"},
        {"name": "山田　太〓", "address": ""},
        {"birth_date": "1950-01-00"},
        {"birth_date": ""},
        {"sex": ""},
    ],
)
def test_another_row_that_could_be_the_same_person_leaves_it_to_a_person(rival) -> None:
    rows = [an_entitlement(TARO), an_entitlement(TARO, id="e9", **rival)]

    pairs = match([a_registration(TARO)], rows)

    assert all(pair.decision is Decision.TO_REVIEW for pair in pairs)
    assert ("r1", "e1", Decision.TO_REVIEW, Rule.CONFLICTING) in found(pairs)


@pytest.mark.parametrize(
    ("card", "row"),
    [
        # Twins: one household, one day, one character apart, of which a side may not tell which.
        ({}, {"name": "山田　次郎"}),
        ({}, {"name": "山田　太〓"}),
        ({"name": "山田　太〓", "name_flags": "00001"}, {"name": "山田　太朗"}),
        ({"name": "山田　太〓", "name_flags": "00001"}, {"name": "山田　太\ue123"}),
        ({"name": "山田　太〓", "name_flags": "00001"}, {"name": "山田太𣚻"}),
        ({"name_flags": "00001"}, {"name": "山田　太朗"}),
        ({"name_flags": "00001"}, {"name": "山田太〓"}),
        ({"name": "山田　健二", "name_flags": "00001"}, {"name": "山田　健二"}),
        ({"name": "山田　瑛土", "name_flags": "00001"}, {"name": "山田　瑛土"}),
        ({"name": "ＳＩＬＶＡ　ＡＮＡ　ＰＡＵＬＡ"}, {"name": "SILVA PAULA ANA"}),
        ({"name": "林　一"}, {"name": "林　二"}),
        ({"name": "林　〓", "name_flags": "001"}, {"name": "林　二"}),
        ({"name": "林　〓", "name_flags": "001"}, {"name": "林　〓"}),
        # Others who share a surname, an address, a birth date, or what little is told.
        ({}, {"sex": "2"}),
        ({}, {"birth_date": "1980-01-02"}),
        ({}, {"birth_date": "1950-00-00"}),
        ({"name": "斎藤　太郎"}, {"name": "斉藤　太郎"}),
        ({"name": "山崎　太郎"}, {"name": "山埼　太郎"}),
        ({"name": "山田"}, {"name": "山田"}),
        ({"name": ""}, {"name": ""}),
        ({"name": "林"}, {"name": "林"}),
        ({"name": "ＳＭＩＴＨ"}, {"name": "SMITH"}),
        ({"name": "ＳＭＩＴＨ　ＪＯＨＮ"}, {"name": "SMITH JOHN PAUL"}),
        ({"name": "山田　太郎（ヤマダ　タロウ）"}, {"name": "ヤマダ　タロウ"}),
        ({"name": "山田［佐藤］太郎"}, {"name": "佐藤太郎"}),
        ({"address": "総社市中央"}, {"address": "総社市中央"}),
        ({"address": "総社市中央一丁目"}, {"address": "総社市中央1"}),
        ({"address": "1-2-3"}, {"address": "1-2-3"}),
        ({"address": "中央1-2-3 101"}, {"address": "中央1-2-3 201"}),
        ({"address": "広島県府中市中央1-2"}, {"address": "東京都府中市中央1-2"}),
        ({"suppressed": True}, {}),
    ],
)  # fmt: skip
def test_who_could_be_two_people_is_never_linked(card, row) -> None:
    (pair,) = match([a_registration(TARO, **card)], [an_entitlement(TARO, **row)])

    assert pair.decision is Decision.TO_REVIEW


def test_another_of_the_home_with_the_same_birth_date_is_not_even_proposed() -> None:
    spouse = an_entitlement(TARO, name="山田　花子", sex="2")

    assert match([a_registration(TARO)], [spouse]) == []


def test_one_person_on_two_rows_goes_to_a_person() -> None:
    pairs = match([a_registration(TARO)], [an_entitlement(TARO), an_entitlement(TARO, id="e9")])

    assert {(p.decision, p.rule) for p in pairs} == {(Decision.TO_REVIEW, Rule.CONFLICTING)}


def test_who_is_linked_stays_linked_and_a_later_namesake_is_shown() -> None:
    links = Links(frozenset({("r1", "e1")}), frozenset({"r1"}), frozenset({"e1"}))

    pairs = match([a_registration(TARO), a_registration(NAMESAKE)], [an_entitlement(TARO)], links)

    assert found(pairs) == [("r3", "e1", Decision.TO_REVIEW, Rule.LINKED_ALREADY)]


def test_a_pair_that_is_known_is_not_proposed_again() -> None:
    links = Links(frozenset({("r1", "e1")}), frozenset(), frozenset())

    assert match([a_registration(TARO)], [an_entitlement(TARO)], links) == []


def test_pairs_come_in_the_order_of_the_roster() -> None:
    pairs = match([a_registration(JIRO)], [an_entitlement(JIRO, id=f"e{n}") for n in (3, 1, 2)])

    assert [pair.entitled_id for pair in pairs] == ["e1", "e2", "e3"]


def test_the_engine_runs_without_network_and_database() -> None:
    """It is to run alone on a machine of the closed network."""
    script = (
        "import sys, core.matching\n"
        "print(*sorted(m for m in sys.modules if m.split('.')[0] in "
        "{'grpc', 'google', 'sqlalchemy', 'todoke'} or m.startswith('core.')))"
    )

    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)

    assert {name.split(".")[1] for name in loaded.stdout.decode().split()} == {
        "matching",
        "normalise",
    }
