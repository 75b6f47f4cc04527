"""The review of doubtful matches: what the core refuses, ten thousand of them, and each letter."""

from tests.tui.fake_core import City
from tests.tui.sitting import Sitting, signed_in
from tui.dialogs.ask import Ask
from tui.letters import letters, pairs
from tui.screens.review import ReviewScreen
from tui.widgets.side_by_side import Sides, code_points, side_by_side

VARIANT = "葛\N{VARIATION SELECTOR-17}"


def with_doubts(city: City) -> None:
    program = city.add_program()
    first = city.add_match(program, resident="髙橋 義男", roster="高橋 義男")
    first.resident_name_flags = "00001"
    city.add_match(program, resident="𠮷田 ハル", roster="吉田 はる")
    city.add_match(program, resident="齋藤 正", roster="斎藤 正")


async def at_review(sitting: Sitting, rows: int = 3) -> ReviewScreen:
    await sitting.open("2")
    await sitting.press("v")
    await sitting.until(lambda: isinstance(sitting.screen, ReviewScreen))
    await sitting.until(lambda: len(sitting.screen.live.shown) == rows)
    return sitting.screen


async def asked(sitting: Sitting, key: str) -> None:
    await sitting.press(key)
    await sitting.until(lambda: isinstance(sitting.screen, Ask))


def decisions(sitting: Sitting) -> list[int]:
    return [match.decision for match in sitting.city.matches.values()]


async def test_a_refusal_of_the_core_is_explained_and_a_refused_pair_leaves_the_list() -> None:
    async with signed_in(with_doubts) as sitting:
        screen = await at_review(sitting)
        await asked(sitting, "x")
        sitting.city.refuse("DecideMatch", "MATCH_DECIDED", metadata={"decision": "accepted"})
        await sitting.press("別", "enter", "enter")
        await sitting.until(lambda: "判断済みです(同一人)" in sitting.toasts)
        await asked(sitting, "x")
        await sitting.press("別", "enter", "enter")
        await sitting.until(lambda: len(screen.live.shown) == 2)


async def test_ten_thousand_pairs_are_gone_through() -> None:
    def fill(city: City) -> None:
        program = city.add_program()
        for _ in range(10_000):
            city.add_match(program, resident="髙橋 義男", roster="高橋 義男")

    async with signed_in(fill) as sitting:
        screen = await at_review(sitting, rows=200)
        await sitting.sees("あと 10,000件")
        await asked(sitting, "a")
        await sitting.press("同", "enter", "enter")
        await sitting.sees("あと 9,999件")
        assert isinstance(screen.live.selected.match_id, str)
        assert len(sitting.city.calls("ListMatches")) < 6


def test_characters_keep_their_variant_and_their_place() -> None:
    (one,) = letters(VARIANT)
    assert one.drawn == "葛"
    assert one.points == "U+845B U+E0100"
    (pair,) = pairs(letters("葛"), letters(VARIANT))
    assert not pair.same
    assert code_points("葛 子", f"{VARIANT}\N{IDEOGRAPHIC SPACE}子")[0].startswith("葛 U+845B ≠")


def test_a_long_address_is_broken_alike_on_both_sides() -> None:
    sides = Sides("ours", "theirs", "both")
    drawn = str(side_by_side("x", sides, "ab" * 30, "ab" * 29 + "c", width=52)).splitlines()
    ours, theirs, signs = drawn[-3:]
    assert len(ours) == len(theirs) == 52
    assert theirs.endswith("c·")
    assert signs.strip() == "^^"
    assert max(map(len, drawn)) <= 52
