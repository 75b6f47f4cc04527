"""What is asked and shown of a circular of the city once it is written."""

from todoke.client import Core
from todoke.v1 import circulars_pb2 as pb
from tui import formats
from tui.dates import read_date
from tui.desk import Desk
from tui.dialogs.ask import Answers, Ask, Field
from tui.screens.campaign_dialogs import moment_of
from tui.wording import Words

REASON = 500


async def preview_text(desk: Desk, circular: pb.Circular) -> str:
    """Count whom a draft would reach now, and how. Raises CoreError."""
    words, core = desk.words, desk.core
    request = pb.PreviewCircularRequest(circular_id=circular.circular_id)
    found = await core.ask(core.circulars.PreviewCircular, request)
    channels = [
        words(
            "circular_channel",
            channel=words.channel(channel),
            count=formats.count(number),
        )
        for channel, number in sorted(found.by_channel.items())
    ]
    lines = [
        words("note.circular_found", count=formats.count(found.households)),
        words("comma").join(channels),
        words("note.circular_paper", count=formats.count(found.paper)) if found.paper else "",
        words("note.circular_nobody") if not found.households else "",
    ]
    return "\n".join(line for line in lines if line)


PAGES = 10
"""So many pages of what was written are read; how many more there are is said."""


async def _counted(
    core: Core, request: pb.GetCircularResultsRequest
) -> pb.GetCircularResultsResponse:
    """Return the counts with what was written, as far as so many pages go. Raises CoreError."""
    counted: pb.GetCircularResultsResponse | None = None
    async for page in core.pages(core.circulars.GetCircularResults, request, most=PAGES):
        if counted is None:
            counted = page
            continue
        for result, more in zip(counted.results, page.results, strict=False):
            result.texts.extend(more.texts)
    return counted or pb.GetCircularResultsResponse()


async def results_text(desk: Desk, circular: pb.Circular) -> str:
    """Count what was answered. Raises CoreError."""
    words, core = desk.words, desk.core
    request = pb.GetCircularResultsRequest(circular_id=circular.circular_id)
    found = await _counted(core, request)
    content = circular.content
    lines = [
        words(
            "note.circular_answered",
            answered=formats.count(found.answered),
            electorate=formats.count(found.electorate),
        )
    ]
    if circular.kind == pb.CIRCULAR_KIND_VOTE:
        lines.append(words(f"note.quorum_{'reached' if found.quorum_reached else 'missed'}"))
    for one in found.results:
        asked = next((q for q in content.questions if q.key == one.question), None)
        labels = {o.value: o.label for o in (asked.options if asked else content.vote.options)}
        if asked is not None:
            lines.append(formats.plain(asked.text))
        lines += [
            words(
                "note.circular_count",
                label=formats.plain(labels.get(value) or words("people_coming")),
                count=formats.count(number),
            )
            for value, number in sorted(one.counts.items())
        ]
        lines += [words("note.circular_text", text=formats.plain(text)) for text in one.texts]
        if one.written > len(one.texts):
            more = formats.count(one.written - len(one.texts))
            lines.append(words("note.circular_texts_more", count=more))
    return "\n".join(lines)


def ask_send(desk: Desk, circular: pb.Circular) -> Ask:
    """Send it now, or at a time of a day."""
    words, core = desk.words, desk.core

    async def send(answers: Answers, request_id: str) -> None:
        request = pb.PublishCircularRequest(
            circular_id=circular.circular_id, etag=circular.etag, request_id=request_id
        )
        day = read_date(words, answers["start_day"], "start_day")
        if day:
            request.publish_time.FromDatetime(moment_of(day, str(answers["start_clock"])))
        await core.ask(core.circulars.PublishCircular, request)

    fields = (
        Field("start_day", part="publish_time"),
        Field("start_clock", value="09:00", limit=5, part="publish_time"),
    )
    about = words(
        "ask.send_circular.about",
        title=formats.plain(circular.content.title),
        whom=whom(words, circular.targets),
        body=formats.plain(circular.content.body),
    )
    return Ask(words, "send_circular", send, about=about, fields=fields, grave=True)


def ask_remind(desk: Desk, circular: pb.Circular) -> Ask:
    words, core = desk.words, desk.core

    async def remind(_: Answers, request_id: str) -> str:
        request = pb.RemindUnreadRequest(circular_id=circular.circular_id, request_id=request_id)
        answer = await core.ask(core.circulars.RemindUnread, request)
        done = words(
            "done.circular.reminded",
            reminded=formats.count(answer.reminded),
            paper=formats.count(answer.paper),
        )
        if not answer.waiting:
            return done
        follow = words("done.circular.reminding", waiting=formats.count(answer.waiting))
        return f"{done} {follow}"

    about = words(
        "ask.remind.about",
        title=formats.plain(circular.content.title),
        unread=formats.count(circular.households - circular.read),
    )
    return Ask(words, "remind", remind, about=about)


def ask_withdraw(desk: Desk, circular: pb.Circular) -> Ask:
    words, core = desk.words, desk.core

    async def withdraw(answers: Answers, request_id: str) -> None:
        request = pb.WithdrawCircularRequest(
            circular_id=circular.circular_id,
            reason=str(answers["reason"]),
            etag=circular.etag,
            request_id=request_id,
        )
        await core.ask(core.circulars.WithdrawCircular, request)

    about = words("ask.withdraw_circular.about", title=formats.plain(circular.content.title))
    fields = (Field("reason", limit=REASON),)
    return Ask(words, "withdraw_circular", withdraw, about=about, fields=fields, grave=True)


def whom(words: Words, targets: pb.Targets) -> str:
    """Say to how many associations' leaders it goes, and whether they pass it on."""
    passing = words("passing.leaders_only" if targets.leaders_only else "passing.passed_on")
    leaders = words("whom.all")
    if not targets.all_associations:
        leaders = words("whom.some", count=formats.count(len(targets.association_ids)))
    return words("whom_passing", whom=leaders, passing=passing)


def ask_discard(desk: Desk, circular: pb.Circular) -> Ask:
    """Ask whether one that was not sent is thrown away; why is nobody's to read."""
    words, core = desk.words, desk.core

    async def discard(_: Answers, request_id: str) -> None:
        request = pb.WithdrawCircularRequest(
            circular_id=circular.circular_id,
            reason=words("ask.discard_circular.title"),
            etag=circular.etag,
            request_id=request_id,
        )
        await core.ask(core.circulars.WithdrawCircular, request)

    about = words("ask.discard_circular.about", title=formats.plain(circular.content.title))
    return Ask(words, "discard_circular", discard, about=about, grave=True)
