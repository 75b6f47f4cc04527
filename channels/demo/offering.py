"""What anybody may file: a program without a roster, and a survey; filed, decided and paid."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from channels.demo import by_app, city_hall, faces, paying
from channels.demo.browser import Browser
from channels.demo.chat import Chat
from channels.demo.faces import Answer
from channels.demo.hearing import Kind
from channels.demo.open_plan import MOST, PEOPLE, Applicant, Applicants
from channels.demo.paying import Exported
from channels.demo.phone import Phone
from channels.demo.plan import Decision, Role, Ways
from channels.demo.receipt import photograph
from channels.demo.resident import Resident
from channels.demo.reviewing_helmets import HelmetReviewer
from channels.demo.stage import Stage
from channels.demo.steady import SteadyCore
from channels.demo.wording import catalogue
from todoke.v1.eligibility_pb2 import (
    ENTITLED_UNIT_PERSON,
    CreateProgramRequest,
    GetProgramRequest,
    Program,
)

JAPAN = timedelta(hours=9)
HELMET, SURVEY = "helmet_subsidy", "satisfaction_survey"
SURVEY_TITLE, THANKS = "市民満足度アンケート", "ご協力ありがとうございました"
BUDGET = 1_000_000


@dataclass(frozen=True, slots=True)
class Offered:
    """What was seen of it."""

    applicants: Applicants
    program: Program
    exported: Exported
    receipts: int
    surveys: list[str]
    seen_on_the_web: int


class Offering:
    """Plays the applicants and the staff, one act after the other."""

    def __init__(self, stage: Stage, applicants: Applicants) -> None:
        self._stage = stage
        self._applicants = applicants
        self._today = (datetime.now(UTC) + JAPAN).date()
        self._title = stage.words("program", "helmet")
        users = {one.number: one.registrant.line_user_id for one in applicants.each}
        self._chats = {number: Chat(Phone(stage.phones, id)) for number, id in users.items()}
        self._browsers = {
            number: Browser(stage.phones, id, stage.web_up) for number, id in users.items()
        }

    async def play(self) -> Offered:
        hall, teller, words = self._stage.hall, self._stage.teller, self._stage.words
        clerk = await hall.sign_in(city_hall.ELIGIBILITY.name)
        reviewer = HelmetReviewer(
            await hall.sign_in(city_hall.REVIEWER.name), self._applicants, words
        )
        with teller.step("offer"):
            program_id = await self._open(clerk)
        await self._each("apply", lambda one: self._apply(one, program_id))
        with teller.step("decide_helmets", PEOPLE) as step:
            await reviewer.decide(program_id)
            for one in self._applicants.each:
                if one.decision is Decision.RETURN:
                    await self._mend(one)
            await reviewer.decide(program_id)
            step.reach(PEOPLE)
        with teller.step("pay_helmets", len(self._applicants.paid)) as step:
            exported = await self._pay(program_id)
            step.reach(exported.batch.lines)
        seen = await self._each("look", self._look)
        await self._each("survey", self._answer_survey)
        request = GetProgramRequest(program_id=program_id)
        program = (await clerk.ask(clerk.core.eligibility.GetProgram, request)).program
        surveys = await reviewer.surveys(SURVEY)
        return Offered(self._applicants, program, exported, reviewer.receipts, surveys, sum(seen))

    async def _open(self, clerk: SteadyCore) -> str:
        request = CreateProgramRequest(
            code="helmet-2026",
            title=self._title,
            unit=ENTITLED_UNIT_PERSON,
            amount=MOST,
            budget=BUDGET,
            procedure=HELMET,
            open_to_all=True,
            request_id="demo:helmet",
        )
        answer = await clerk.ask(clerk.core.eligibility.CreateProgram, request)
        return answer.program.program_id

    async def _apply(self, one: Applicant, program_id: str) -> bool:
        """Register, and file; some begin again at once, and are told what stands."""
        chat, browser, answers = *self._of(one), self._helmet(one)
        if not one.in_line:
            await self._register_on_the_web(one)
            page = await faces.in_browser(browser, self._web, program_id, answers)
            return _submitted() in page.text
        role = Role(one.registrant, Ways.NOT_INVITED, Decision.NONE)
        await Resident(self._stage.phones, role, self._stage.line_up).register()
        await chat.hear("登録が終わりました")
        await faces.in_chat(chat, browser, self._title, answers)
        await faces.file_in_chat(chat)
        await chat.hear(_submitted())
        if one.again:
            await faces.begin_in_chat(chat, self._title)
            await chat.hear(_submitted())
        return True

    async def _mend(self, one: Applicant) -> None:
        """Send the photograph that staff asked for anew."""
        chat, _ = self._of(one)
        await chat.hear(self._stage.words("reasons", "receipt"))
        await chat.send_photo(self._receipt(one))
        await faces.file_in_chat(chat)
        await chat.hear(_submitted())

    async def _pay(self, program_id: str) -> Exported:
        """Let two people pay, as always."""
        hall = self._stage.hall
        proposer = await hall.sign_in(city_hall.PROPOSER.name)
        approver = await hall.sign_in(city_hall.APPROVER.name)
        batch = await paying.proposed(
            proposer, program_id=program_id, today=self._today, words=self._stage.words
        )
        batch = await paying.released(approver, batch)
        return await paying.exported(approver, batch, self._stage.folder.transfer)

    async def _look(self, one: Applicant) -> bool:
        """Hear the decision; return whether the web shows it, with the amount."""
        chat, browser = self._of(one)
        if one.in_line:
            kind = Kind.APPROVED if one.is_paid else Kind.REJECTED
            await chat.hear(catalogue("heard")[kind.value])
            return False
        page = await browser.open(f"{self._web}/me/applications")
        page = await browser.open(page.link_to("/me/applications/"))
        return f"{one.subsidy:,}円" in page.text

    async def _answer_survey(self, one: Applicant) -> bool:
        chat, browser = self._of(one)
        mark = "mark_5" if one.in_line else "mark_4"
        word = {"mark_5": "とても満足", "mark_4": "やや満足"}[mark]
        answers = [
            Answer("最近利用したサービス", "窓口", {"answer": "counter"}),
            Answer("どのくらい満足", word, {"answer": mark}),
            Answer("分かりやすかったですか", word, {"answer": mark}),
            Answer("年代", "なし", {"skip": "yes"}),
            Answer("ほかにご意見", "なし", {"skip": "yes"}),
        ]
        if one.in_line:
            await faces.in_chat(chat, browser, SURVEY_TITLE, answers)
            await chat.hear(THANKS)
            return True
        page = await faces.in_browser(browser, self._web, SURVEY, answers)
        return THANKS in page.text

    async def _register_on_the_web(self, one: Applicant) -> None:
        _, browser = self._of(one)
        await by_app.register(browser, self._web, one.registrant, self._stage.web_up)

    def _helmet(self, one: Applicant) -> list[Answer]:
        day = self._today
        western = {"era": "western", "year": str(day.year), "month": str(day.month)}
        return [
            Answer("安全基準のマーク", "SGマーク", {"answer": "sg"}),
            Answer("いつ購入しましたか", "今日", {**western, "day": str(day.day)}),
            Answer("購入金額", f"{one.price:,}円", {"answer": str(one.price)}),
            Answer("領収書", photo=self._receipt(one)),
            Answer("口座を教えてください", form=one.account),
        ]

    def _receipt(self, one: Applicant) -> bytes:
        day = self._today
        return photograph(
            ["領収書", f"{day:%Y-%m-%d}", "自転車用ヘルメット(SG)", f"{one.price:,}円(税込)"]
        )

    async def _each(self, name: str, act: Callable[[Applicant], Awaitable[bool]]) -> list[bool]:
        """Let all act at the same time; return what each found."""
        with self._stage.teller.step(name, PEOPLE) as step:

            async def acts(one: Applicant) -> bool:
                found = await act(one)
                step.advance()
                return found

            return await asyncio.gather(*(acts(one) for one in self._applicants.each))

    def _of(self, one: Applicant) -> tuple[Chat, Browser]:
        return self._chats[one.number], self._browsers[one.number]

    @property
    def _web(self) -> str:
        return self._stage.places.web_url


def _submitted() -> str:
    return str(catalogue("heard")[Kind.SUBMITTED.value])
