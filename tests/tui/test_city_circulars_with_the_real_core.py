"""The city's circulars to leaders of associations, by keys alone, with the real core."""

from pathlib import Path

import pytest
from PIL import Image

from core.callers import Role
from tests import town
from tests.tui.real_core import act, asking, fill_in, hire, sat_down
from tests.tui.test_associations_with_the_real_core import a_neighbourhood, the_associations
from tui.dialogs.note import Note


def drawn(path: Path) -> None:
    Image.new("RGB", (64, 48), "white").save(path)


@pytest.mark.slow
async def test_the_citys_circular_is_written_sent_followed_and_taken_back(
    hall: town.Town,
) -> None:
    await hire(hall, "ono", Role.ASSOCIATIONS)
    await a_neighbourhood(hall)
    async with sat_down(hall, "ono") as sitting:
        await the_associations(sitting)
        await sitting.press("c")
        await sitting.sees("市の回覧はまだありません")
        await asking(sitting, "n")
        await fill_in(
            sitting, circular_title="防災訓練", circular_kind="CIRCULAR_KIND_SURVEY",
            whom="chosen", associations="9999",
        )  # fmt: skip
        await sitting.sees("問い | 選択肢 / 選択肢")
        sitting.screen.query_one("#field-questions").text = "*何を | 水 / 食料\nご意見"
        await act(sitting)
        await sitting.sees("空白で区切って入力してください")
        await fill_in(sitting, whom="all")
        await sitting.until(lambda: isinstance(sitting.screen, Note))
        await sitting.sees("いま 会長(いなければ副会長)のいる 1世帯に届きます")
        await sitting.press("enter")
        await asking(sitting, "e")
        assert sitting.screen.query_one("#field-questions").text == "*何を | 水 / 食料\nご意見"
        await fill_in(sitting, circular_title="防災訓練のご案内")
        await sitting.until(lambda: isinstance(sitting.screen, Note))
        await sitting.press("enter")

        await sitting.until(lambda: "(m) 催促" in sitting.keys)
        await asking(sitting, "s")
        await act(sitting)
        await sitting.sees("回覧中")
        await sitting.press("w")
        await sitting.sees("○ 未読")
        await sitting.sees("まだ")
        await asking(sitting, "m")
        await act(sitting)
        await sitting.until(lambda: "1世帯に催促しました" in sitting.toasts)
        await asking(sitting, "m")
        await act(sitting)
        await sitting.until(lambda: "きょうはもう催促しています" in sitting.toasts)
        await sitting.press("escape", "o")
        await sitting.sees("1 のうち 0 が答えました")
        await sitting.press("enter")
        await asking(sitting, "x")
        await fill_in(sitting, reason="日程の変更")
        await sitting.sees("取り下げたわけ 日程の変更")


@pytest.mark.slow
async def test_what_is_out_is_corrected_in_a_new_version_with_a_file(
    hall: town.Town, tmp_path: Path
) -> None:
    await hire(hall, "ono", Role.ASSOCIATIONS)
    await a_neighbourhood(hall)
    async with sat_down(hall, "ono") as sitting:
        await the_associations(sitting)
        await sitting.press("c")
        await asking(sitting, "n")
        await fill_in(
            sitting, circular_title="議事", circular_kind="CIRCULAR_KIND_VOTE",
            options="賛成", whom="all", passing="leaders_only",
        )  # fmt: skip
        await sitting.sees("賛成 / 反対")
        await fill_in(sitting, options="賛成 / 反対", quorum="50")
        await sitting.sees("期日")
        await fill_in(sitting, due_date="R12.12.20")
        await sitting.until(lambda: isinstance(sitting.screen, Note))
        await sitting.press("enter")
        await asking(sitting, "s")
        await sitting.sees("会長限り(会員には回せない)")
        await act(sitting)
        await sitting.sees("回覧中")
        await sitting.press("w")
        await sitting.sees("会員には回せません")
        await sitting.press("escape")
        await asking(sitting, "e")
        picture = tmp_path / "plan.png"
        await fill_in(
            sitting, circular_title="臨時総会の議事", correction="題名", attached=str(picture)
        )
        await sitting.sees("ファイルがありません")
        drawn(picture)
        await act(sitting)
        await sitting.until(lambda: "訂正しました" in sitting.toasts)
        await sitting.sees("直したところ 題名")
        await sitting.press("d")
        await sitting.sees("添付 1点")


async def test_a_draft_that_was_not_sent_is_thrown_away(hall: town.Town) -> None:
    await hire(hall, "ono", Role.ASSOCIATIONS)
    await a_neighbourhood(hall)
    async with sat_down(hall, "ono") as sitting:
        await the_associations(sitting)
        await sitting.press("c")
        await asking(sitting, "n")
        await fill_in(sitting, circular_title="防災訓練", whom="all")
        await sitting.until(lambda: isinstance(sitting.screen, Note))
        await sitting.press("enter")

        await asking(sitting, "x")
        await sitting.sees("まだ送っていません")
        await act(sitting)

        await sitting.until(lambda: "捨てました" in sitting.toasts)
        await sitting.until(lambda: "防災訓練" not in sitting.text)
