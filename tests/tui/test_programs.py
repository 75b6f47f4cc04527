"""Programs: laying down, importing, matching, reviewing, inviting; and what stands in the way."""

from pathlib import Path

from tests.tui.fake_core import City
from tests.tui.sitting import Sitting, signed_in
from todoke.v1.eligibility_pb2 import ENTITLED_UNIT_PERSON
from todoke.v1.matching_pb2 import MATCH_DECISION_ACCEPTED, MATCH_DECISION_REFUSED
from todoke.v1.residents_pb2 import ASSURANCE_DIGITAL_AUTH_APP
from todoke.v1.rosters_pb2 import ErrorReasonDetail, RosterProblem
from tui.dialogs.ask import Ask
from tui.dialogs.note import Note
from tui.dialogs.roster import RosterDialog
from tui.screens.review import ReviewScreen


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


async def test_a_program_is_laid_down() -> None:
    async with signed_in() as sitting:
        await sitting.open("2")
        await sitting.sees("給付はまだありません")
        await opened(sitting, "n", Ask)
        await sitting.type("bukka-r8")
        await sitting.press("enter", "物", "価", "高", "enter")
        await sitting.press("tab", "enter", "down", "enter", "tab")
        await sitting.type("30,000")
        await sitting.press("enter")
        await sitting.type("210000000")
        await sitting.press("enter", "enter", "enter")
        await sitting.until(lambda: sitting.city.programs)
        await sitting.sees("bukka-r8")
        await sitting.until(lambda: "給付を作りました" in sitting.toasts)
        assert only_program(sitting).amount == 30_000
        assert only_program(sitting).required_assurance == ASSURANCE_DIGITAL_AUTH_APP
        await sitting.sees("必要な本人確認 認証アプリ")


async def test_wrong_fields_are_told_and_marked_and_nothing_is_laid_down() -> None:
    async with signed_in() as sitting:
        await sitting.open("2")
        await opened(sitting, "n", Ask)
        await sitting.type("X")
        await sitting.pilot.click("#act")
        await sitting.sees("1件の上限額(円): 1円以上の数字で入力してください")
        assert sitting.screen.query_one("#field-code").has_class("-wrong")
        assert not sitting.screen.query_one("#field-procedure").has_class("-wrong")
        assert sitting.app.focused.id == "field-code"
        assert not sitting.city.programs


async def test_a_taken_code_is_told_with_its_name() -> None:
    async with signed_in(without_roster) as sitting:
        await sitting.open("2")
        await opened(sitting, "n", Ask)
        await sitting.type("bukka1")
        await sitting.press("enter", "名", "tab", "tab", "tab", "1", "tab", "1")
        await sitting.pilot.click("#act")
        await sitting.sees("その略号の給付はもうあります(bukka1)")


async def test_a_roster_is_looked_at_then_imported(tmp_path: Path) -> None:
    roster = tmp_path / "meibo.csv"
    roster.write_bytes(b"x" * 600_000)
    async with signed_in(without_roster) as sitting:
        await sitting.open("2")
        await opened(sitting, "i", RosterDialog)
        sitting.screen.query_one("#path").value = str(roster)
        await sitting.press("enter")
        await sitting.sees("問題はありません。1,000行、合計 30,000,000円")
        assert not only_program(sitting).HasField("roster")
        await sitting.press("enter")
        await sitting.until(lambda: only_program(sitting).HasField("roster"))
        await sitting.until(lambda: "名簿を取り込みました" in sitting.toasts)
        await sitting.sees("meibo.csv")
        looked, taken = (header for header in sitting.city.calls("ImportRosterEnd"))
        assert looked.preview
        assert not taken.preview
        assert looked.request_id != taken.request_id


async def test_problems_are_listed_by_row_and_nothing_can_be_imported(tmp_path: Path) -> None:
    roster = tmp_path / "meibo.csv"
    roster.write_bytes(b"x")
    async with signed_in(without_roster) as sitting:
        detail = ErrorReasonDetail(reason="ROSTER_VALUE_UNREADABLE")
        sitting.city.problems = [
            RosterProblem(row=17, column="生年月日", reason=detail),
            RosterProblem(row=42, column="支給額", reason=detail),
        ]
        await sitting.open("2")
        await opened(sitting, "i", RosterDialog)
        sitting.screen.query_one("#path").value = str(roster)
        await sitting.press("enter")
        await sitting.sees("2か所の問題があるため取り込めません")
        await sitting.sees("17 生年月日")
        await sitting.sees("この値を読めません")
        assert sitting.screen.query_one("#take").disabled


async def test_a_roster_with_a_my_number_is_refused_in_words(tmp_path: Path) -> None:
    roster = tmp_path / "meibo.csv"
    roster.write_bytes(b"x")
    async with signed_in(without_roster) as sitting:
        metadata = {"row": "8", "column": "備考"}
        sitting.city.refuse("ImportRosterEnd", "MY_NUMBER_IN_ROSTER", metadata=metadata)
        await sitting.open("2")
        await opened(sitting, "i", RosterDialog)
        sitting.screen.query_one("#path").value = str(roster)
        await sitting.press("enter")
        await sitting.sees("8行目の「備考」にマイナンバーと思われる数字")


async def test_a_file_that_is_not_there_is_told_by_its_path(tmp_path: Path) -> None:
    async with signed_in(without_roster) as sitting:
        await sitting.open("2")
        await opened(sitting, "i", RosterDialog)
        sitting.screen.query_one("#path").value = str(tmp_path / "nai.csv")
        await sitting.press("enter")
        await sitting.sees("ファイルがありません")
        assert not sitting.city.calls("ImportRosterEnd")
        await sitting.press("escape")
        await sitting.until(lambda: not isinstance(sitting.screen, RosterDialog))


async def test_an_action_that_comes_too_early_says_what_comes_first() -> None:
    async with signed_in(without_roster) as sitting:
        await sitting.open("2")
        await sitting.press("m")
        await sitting.until(lambda: "先に i で名簿を取り込んでください" in sitting.toasts)
        assert "(m) 突合" in sitting.lines[-1]


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


async def test_a_doubtful_match_is_shown_from_both_sides_and_accepted_with_a_reason() -> None:
    async with signed_in(with_doubt) as sitting:
        await sitting.open("2")
        await opened(sitting, "v", ReviewScreen)
        await sitting.until(lambda: len(sitting.screen.live.shown) == 2)
        await sitting.sees("名簿 斎藤 義男")
        await sitting.sees("登録 齋藤 義男")
        await opened(sitting, "a", Ask)
        await sitting.sees("齋藤 義男 さん")
        await sitting.press("同", "enter", "enter")
        match = next(iter(sitting.city.matches.values()))
        await sitting.until(lambda: match.decision == MATCH_DECISION_ACCEPTED)
        await sitting.until(lambda: len(sitting.screen.live.shown) == 1)
        await sitting.press("escape")
        await sitting.until(lambda: not isinstance(sitting.screen, ReviewScreen))


async def test_a_doubtful_match_is_refused_with_a_reason() -> None:
    async with signed_in(with_doubt) as sitting:
        await sitting.open("2")
        await opened(sitting, "v", ReviewScreen)
        await sitting.until(lambda: len(sitting.screen.live.shown) == 2)
        await opened(sitting, "x", Ask)
        await sitting.press("別", "enter", "enter")
        match = next(iter(sitting.city.matches.values()))
        await sitting.until(lambda: match.decision == MATCH_DECISION_REFUSED)


async def test_a_match_that_was_decided_meanwhile_is_explained() -> None:
    async with signed_in(with_doubt) as sitting:
        await sitting.open("2")
        await opened(sitting, "v", ReviewScreen)
        await sitting.until(lambda: len(sitting.screen.live.shown) == 2)
        await opened(sitting, "a", Ask)
        sitting.city.refuse("DecideMatch", "MATCH_DECIDED", metadata={"decision": "accepted"})
        await sitting.press("同", "enter", "enter")
        await sitting.until(lambda: "判断済みです(同一人)" in sitting.toasts)


async def test_the_unit_of_a_program_is_chosen_from_a_list() -> None:
    async with signed_in() as sitting:
        await sitting.open("2")
        await opened(sitting, "n", Ask)
        await sitting.type("kosodate")
        await sitting.press("enter", "子", "enter", "enter", "down", "enter", "tab", "tab")
        await sitting.type("10000")
        await sitting.press("enter", "1", "enter", "enter", "enter")
        await sitting.until(lambda: sitting.city.programs)
        assert only_program(sitting).unit == ENTITLED_UNIT_PERSON
