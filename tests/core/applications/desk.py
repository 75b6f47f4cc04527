"""Reviewers, and the procedures that they decide."""

from dataclasses import dataclass

from core.callers import Role
from core.staff.rows import by_name
from tests.cards import Cards, a_holder
from tests.core.applications.talks import Talk, turn_id
from tests.makers import a_request_id, a_resident
from tests.town import MUNICIPALITY, Town
from todoke.client import Core
from todoke.v1 import applications_pb2 as pb
from todoke.v1 import procedures_pb2

CLUB = """
key: club
version: 1
title: {ja: 放課後児童クラブ, en: After-school club}
languages: [ja, en]
values:
  points: score * 2
checklist:
  - {key: papers, text: {ja: 書類がそろっている, en: All papers are there}}
  - {key: age, text: {ja: 学年が合っている, en: The grade is right}}
steps:
  - key: kana
    says: {ja: 保護者の名前をカナで教えてください。, en: Name in kana}
    label: {ja: カナ, en: Kana}
    text: {kind: kana}
  - key: home
    says: {ja: 住所を教えてください。, en: Where do you live}
    label: {ja: 住所, en: Address}
    address: {}
  - key: days
    says: {ja: 週に何日ですか。, en: How many days a week}
    label: {ja: 日数, en: Days}
    checks:
      - {check: days <= 6, text: {ja: 6日までです。, en: Six at most.}}
    number: {least: 1, most: 7}
  - key: score
    staff: true
    says: {ja: 指数, en: Score}
    label: {ja: 指数, en: Score}
    number: {least: 0, most: 100}
"""
"""Staff give a score, and tick two lines before they approve."""


@dataclass
class Reviewer:
    """Somebody who reviews."""

    core: Core
    staff_id: str

    async def get(self, id: str) -> pb.Application:
        return (await self.look(id)).application

    async def look(self, id: str) -> pb.GetApplicationResponse:
        request = pb.GetApplicationRequest(application_id=id)
        return await self.core.ask(self.core.applications.GetApplication, request)

    async def do(self, verb: str, id: str, *, etag: str = "", **more) -> pb.Application:
        """Assign, tick, answer, approve, return or reject, with the etag that stands."""
        etag = etag or (await self.get(id)).etag
        request = getattr(pb, f"{verb}Request")(
            application_id=id, etag=etag, request_id=a_request_id(), **more
        )
        return (await self.core.ask(getattr(self.core.applications, verb), request)).application

    async def answer(self, id: str, step: str, **given) -> pb.Application:
        answer = procedures_pb2.GivenAnswer(step=step, answer=procedures_pb2.Answer(**given))
        return await self.do("AnswerForStaff", id, answer=answer)

    async def listed(self, **wanted) -> list[str]:
        request = pb.ListApplicationsRequest(**wanted)
        page = await self.core.ask(self.core.applications.ListApplications, request)
        assert page.total_size == len(page.applications)
        return [one.application_id for one in page.applications]

    async def note(self, id: str, text: str) -> pb.Note:
        request = pb.AddNoteRequest(application_id=id, text=text, request_id=a_request_id())
        return (await self.core.ask(self.core.applications.AddNote, request)).note

    async def notes(self, id: str, **page) -> pb.ListNotesResponse:
        request = pb.ListNotesRequest(application_id=id, **page)
        return await self.core.ask(self.core.applications.ListNotes, request)

    async def compare(self, id: str) -> list[pb.ComparedFact]:
        request = pb.CompareApplicationRequest(application_id=id)
        return list((await self.core.ask(self.core.applications.CompareApplication, request)).facts)


async def a_reviewer(town: Town, name: str = "sato", *roles: Role) -> Reviewer:
    core = await town.staff(*(roles or (Role.REVIEWER,)), name=name)
    person = await town.read(lambda s: by_name(s, MUNICIPALITY, name))
    return Reviewer(core, person.id)


async def a_citizen(town: Town, cards: Cards) -> Talk:
    line = await town.channel("line")
    return Talk(line, (await a_resident(town, line, cards.issue(a_holder()))).external_id)


async def filed(talk: Talk, *, days: int = 3) -> str:
    """File for the club; the procedure is published already."""
    id = turn_id(await talk.begin("club"))
    await talk.answer(id, "kana", text="ソウジャ ハナコ")
    home = procedures_pb2.GivenAddress(area="岡山県総社市中央一丁目", rest="1-1")
    await talk.answer(id, "home", address=home)
    await talk.answer(id, "days", number=days)
    await talk.submit(id)
    return id
