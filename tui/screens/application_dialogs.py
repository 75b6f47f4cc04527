"""What is asked before an application is decided, and how its history reads."""

from collections.abc import Iterable

from textual.content import Content

from todoke.v1.activity_pb2 import Event
from todoke.v1.applications_pb2 import (
    Application,
    ApplicationStep,
    ApproveApplicationRequest,
    KeepApplicationRequest,
    RejectApplicationRequest,
    ReturnApplicationRequest,
)
from tui import formats
from tui.desk import Desk
from tui.dialogs.ask import Answers, Ask, Field
from tui.wording import Words


def ask_approve(desk: Desk, application: Application) -> Ask:
    """Approving sends the decision notice at once: it is asked, and names the resident."""
    core = desk.core

    async def approve(_: Answers, request_id: str) -> None:
        request = ApproveApplicationRequest(
            application_id=application.application_id,
            etag=application.etag,
            request_id=request_id,
        )
        await core.ask(core.applications.ApproveApplication, request)

    return Ask(
        desk.words, "approve", approve, about=_about(desk.words, "approve", application), grave=True
    )


def ask_send_back(desk: Desk, application: Application) -> Ask:
    """Ask for the reason too, which the resident reads."""
    core = desk.core

    async def send_back(answers: Answers, request_id: str) -> None:
        request = ReturnApplicationRequest(
            application_id=application.application_id,
            reason=str(answers["reason"]),
            etag=application.etag,
            request_id=request_id,
        )
        await core.ask(core.applications.ReturnApplication, request)

    about = _about(desk.words, "send_back", application)
    reason = (Field("reason"),)
    return Ask(desk.words, "send_back", send_back, about=about, fields=reason, grave=True)


def ask_reject(desk: Desk, application: Application) -> Ask:
    """Ask for the reason too, which stands in the decision notice."""
    core = desk.core

    async def reject(answers: Answers, request_id: str) -> None:
        request = RejectApplicationRequest(
            application_id=application.application_id,
            reason=str(answers["reason"]),
            etag=application.etag,
            request_id=request_id,
        )
        await core.ask(core.applications.RejectApplication, request)

    about = _about(desk.words, "reject", application)
    return Ask(desk.words, "reject", reject, about=about, fields=(Field("reason"),), grave=True)


def ask_keep(desk: Desk, application: Application) -> Ask:
    """Ask why an application is to stand whose row left the roster."""
    core = desk.core

    async def keep(answers: Answers, request_id: str) -> None:
        request = KeepApplicationRequest(
            application_id=application.application_id,
            reason=str(answers["reason"]),
            etag=application.etag,
            request_id=request_id,
        )
        await core.ask(core.applications.KeepApplication, request)

    about = _about(desk.words, "keep", application)
    return Ask(desk.words, "keep", keep, about=about, fields=(Field("reason"),), grave=True)


def history(words: Words, steps: Iterable[ApplicationStep]) -> Content:
    """Write an application's history, oldest first."""
    lines = []
    for step in steps:
        event = Event(actor=step.actor, kind=step.kind)
        line = f"{formats.moment(step.time)}  {formats.plain(words.event(event))}"
        lines.append(Content(line))
        if step.reason:
            lines.append(Content(f"    {words('fact.reason')}: {formats.plain(step.reason)}"))
    return Content("\n").join(lines)


def _about(words: Words, name: str, application: Application) -> str:
    return words(
        f"ask.{name}.about",
        name=application.resident_name,
        reference=application.reference,
        title=application.program_title,
        amount=formats.count(application.amount),
        account=application.masked_account or words("none"),
    )
