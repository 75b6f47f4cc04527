"""What was answered, counted; and what was written, page by page, without who wrote it."""

from channels.line import limits, messages
from channels.line.leading import drafts, paper, reviewing
from channels.line.leading.seats import button, say
from channels.line.messages import Action, Message, card
from channels.line.verbs import Verb
from channels.line.visits import Visit
from todoke.v1 import circulars_pb2 as pb

MOST_TEXTS = 10


async def results(visit: Visit, circular_id: str) -> list[Message]:
    """Count what was answered; of a secret vote, once it is over."""
    language = visit.language
    circular = await drafts.get(visit, circular_id)
    counted = await _counted(visit, circular_id, "")
    lines = [say("answered", language, answered=counted.answered, of=counted.electorate)]
    if counted.on_paper:
        lines.append(say("answered_on_paper", language, count=counted.on_paper))
    if circular.content.vote.quorum_percent:
        lines.append(say("quorum" if counted.quorum_reached else "no_quorum", language))
    for result in counted.results:
        lines += _result(circular, result, language)
    ways = _ways(circular_id, counted, language)
    title, text = circular.content.title, "\n".join(lines[1:])
    if limits.units(text) <= reviewing.IN_BUBBLE:
        return [card(title, lines, ways)]
    return messages.within([*messages.texts(text), card(title, lines[:1], ways)])


async def written(visit: Visit, circular_id: str, token: str) -> list[Message]:
    """Show a page more of what was written, under its questions."""
    language = visit.language
    circular = await drafts.get(visit, circular_id)
    counted = await _counted(visit, circular_id, token)
    asked = {one.key: one.text for one in circular.content.questions}
    lines = []
    for result in counted.results:
        if result.texts:
            lines += [asked.get(result.question, ""), *_texts(result)]
    said = messages.texts("\n".join(lines)) if lines else []
    ways = _ways(circular_id, counted, language)
    last = card(paper.titled(circular), [say("texts_lead", language)], ways)
    return messages.within([*said, last])


async def _counted(visit: Visit, circular_id: str, token: str) -> pb.GetCircularResultsResponse:
    request = pb.GetCircularResultsRequest(
        speaker=visit.speaker, circular_id=circular_id, page_size=MOST_TEXTS, page_token=token
    )
    return await visit.core.ask(visit.core.circulars.GetCircularResults, request)


def _ways(circular_id: str, counted: pb.GetCircularResultsResponse, language: str) -> list[Action]:
    ways = [button("back", language, Verb.ROUND, circular_id)]
    if token := counted.next_page_token:
        ways.insert(0, button("texts_more", language, Verb.WRITTEN, circular_id, token))
    return ways


def _result(circular: pb.Circular, result: pb.QuestionResult, language: str) -> list[str]:
    if circular.kind == pb.CIRCULAR_KIND_ATTENDANCE:
        return [say("coming", language, count=result.counts.get("coming", 0))]
    content = circular.content
    asked = {one.key: one for one in content.questions}.get(result.question)
    options = asked.options if asked else content.vote.options
    lines = [asked.text] if asked else []
    lines += [
        say("choice", language, label=one.label, count=result.counts.get(one.value, 0))
        for one in options
    ]
    if result.written:
        lines.append(say("texts", language, count=result.written))
    return [*lines, *_texts(result)]


def _texts(result: pb.QuestionResult) -> list[str]:
    return [f"・{limits.clip(text, limits.DISPLAY_TEXT)}" for text in result.texts[:MOST_TEXTS]]
