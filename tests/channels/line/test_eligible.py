"""給付の対象か確かめる: the open programs first, then why and what to do."""

from pathlib import Path

from tests.channels.line.adapter import running
from tests.channels.line.chat import register, tap
from todoke.v1.ledger_pb2 import (
    STANDING_ASSURANCE_TOO_LOW,
    STANDING_NOT_FOUND,
    ExplainEligibilityRequest,
    ExplainEligibilityResponse,
    Explanation,
    ListOpenProgramsResponse,
    OpenProgram,
)
from todoke.v1.procedures_pb2 import Text

PROGRAM = "0198c0de-0000-7000-8000-0000000000e1"


def open_programs(number: int) -> ListOpenProgramsResponse:
    return ListOpenProgramsResponse(
        programs=[
            OpenProgram(
                program_id=f"{PROGRAM[:-2]}{place:02x}",
                title=Text(by_language={"ja": f"給付金{place}", "en": f"Benefit {place}"}),
            )
            for place in range(1, number + 1)
        ]
    )


async def test_the_menu_leads_to_the_programs_and_one_to_its_answer(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        register(adapter)
        asked: list[ExplainEligibilityRequest] = []

        def explain(request: ExplainEligibilityRequest) -> ExplainEligibilityResponse:
            asked.append(request)
            told = Explanation(
                standing=STANDING_NOT_FOUND, rule="not_on_list", list_date="2026-11-24",
                next_step="ask_counter",
            )  # fmt: skip
            return ExplainEligibilityResponse(explanation=told)

        adapter.core.script["ListOpenPrograms"] = lambda _: open_programs(7)
        adapter.core.script["ExplainEligibility"] = explain

        menu = await tap(adapter, "1:menu:1")
        first = await tap(adapter, "1:eligible:1")
        second = await tap(adapter, "1:eligible:2")
        answer = await tap(adapter, first.data[0])

        assert "1:eligible:1" in menu.data
        assert first.data[:5] == [f"1:eligible_for:{PROGRAM[:-2]}{n:02x}" for n in range(1, 6)]
        assert first.data[5:] == ["1:eligible:2", "1:menu:1"]
        assert second.data[2:] == ["1:eligible:1", "1:menu:1"]
        assert "給付金1" in answer.words
        assert "見つかりませんでした" in answer.words
        assert "2026年11月24日" in answer.words
        assert "窓口かお電話" in answer.words
        assert asked[0].program_id == f"{PROGRAM[:-2]}01"
        assert asked[0].resident.speaker.external_id
        assert asked[0].resident.speaker.for_resident_id == ""


async def test_who_must_verify_again_gets_the_button_for_it(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        register(adapter, language="en")
        told = Explanation(
            standing=STANDING_ASSURANCE_TOO_LOW, rule="assurance_too_low", next_step="verify_again"
        )
        adapter.core.script["ListOpenPrograms"] = lambda _: open_programs(1)
        adapter.core.script["ExplainEligibility"] = lambda _: ExplainEligibilityResponse(
            explanation=told
        )

        answer = await tap(adapter, f"1:eligible_for:{PROGRAM}")

        assert answer.data == ["1:register", "1:menu:1"]
        assert "stronger proof" in answer.words


async def test_a_rule_younger_than_the_catalogue_is_worded_all_the_same(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        register(adapter)
        adapter.core.script["ListOpenPrograms"] = lambda _: open_programs(0)
        adapter.core.script["ExplainEligibility"] = lambda _: ExplainEligibilityResponse(
            explanation=Explanation(rule="from_tomorrow", next_step="fly")
        )

        assert "受け付けている給付はありません" in (await tap(adapter, "1:eligible:1")).words
        answer = await tap(adapter, f"1:eligible_for:{PROGRAM}")

        assert "市役所でお答えします" in answer.words


async def test_who_is_not_registered_is_asked_to(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        for data in ("1:eligible:1", f"1:eligible_for:{PROGRAM}"):
            assert "まだ登録がありません" in (await tap(adapter, data)).words
