"""The language and the topics that a resident wants to hear of."""

from starlette.requests import Request
from starlette.responses import Response

from channels import wording
from channels.pages import LANGUAGES, Problems, leads_to
from channels.web import forms, record, sessions, speaking
from channels.web.pages import language, page, problems, web
from todoke.client import CoreError
from todoke.v1.procedures_pb2 import Text
from todoke.v1.residents_pb2 import ChooseTopicsRequest, ListTopicsRequest, Topic


@speaking.for_oneself
async def show(request: Request, wrong: Problems | None = None) -> Response:
    found = await record.of(request, speaking.myself(request))
    topics = [(topic.key, _title(topic.title, language(request))) for topic in await _all(request)]
    return page(request, "choices.html", problems=wrong or {}, choices=found.choices, topics=topics)


@speaking.for_oneself
async def save(request: Request) -> Response:
    form = await forms.read(request)
    chosen = form.one("language")
    asked = ChooseTopicsRequest(
        speaker=speaking.own(request),
        language=chosen if chosen in {tag for tag, _ in LANGUAGES} else wording.FIRST,
        topics=sorted(set(form.get("topic", []))),
        etag=form.one("etag"),
        request_id=form.request_id,
    )
    try:
        await speaking.ask(request, web(request).core.residents.ChooseTopics, asked)
    except CoreError as error:
        return await show(request, problems(request, error))
    session = sessions.of(request)
    session.language = asked.language
    session.said = "choices.saved"
    return leads_to("/me/choices")


async def _all(request: Request) -> list[Topic]:
    core = web(request).core
    pages = core.pages(core.residents.ListTopics, ListTopicsRequest())
    return [one async for page in pages for one in page.topics]


def _title(text: Text, spoken: str) -> str:
    """Choose the nearest of a text's languages."""
    by = text.by_language
    nearest = (spoken, spoken.partition("-")[0], wording.FIRST, *by)
    return next((by[tag] for tag in nearest if tag in by), "")
