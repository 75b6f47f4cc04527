"""Eighty columns and twenty-four lines are enough, in both languages, wide characters and all."""

from rich.cells import cell_len

from tests.tui.fake_core import City
from tests.tui.sitting import SIZE, Sitting, cells_before, flat, in_each_language, signed_in
from tui.dialogs.ask import Ask
from tui.screens.leaf import Leaf

KEYS = {
    "2": ("create", "terms", "import", "rosters", "match", "review", "ledger", "close_program"),
    "3": ("approve", "send_back", "reject", "keep", "details", "scope", "narrow", "bulk", "enter"),
    "4": ("propose", "originator", "release", "override", "cancel", "export", "lines"),
    "5": ("filter", "campaigns", "scope"),
    "6": ("verify", "subject"),
    "8": ("register", "confirm", "refuse_registration", "details", "link_code", "scope"),
    "9": ("open_draft", "publish", "versions", "import_procedure", "retire"),
}
LEAVES = {
    "d": ("revise",),
    "l": ("import", "differences"),
    "v": ("accept", "refuse", "take_back", "confirm_match", "keep_rule", "rules", "scope"),
    "o": ("record_contact", "letters", "progress", "open_resident", "enter", "scope"),
    "c": ("propose_crossing", "approve", "export_crossing", "import_links", "sealing_key"),
}
"""What a program's keys open, and the keys there."""

DIALOGS = ("2n", "2p", "2z", "3a", "3x", "4o", "4n", "4v", "8a", "8x")
"""The key of a list and the key of the dialog."""


def a_full_city(city: City) -> None:
    city.residents = 300
    program = city.add_program("物価高騰重点支援給付金(追加給付・令和八年度)")
    for _ in range(40):
        city.add_application(program, name="長谷川 エリザベス 美咲")
    city.add_match(program, resident="齋藤 義男", roster="斎藤 義男")
    batch = city.add_batch(program, proposer="jiro")
    batch.findings.add(kind="above_budget")
    for state in range(1, 7):
        city.add_dispatch(state)
    city.add_registration("長谷川 エリザベス 美咲", proposer="jiro")
    city.record("program.created", program.program_id)


@in_each_language
async def test_every_key_of_every_screen_is_seen(language: str) -> None:
    async with signed_in(a_full_city, language=language) as sitting:
        for digit, names in KEYS.items():
            await sitting.open(digit)
            await sitting.until(lambda: len(sitting.screen.live.shown) > 0)
            for name in names:
                assert sitting.words(f"key.{name}") in sitting.keys, digit


@in_each_language
async def test_every_line_is_exactly_as_wide_as_the_terminal(language: str) -> None:
    async with signed_in(a_full_city, language=language, tour=True) as sitting:
        for digit in KEYS:
            await sitting.open(digit)
            assert [cell_len(line) for line in sitting.lines] == [SIZE[0]] * SIZE[1]


@in_each_language
async def test_what_a_program_opens_fits_with_every_key(language: str) -> None:
    def fill(city: City) -> None:
        a_full_city(city)
        (program,) = city.programs.values()
        city.add_crossing(program, proposer="jiro")
        for state in range(1, 9):
            city.add_line("長谷川 エリザベス 美咲", state)

    async with signed_in(fill, language=language) as sitting:
        await sitting.open("2")
        for key, names in LEAVES.items():
            await sitting.press(key)
            await sitting.until(lambda: isinstance(sitting.screen, Leaf))
            await sitting.until(lambda: len(sitting.screen.live.shown) > 0)
            await sitting.until(lambda: sitting.screen.query_one("#panel").region.height > 0)
            for name in names:
                assert sitting.words(f"key.{name}") in sitting.keys, key
            assert [cell_len(line) for line in sitting.lines] == [SIZE[0]] * SIZE[1]
            await sitting.press("escape")
            await sitting.until(lambda: not isinstance(sitting.screen, Leaf))


@in_each_language
async def test_dialogs_show_both_answers_whole(language: str) -> None:
    async with signed_in(a_full_city, language=language) as sitting:
        for digit, key in DIALOGS:
            await sitting.open(digit)
            await sitting.until(lambda: len(sitting.screen.live.shown) > 0)
            await assert_dialog_is_whole(sitting, key)


async def test_amounts_and_states_are_not_cut() -> None:
    async with signed_in(a_full_city) as sitting:
        await sitting.open("3")
        await sitting.sees("30,000円 ? 審査待ち")
        await sitting.open("4")
        await sitting.sees("90,000円 2026-12-10 ! ? 承認待ち")


async def test_columns_stand_under_one_another_whatever_is_written_in_them() -> None:
    async with signed_in(a_full_city) as sitting:
        await sitting.open("3")
        header, *rows = sitting.lines[3:8]
        assert {cells_before(row, "?") for row in rows} == {cells_before(header, "状態")}


async def assert_dialog_is_whole(sitting: Sitting, key: str) -> None:
    """Open the dialog of a key, see all of it, and leave it."""
    await sitting.press(key)
    await sitting.until(lambda: isinstance(sitting.screen, Ask))
    for button in sitting.screen.query("Button"):
        await sitting.sees(str(button.label))
    assert_about_is_whole(sitting)
    await sitting.press("escape")
    await sitting.until(lambda: not isinstance(sitting.screen, Ask))


def assert_about_is_whole(sitting: Sitting) -> None:
    about, body = (sitting.screen.query_one(name) for name in (".dialog-about", ".dialog-body"))
    assert flat(str(about.content))
    assert body.max_scroll_y == 0 or body.size.height >= about.size.height
    assert sitting.screen.query_one(".dialog").region.bottom <= SIZE[1]
