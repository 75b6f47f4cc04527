"""Each class of corruption does what it says, and what it leaves is still there."""

import re
import unicodedata
from collections.abc import Callable

import pytest

from channels.simulators.pairs.content import LOOK_ALIKES, SOUND_ALIKES
from channels.simulators.pairs.corruptions import SPELLING, content_of
from channels.simulators.pairs.places import municipality
from channels.simulators.pairs.spelling import FORMS
from tests.channels.simulators.pairs.people import Pair, ordinary

pytestmark = pytest.mark.xdist_group("pairs")  # One worker makes them all.

BIRTH_FORMS = {"birth_era", "birth_compact"}
USUAL = str.maketrans({pair[0]: pair[1] for pair in FORMS})
LARGE = str.maketrans(
    "ぁぃぅぇぉっゃゅょァィゥェォッャュョ", "あいうえおつやゆよアイウエオツヤユヨ"
)
FIGURES = {figure: number for number, figure in enumerate("〇一二三四五六七八九")}
UNITS = {"十": 10, "百": 100, "千": 1000}


def names(pair: Pair, form: Callable[[str], str]) -> bool:
    """Whether only the names differ, and not in this form of them."""
    same = pair.card.address == pair.row.address and pair.card.name != pair.row.name
    return same and form(pair.card.name) == form(pair.row.name)


def addresses(pair: Pair, form: Callable[[str], object]) -> bool:
    same = pair.card.name == pair.row.name and pair.card.address != pair.row.address
    return same and form(pair.card.address) == form(pair.row.address)


def compatible(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def without(pattern: str) -> Callable[[str], str]:
    return lambda text: re.sub(pattern, "", text)


def numbers(address: str) -> list[int]:
    """Read every number, in figures or kanji; a number in a building's name is none."""
    text = re.sub("第２", "", address)
    return [number(run) for run in re.findall("[0-9０-９]+|[〇一二三四五六七八九十百千]+", text)]


def number(run: str) -> int:
    if run[0] not in FIGURES and run[0] not in UNITS:
        return int(run)
    total = digit = 0
    for char in run:
        if char in UNITS:
            total, digit = total + (digit or 1) * UNITS[char], 0
        else:
            digit = FIGURES[char]
    return total + digit


def without_building(address: str) -> str:
    return re.sub("　.*?(?=[０-９]+号$)", "　", address)


def one_starts_the_other(pair: Pair) -> bool:
    short, long = sorted((pair.card.address, pair.row.address), key=len)
    return short != long and long.startswith(f"{short}　")


def differing(one: str, other: str) -> list[str]:
    return [a + b for a, b in zip(one, other, strict=True) if a != b]


def typo(pair: Pair) -> bool:
    (both,) = differing(pair.card.name, pair.row.name)
    return any(set(both) <= set(family) for family in LOOK_ALIKES + SOUND_ALIKES)


def is_latin(name: str) -> bool:
    return "Ａ" <= name[0] <= "Ｚ"


def whole(pair: Pair) -> bool:
    """Whether the roster's birth date, in figures, is not the card's."""
    return bool(pair.row.birth_date) and pair.row.birth_date != pair.card.birth_date


HOLDS: dict[str, Callable[[Pair], bool]] = {
    "width": lambda p: (
        compatible(p.card.name + p.card.address) == compatible(p.row.name + p.row.address)
    ),
    "spaces": lambda p: names(p, without(r"\s")),
    "old_form": lambda p: names(p, lambda text: text.translate(USUAL)),
    "compatible": lambda p: (
        compatible(p.card.name + p.card.address) == compatible(p.row.name + p.row.address)
    ),
    "selector": lambda p: names(p, without("[\U000e0100-\U000e01ef]")),
    "kana_size": lambda p: (
        p.card.name.translate(LARGE) == p.row.name and not set(p.row.kana) & set("ｧｨｩｪｫｯｬｭｮ")
    ),
    "sex_missing": lambda p: p.row.sex == "" and p.card.sex in ("1", "2"),
    "address_old_form": lambda p: addresses(p, lambda text: text.translate(USUAL)),
    "number_hyphens": lambda p: addresses(p, numbers),
    "number_no": lambda p: addresses(p, numbers),
    "number_mixed": lambda p: numbers(p.card.address) == numbers(p.row.address),
    "number_kanji": lambda p: addresses(p, numbers),
    "oaza_mark": lambda p: addresses(p, without("大字")),
    "aza_mark": lambda p: addresses(p, without("字")),
    "ke_mark": lambda p: addresses(p, without("[ヶケが]")),
    "no_mark": lambda p: addresses(p, without("[ノの之]")),
    "prefecture_absent": lambda p: (
        p.card.address.endswith("県" + p.row.address)
        or p.card.address.endswith("郡" + p.row.address)
    ),
    "county_absent": lambda p: p.card.address == p.row.address.replace("県", "県安芸郡"),
    "building_absent": one_starts_the_other,
    "building_notation": lambda p: numbers(p.card.address) == numbers(p.row.address),
    "room_by_hyphen": lambda p: addresses(p, lambda text: numbers(without_building(text))),
    "latin_order": lambda p: names(p, lambda text: "".join(sorted(re.split("[，　]+", text)))),
    "latin_case": lambda p: names(p, str.upper),
    "latin_spaces": lambda p: names(p, without("　")),
    "alias_beside": lambda p: (
        p.row.name.translate(USUAL)
        in (name := p.card.name.translate(USUAL), *re.split("[（）]", name))
    ),
    "moved": lambda p: p.card.name == p.row.name and p.card.address != p.row.address,
    "room_changed": lambda p: len(differing(p.card.address, p.row.address)) > 0,
    "surname_changed": lambda p: (
        p.card.name.split("　")[1] == p.row.name.split("　")[1] and p.card.name != p.row.name
    ),
    "koaza_differs": lambda p: (
        "字" in p.row.address.replace(p.card.address[:6], "") and addresses(p, numbers)
    ),
    "number_absent": lambda p: (
        re.fullmatch(re.escape(p.row.address) + "(字[^０-９]*)?[０-９].*", p.card.address)
        is not None
    ),
    "typo": typo,
    "birth_wrong": whole,
    "birth_unknown": lambda p: (
        p.row.birth_date[-2:] in ("", "00") or p.card.birth_date[-2:] == "00"
    ),
    "sex_wrong": lambda p: p.row.sex not in ("男女"[int(p.card.sex) - 1], p.card.sex, ""),
    "sex_nine": lambda p: p.card.sex == "9" and p.row.sex in ("男", "女", "1", "2"),
    "hidden_on_roster": lambda p: p.row.name.count("〓") == 1,
    "hidden_on_card": lambda p: p.card.name_flags[p.card.name.index("〓")] == "1",
    "twice_on_roster": lambda p: p.card.name == p.row.name,
    "registered_twice": lambda p: p.card.name == p.row.name,
    "alias_only": lambda p: is_latin(p.card.name) and not is_latin(p.row.name),
    "middle_missing": lambda p: p.card.name.startswith(p.row.name + "　"),
    "substituted": lambda p: (
        names(p, lambda text: text.translate(USUAL))
        and [flag == "1" for flag in p.card.name_flags]
        == [a != b for a, b in zip(p.card.name, p.row.name, strict=True)]
    ),
}
CONTENT = {each.name for each in content_of(municipality(0))}


def test_every_class_has_a_test() -> None:
    assert {each.name for each in SPELLING} | CONTENT | {"substituted"} == set(HOLDS)


@pytest.mark.parametrize("name", HOLDS)
def test_a_class_changes_what_it_says_and_leaves_the_rest(name: str) -> None:
    alone = [pair for pair in ordinary() if pair.classes - BIRTH_FORMS == {name}]

    assert alone
    assert [pair for pair in alone if not HOLDS[name](pair)] == []


def test_a_pair_without_a_class_is_equal_as_written() -> None:
    plain = [pair for pair in ordinary() if not pair.classes]

    assert len(plain) > 500
    for pair in plain:
        card, row = pair.card, pair.row
        sex = {"男": "1", "女": "2"}.get(row.sex, row.sex)
        assert (card.name, card.birth_date, card.sex, card.address) == (
            row.name, row.birth_date, sex, row.address,
        )  # fmt: skip


def test_content_makes_a_pair_doubtful_and_spelling_does_not() -> None:
    for pair in ordinary():
        expected = "may_review" if pair.classes & CONTENT else "must_accept"
        assert pair.label == expected
