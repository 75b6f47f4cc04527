"""What is asked before an application is decided, and how its history reads."""

import shlex
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from todoke.v1.applications_pb2 import (
    AddNoteRequest,
    Application,
    ApproveApplicationRequest,
    DownloadAttachmentRequest,
    DownloadAttachmentResponse,
    DownloadNoticeRequest,
    DownloadNoticeResponse,
    KeepApplicationRequest,
    RejectApplicationRequest,
    ReturnApplicationRequest,
    WithdrawApplicationRequest,
)
from todoke.v1.files_pb2 import FileHeader
from tui import formats
from tui.dates import Mistyped
from tui.desk import Desk
from tui.dialogs.ask import Answers, Ask, Field
from tui.files import Part, keep_stream, written_path
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
    """Ask for the reason, which the resident reads, and tick what is to be mended."""
    core = desk.core
    steps = [one for one in application.filed_answers if not one.staff]

    async def send_back(answers: Answers, request_id: str) -> None:
        request = ReturnApplicationRequest(
            application_id=application.application_id,
            reason=str(answers["reason"]),
            steps=[one.step for one in steps if answers[f"step-{one.step}"]],
            etag=application.etag,
            request_id=request_id,
        )
        await core.ask(core.applications.ReturnApplication, request)

    about = _about(desk.words, "send_back", application)
    if steps:
        about = f"{about}\n{desk.words('ask.send_back.steps')}"
    ticks = (
        Field(
            f"step-{one.step}",
            value=False,
            said=formats.plain(f"{one.label}  {one.value}"),
            section="" if number else "section.to_mend",
        )
        for number, one in enumerate(steps)
    )
    fields = (Field("reason"), *ticks)
    return Ask(desk.words, "send_back", send_back, about=about, fields=fields, grave=True)


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


def ask_withdraw(desk: Desk, application: Application) -> Ask:
    """Ask why an application is taken back, which stays in its history."""
    core = desk.core

    async def withdraw(answers: Answers, request_id: str) -> None:
        request = WithdrawApplicationRequest(
            application_id=application.application_id,
            reason=_written(answers["reason"]),
            etag=application.etag,
            request_id=request_id,
        )
        await core.ask(core.applications.WithdrawApplication, request)

    about = _about(desk.words, "take_back_application", application)
    fields = (Field("reason"),)
    name = "take_back_application"
    return Ask(desk.words, name, withdraw, about=about, fields=fields, grave=True)


def ask_note(desk: Desk, application: Application) -> Ask:
    core = desk.core

    async def write(answers: Answers, request_id: str) -> None:
        request = AddNoteRequest(
            application_id=application.application_id,
            text=str(answers["note_text"]),
            request_id=request_id,
        )
        await core.ask(core.applications.AddNote, request)

    about = desk.words("ask.add_note.about", name=application.resident_name)
    fields = (Field("note_text", part="text"),)
    return Ask(desk.words, "add_note", write, about=about, fields=fields)


def ask_notice(desk: Desk, application: Application) -> Ask:
    """Ask where the decision notice is saved."""
    core = desk.core

    def fetch() -> AsyncIterator[DownloadNoticeResponse]:
        request = DownloadNoticeRequest(application_id=application.application_id)
        return core.watch(core.applications.DownloadNotice, request)

    about = desk.words("ask.save_file.notice", number=application.notice_number)
    return _ask_save(desk, about, fetch)


def ask_attachment(desk: Desk, attachment_id: str, label: str) -> Ask:
    """Ask where an attachment is saved; the look is in the audit log."""
    core = desk.core

    def fetch() -> AsyncIterator[DownloadAttachmentResponse]:
        request = DownloadAttachmentRequest(attachment_id=attachment_id)
        return core.watch(core.applications.DownloadAttachment, request)

    return _ask_save(desk, desk.words("ask.save_file.attachment", label=label), fetch)


def _ask_save(desk: Desk, about: str, fetch: Callable[[], AsyncIterator[Part]]) -> Ask:
    async def save(answers: Answers, _: str) -> str:
        told = FileHeader()
        path = await keep_stream(fetch(), told, written_path(str(answers["path"])))
        return desk.words(
            "note.saved_text", path=path, command=open_command(path), sha256=told.sha256
        )

    fields = (Field("path", ".", hint="hint.export_path"),)
    return Ask(desk.words, "save_file", save, about=about, fields=fields)


def open_command(path: Path) -> str:
    """Return the command that opens a file with the desktop's own program."""
    opener = {"darwin": "open", "win32": "start"}.get(sys.platform, "xdg-open")
    return f"{opener} {shlex.quote(str(path))}"


def _written(reason: object) -> str:
    """Return a reason that must be there; raise Mistyped."""
    if not reason:
        raise Mistyped("reason")
    return str(reason)


def _about(words: Words, name: str, application: Application) -> str:
    return words(
        f"ask.{name}.about",
        name=application.resident_name,
        reference=application.reference,
        title=application.program_title or application.procedure_title,
        amount=formats.count(application.amount),
        account=application.masked_account or words("none"),
    )
