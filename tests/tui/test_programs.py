"""Programs: laying down, revising, closing, matching, inviting; and what stands in the way."""

from tests.tui.fake_core import City
from tests.tui.real_core import act
from tests.tui.sitting import Sitting, signed_in
from tui.dialogs.ask import Ask
from tui.dialogs.note import Note
from tui.screens.versions import VersionsScreen


def without_roster(city: City) -> None:
    city.add_program(roster=False)


def with_doubt(city: City) -> None:
    program = city.add_program()
    city.add_match(program, resident="齋藤 義男", roster="斎藤 義男")
    city.add_match(program, resident="𠮷田 ハル", roster="吉田 はる")


def only_program(sitting: Sitting):
    return next(iter(sitting.city.programs.values()))


async def opened(sitting: Sitting, key: str, kind: type) -> None:
    await sitting.press(key)
    await sitting.until(lambda: isinstance(sitting.screen, kind))


async def test_an_action_that_comes_too_early_says_what_comes_first() -> None:
    async with signed_in(without_roster) as sitting:
        await sitting.open("2")
        await sitting.press("m")
        await sitting.until(lambda: "先に i で名簿を取り込んでください" in sitting.toasts)
        assert "(m) 突合" in sitting.keys


async def test_matching_tells_what_it_found() -> None:
    async with signed_in(with_doubt) as sitting:
        await sitting.open("2")
        await opened(sitting, "m", Ask)
        await sitting.press("right", "enter")
        await sitting.until(lambda: isinstance(sitting.screen, Note))
        await sitting.sees("今回結ばれた組      284件")


async def test_inviting_asks_first_and_tells_who_was_left_out() -> None:
    async with signed_in(with_doubt) as sitting:
        await sitting.open("2")
        await opened(sitting, "p", Ask)
        assert sitting.app.focused.id == "safe"
        await sitting.press("right", "enter")
        await sitting.until(lambda: isinstance(sitting.screen, Note))
        await sitting.sees("抑止で送らない人      2人")
        await sitting.sees("本人確認が足りない人  4人")
        await sitting.sees("登録が終わった人      5人")


async def fill_in(sitting: Sitting, **values: str | bool) -> None:
    for name, value in values.items():
        sitting.screen.query_one(f"#field-{name}").value = value
    await sitting.pilot.pause()


SHOWN = ("amount", "most", "age_date", "bands")
NEW = {
    "title": "子育て応援給付",
    "description": "子育て世帯への給付です。",
    "budget": "210,000,000",
    "end_date": "R9.2.26",
}


async def test_a_program_is_laid_down_with_all_its_terms_in_sections() -> None:
    async with signed_in() as sitting:
        await sitting.open("2")
        await sitting.sees("給付はまだありません")
        await opened(sitting, "n", Ask)
        await sitting.sees("■ 名称と説明")
        await sitting.type("kosodate")
        await sitting.press("pagedown")
        assert sitting.app.focused.id == "field-title"
        await sitting.press("pagedown", "pagedown", "pagedown")
        await sitting.sees("■ 本人確認と支払い方")
        await sitting.press("pageup", "pageup")
        assert sitting.app.focused.id == "field-rule"
        await fill_in(sitting, **NEW, rule="by_age", age_date="R8.4.1", bands="0-17:20,000,18-")
        shown = {name: sitting.screen.query_one(f"#field-{name}").parent.display for name in SHOWN}
        assert shown == {"amount": False, "most": False, "age_date": True, "bands": True}
        await act(sitting)
        await sitting.sees("始めの年齢-終わりの年齢")
        assert sitting.app.focused.id == "field-bands"
        await fill_in(sitting, bands="0-17:20,000 65-:10000", freezes="R8.12.10〜R8.12.12")
        await fill_in(sitting, deciders="jiro、mika", approvals="2")
        await act(sitting)
        await sitting.until(lambda: "給付を作りました" in sitting.toasts)
        program = only_program(sitting)
        terms = program.terms
        assert program.amount == 20_000
        assert [(b.from_age, b.to_age) for b in terms.amount.by_age.bands] == [(0, 17), (65, 150)]
        assert terms.freezes[0].end_date == "2026-12-12"
        assert list(terms.deciders) == ["jiro", "mika"]
        assert terms.approvals == 2


async def test_a_taken_code_and_wrong_fields_are_told_at_their_fields() -> None:
    async with signed_in(without_roster) as sitting:
        await sitting.open("2")
        await opened(sitting, "n", Ask)
        await sitting.type("bukka1")
        await fill_in(sitting, **NEW)
        await act(sitting)
        await sitting.sees("金額(円): 1円以上の数字で入力してください")
        assert sitting.app.focused.id == "field-amount"
        assert not sitting.screen.query_one("#field-procedure").has_class("-wrong")
        await fill_in(sitting, amount="30000")
        await act(sitting)
        await sitting.sees("その略号の給付はもうあります(bukka1)")


async def test_terms_are_revised_seen_by_version_and_the_program_is_closed() -> None:
    async with signed_in(without_roster) as sitting:
        await sitting.open("2")
        await opened(sitting, "d", VersionsScreen)
        await sitting.sees("一律 30,000円")
        await opened(sitting, "n", Ask)
        await fill_in(sitting, amount="40000", second_eyes=True, reason="議会の議決")
        await act(sitting)
        await sitting.sees("一律 40,000円")
        await sitting.press("home")
        await sitting.sees("二人目の確認 あり")
        assert len(sitting.screen.live.shown) == 2
        await sitting.press("escape")
        await sitting.until(lambda: not isinstance(sitting.screen, VersionsScreen))
        await opened(sitting, "z", Ask)
        assert sitting.app.focused.id == "field-reason"
        await sitting.press("終", "enter")
        assert sitting.app.focused.id == "safe"
        await sitting.press("right", "enter")
        await sitting.sees("― 終了")
        await sitting.press("z")
        await sitting.until(lambda: "この給付は締め切られています" in sitting.toasts)
