"""The queue: deciding by keys and mouse, and every way in which deciding is refused."""

from grpc import StatusCode

from tests.tui.fake_core import City
from tests.tui.real_core import act
from tests.tui.sitting import Sitting, cells_before, signed_in
from todoke.v1.applications_pb2 import (
    APPLICATION_STATE_APPROVED,
    APPLICATION_STATE_REJECTED,
    APPLICATION_STATE_RETURNED,
    APPLICATION_STATE_SUBMITTED,
)
from tui.dialogs.ask import Ask


def three_waiting(city: City) -> None:
    program = city.add_program()
    for name in ("佐々木 花子", "工藤 太郎", "𠮷田 ハル"):
        city.add_application(program, name=name)


def many_waiting(city: City) -> None:
    program = city.add_program()
    for number in range(450):
        city.add_application(program, name=f"住民 {number:03d}")


def first(sitting: Sitting):
    return next(iter(sitting.city.applications.values()))


async def asking(sitting: Sitting, key: str) -> None:
    await sitting.press(key)
    await sitting.until(lambda: isinstance(sitting.screen, Ask))


async def test_approving_names_the_resident_and_focuses_the_safe_answer() -> None:
    async with signed_in(three_waiting) as sitting:
        await sitting.open("3")
        await asking(sitting, "a")
        await sitting.sees("佐々木 花子 さん")
        assert sitting.app.focused.id == "safe"
        await sitting.press("enter")
        await sitting.until(lambda: not isinstance(sitting.screen, Ask))
        assert not sitting.city.calls("ApproveApplication")


async def test_an_approved_application_leaves_the_queue() -> None:
    async with signed_in(three_waiting) as sitting:
        await sitting.open("3")
        await asking(sitting, "a")
        await sitting.press("right", "enter")
        await sitting.until(lambda: first(sitting).state == APPLICATION_STATE_APPROVED)
        await sitting.until(lambda: len(sitting.screen.live.shown) == 2)
        assert "承認しました" in sitting.toasts
        assert sitting.city.calls("ApproveApplication")[0].etag == "e1"


async def test_approving_works_with_the_mouse_alone() -> None:
    async with signed_in(three_waiting) as sitting:
        await sitting.open("3")
        await sitting.pilot.click("LiveTable", offset=(20, 2))
        await sitting.until(lambda: sitting.screen.row.resident_name == "工藤 太郎")
        bar = sitting.keys.splitlines()[0]
        await sitting.pilot.click("KeyBar", offset=(cells_before(bar, "a 承認"), 0))
        await sitting.until(lambda: isinstance(sitting.screen, Ask))
        await sitting.sees("工藤 太郎 さん")
        await act(sitting)
        await sitting.until(lambda: sitting.city.calls("ApproveApplication"))


async def test_sending_back_takes_a_reason() -> None:
    async with signed_in(three_waiting) as sitting:
        await sitting.open("3")
        await asking(sitting, "b")
        await sitting.press("enter", "right", "enter")
        await sitting.sees("理由: 1〜500文字で入力してください")
        await sitting.until(lambda: sitting.app.focused.id == "field-reason")
        await sitting.press("口", "座")
        await sitting.press("enter")
        assert sitting.app.focused.id == "safe"
        await sitting.press("right", "enter")
        await sitting.until(lambda: first(sitting).state == APPLICATION_STATE_RETURNED)
        asked = sitting.city.calls("ReturnApplication")
        assert [request.reason for request in asked] == ["", "口座"]


async def test_rejecting_takes_a_reason_without_a_my_number() -> None:
    async with signed_in(three_waiting) as sitting:
        await sitting.open("3")
        sitting.city.refuse("RejectApplication", "MY_NUMBER_REFUSED", metadata={"field": "reason"})
        await asking(sitting, "x")
        await sitting.type("123456789018")
        await sitting.press("enter", "right", "enter")
        await sitting.sees("マイナンバーと思われる")
        assert first(sitting).state == APPLICATION_STATE_SUBMITTED
        await sitting.press("enter")
        await sitting.until(lambda: first(sitting).state == APPLICATION_STATE_REJECTED)


async def test_a_press_after_a_lost_answer_has_the_same_request_id() -> None:
    async with signed_in(three_waiting) as sitting:
        await sitting.open("3")
        sitting.city.refuse("ApproveApplication", "", code=StatusCode.UNAVAILABLE)
        await asking(sitting, "a")
        await sitting.press("right", "enter")
        await sitting.sees("サーバーに接続できません")
        await sitting.press("enter")
        await sitting.until(lambda: first(sitting).state == APPLICATION_STATE_APPROVED)
        lost, taken = sitting.city.calls("ApproveApplication")
        assert lost.request_id == taken.request_id


async def test_a_row_that_someone_else_changed_is_explained_and_read_anew() -> None:
    async with signed_in(three_waiting) as sitting:
        await sitting.open("3")
        await asking(sitting, "a")
        first(sitting).etag = "e2"
        first(sitting).amount = 25_000
        await sitting.press("right", "enter")
        await sitting.until(lambda: "ほかの人が内容を変えました" in sitting.toasts)
        await sitting.until(lambda: sitting.screen.row.amount == 25_000)
        assert first(sitting).state == APPLICATION_STATE_SUBMITTED


async def test_a_wrong_state_is_told_in_words() -> None:
    async with signed_in(three_waiting) as sitting:
        await sitting.open("3")
        metadata = {"state": "paid", "verb": "approve"}
        sitting.city.refuse("ApproveApplication", "WRONG_STATE", metadata=metadata)
        await asking(sitting, "a")
        await sitting.press("right", "enter")
        await sitting.until(lambda: "いまの状態(支払済)では、この操作(承認)" in sitting.toasts)


async def test_who_may_not_decide_is_told_why() -> None:
    async with signed_in(three_waiting, name="mika") as sitting:
        await sitting.open("3")
        assert "(a) 承認" in sitting.keys
        await sitting.press("a")
        await sitting.until(lambda: "「審査担当」の権限が必要" in sitting.toasts)
        assert not isinstance(sitting.screen, Ask)
        bar = sitting.keys.splitlines()[0]
        await sitting.pilot.click("KeyBar", offset=(cells_before(bar, "(x) 却下"), 0))
        assert not isinstance(sitting.screen, Ask)


async def test_the_core_has_the_last_word_on_who_may() -> None:
    async with signed_in(three_waiting) as sitting:
        await sitting.open("3")
        code = StatusCode.PERMISSION_DENIED
        sitting.city.refuse("ApproveApplication", "CALLER_NOT_ALLOWED", code=code)
        await asking(sitting, "a")
        await sitting.press("right", "enter")
        await sitting.until(lambda: "この操作をする権限がありません" in sitting.toasts)


async def test_the_cursor_stays_on_its_row_while_others_come_and_go() -> None:
    async with signed_in(three_waiting) as sitting:
        await sitting.open("3")
        await sitting.press("down", "down")
        gone = first(sitting)
        gone.state = APPLICATION_STATE_APPROVED
        sitting.city.record("application.approved", gone.application_id, "staff:jiro")
        await sitting.until(lambda: len(sitting.screen.live.shown) == 2)
        assert sitting.screen.row.resident_name == "𠮷田 ハル"


async def test_details_show_the_history() -> None:
    async with signed_in(three_waiting) as sitting:
        await sitting.open("3")
        await sitting.press("d")
        await sitting.sees("佐々木 花子  物価高騰対策給付金  30,000円")
        await sitting.sees("[ ] 書類がそろっている")
        await sitting.sees("申請を受付")
        await sitting.press("escape")
        await sitting.sees("審査を待っている申請 3件")


async def test_a_filter_narrows_and_escape_clears_it() -> None:
    async with signed_in(three_waiting) as sitting:
        await sitting.open("3")
        await sitting.press("slash", "工", "藤", "enter")
        await sitting.until(lambda: len(sitting.screen.live.shown) == 1)
        await sitting.press("escape")
        await sitting.until(lambda: len(sitting.screen.live.shown) == 3)


async def test_pages_are_fetched_as_they_are_looked_at() -> None:
    async with signed_in(many_waiting) as sitting:
        await sitting.open("3")
        assert len(sitting.screen.listing.rows) == 200
        await sitting.press("end")
        await sitting.until(lambda: len(sitting.screen.listing.rows) == 400)
        await sitting.press("end")
        await sitting.until(lambda: len(sitting.screen.listing.rows) == 450)


async def test_a_filter_looks_through_all_pages() -> None:
    async with signed_in(many_waiting) as sitting:
        await sitting.open("3")
        await sitting.press("slash")
        await sitting.type("449")
        await sitting.until(lambda: len(sitting.screen.live.shown) == 1)


async def test_an_empty_queue_says_what_would_appear() -> None:
    async with signed_in() as sitting:
        await sitting.open("3")
        await sitting.sees("審査を待つ申請はありません。届くとここに並びます。")
        await sitting.press("a")
        await sitting.until(lambda: "行がありません" in sitting.toasts)


async def test_a_list_that_may_not_be_read_says_so() -> None:
    async with signed_in(three_waiting) as sitting:
        code = StatusCode.PERMISSION_DENIED
        sitting.city.refuse("ListApplications", "CALLER_NOT_ALLOWED", code=code)
        await sitting.open("3")
        await sitting.sees("この操作をする権限がありません")


def one_off_the_roster(city: City) -> None:
    program = city.add_program()
    city.add_application(program, name="佐々木 花子")
    left = city.add_application(program, name="工藤 太郎", state=APPLICATION_STATE_APPROVED)
    left.left_version = 2


async def test_what_left_the_roster_has_a_list_of_its_own_and_is_kept_with_a_reason() -> None:
    async with signed_in(one_off_the_roster) as sitting:
        await sitting.open("3")
        await sitting.press("s", "s")
        await sitting.sees("名簿から外れ、扱いを決める申請 1件")
        await sitting.sees("! 名簿外")
        await sitting.sees("第2版から名簿にありません")
        await asking(sitting, "o")
        await sitting.sees("工藤 太郎 さん")
        await sitting.press("理", "由", "tab")
        await act(sitting)
        await sitting.until(lambda: sitting.city.calls("KeepApplication"))
        assert sitting.city.calls("KeepApplication")[0].reason == "理由"
        await sitting.sees("名簿から外れた申請はありません")


async def test_an_approved_one_that_left_may_still_be_rejected() -> None:
    async with signed_in(one_off_the_roster) as sitting:
        await sitting.open("3")
        await sitting.press("s", "s")
        await sitting.sees("! 名簿外")
        await asking(sitting, "x")
        await sitting.press("理", "由", "tab")
        await act(sitting)
        await sitting.until(lambda: sitting.city.calls("RejectApplication"))
