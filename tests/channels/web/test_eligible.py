"""給付の対象か確かめる, on the web: a page of programs, and one for each."""

from pathlib import Path

from tests.channels.web.adapter import browsing
from todoke.v1.ledger_pb2 import (
    STANDING_ENTITLED,
    ExplainEligibilityRequest,
    ExplainEligibilityResponse,
    Explanation,
    ListOpenProgramsResponse,
    OpenProgram,
)
from todoke.v1.procedures_pb2 import Text

PROGRAM = "0198c0de-0000-7000-8000-0000000000e1"


def open_programs(_: object) -> ListOpenProgramsResponse:
    title = Text(by_language={"ja": "物価高騰支援給付金", "en": "Relief"})
    description = Text(by_language={"ja": "暮らしを支える給付です。"})
    one = OpenProgram(program_id=PROGRAM, title=title, description=description)
    return ListOpenProgramsResponse(programs=[one])


async def test_the_record_leads_to_the_programs_and_one_to_its_answer(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        await browser.sign_in()
        asked: list[ExplainEligibilityRequest] = []

        def explain(request: ExplainEligibilityRequest) -> ExplainEligibilityResponse:
            asked.append(request)
            told = Explanation(
                standing=STANDING_ENTITLED, rule="on_list", list_date="2026-11-24",
                next_step="answer", metadata={"amount": "30000", "filing_ends": "2027-01-31"},
            )  # fmt: skip
            return ExplainEligibilityResponse(explanation=told)

        browser.core.script["ListOpenPrograms"] = open_programs
        browser.core.script["ExplainEligibility"] = explain

        await browser.get("/me")
        assert 'href="/me/eligible"' in browser.page
        await browser.get("/me/eligible")
        assert f'href="/me/eligible/{PROGRAM}"' in browser.page
        await browser.get(f"/me/eligible/{PROGRAM}")

        for words in ("物価高騰支援給付金", "暮らしを支える", "30,000円", "2027年1月31日"):
            assert words in browser.page
        assert asked[0].program_id == PROGRAM
        assert asked[0].resident.speaker.external_id


async def test_a_program_that_is_not_open_is_not_found(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        await browser.sign_in()
        browser.core.script["ListOpenPrograms"] = lambda _: ListOpenProgramsResponse()

        await browser.get("/me/eligible")
        assert "受け付けている給付はありません" in browser.page
        await browser.get(f"/me/eligible/{PROGRAM}")

        assert browser.status == 404


async def test_who_is_not_signed_in_sees_none_of_it(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        await browser.get("/me/eligible")

        assert browser.where != "/me/eligible"
