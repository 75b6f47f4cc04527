"""The rules of sending as a form: quiet hours, cap, second person, hours of answers, envelopes."""

import re
import unicodedata

from todoke.v1 import campaigns_pb2 as pb
from tui.dates import Mistyped
from tui.desk import Desk
from tui.dialogs.ask import Answers, Ask, Field

CLOCK, WINDOW, REASON = 5, 30, 500
FOUR = re.compile(r"[ ,、]+".join([r"(\d{1,3})"] * 4))


async def ask_rules(desk: Desk) -> Ask:
    """Return the form, filled with the rules as they are; raise CoreError."""
    words, core = desk.words, desk.core
    held = (await core.ask(core.campaigns.GetSendingRules, pb.GetSendingRulesRequest())).rules

    async def set_them(answers: Answers, request_id: str) -> None:
        rules = pb.SendingRules(
            quiet_from=str(answers["quiet_from"]),
            quiet_to=str(answers["quiet_to"]),
            weekly_cap=_number(answers["weekly_cap"] or "0", "weekly_cap"),
            approval_from=_number(answers["approval_from"], "approval_from"),
            answer_from=str(answers["answer_from"]),
            answer_to=str(answers["answer_to"]),
            letter_window=_window(answers["letter_window"]),
            etag=held.etag,
        )
        reason = str(answers["reason"])
        request = pb.SetSendingRulesRequest(rules=rules, reason=reason, request_id=request_id)
        await core.ask(core.campaigns.SetSendingRules, request)
        desk.reasons.add("sending_rules", reason)

    fields = (
        Field("quiet_from", held.quiet_from, hint="hint.clock", limit=CLOCK),
        Field("quiet_to", held.quiet_to, hint="hint.clock", limit=CLOCK),
        Field("weekly_cap", str(held.weekly_cap), hint="hint.weekly_cap", limit=3),
        Field("approval_from", str(held.approval_from), hint="hint.approval_from", limit=8),
        Field("answer_from", held.answer_from, hint="hint.any_time", limit=CLOCK),
        Field("answer_to", held.answer_to, hint="hint.any_time", limit=CLOCK),
        Field("letter_window", _written(held.letter_window), limit=WINDOW),
        Field("reason", limit=REASON, before=desk.reasons.of("sending_rules")),
    )
    about = words("ask.sending_rules.about")
    return Ask(words, "sending_rules", set_them, about=about, fields=fields, grave=True)


def _number(typed: object, field: str) -> int:
    text = str(typed).replace(",", "")
    if not text.isdecimal():
        raise Mistyped(field)
    return int(text)


def _window(typed: object) -> pb.EnvelopeWindow:
    """Read what `_written` writes; gaps and commas may part the numbers."""
    found = FOUR.fullmatch(unicodedata.normalize("NFKC", str(typed)))
    if found is None:
        raise Mistyped("letter_window")
    left, top, width, height = map(int, found.groups())
    return pb.EnvelopeWindow(left=left, top=top, width=width, height=height)


def _written(window: pb.EnvelopeWindow) -> str:
    return f"{window.left} {window.top} {window.width} {window.height}"
