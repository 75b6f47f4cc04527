"""Boxes for files and signatures: files are sent, what stays on paper is said to stay there."""

from textual import on
from textual.app import ComposeResult
from textual.widgets import Button, Static

from todoke.v1.procedures_pb2 import Answer, AttachedFiles
from tui.questions.box import Box, Unfit
from tui.questions.file_field import FileField, PretendedField

KINDS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WebP", "application/pdf": "PDF"}
MEGABYTE = 1024 * 1024


class OnPaperBox(Box):
    """Says what to do with what came on paper; in a trial it counts as given."""

    told = "question.no_files"

    def compose(self) -> ComposeResult:
        given = self.current.files.attachment_ids
        if self.pretends:
            least = self.prompt.input.files.least
            yield PretendedField(self.words, "files", least=least, given=given)
            return
        yield Static(self.words(self.told), classes="warning", markup=False)
        if given:
            yield Static(self.words("question.files_given", count=len(given)), markup=False)
        yield Button(self.words("question.go_on"), id="part-files", classes="part", compact=True)

    def given(self) -> Answer:
        pretended = self.query(PretendedField)
        ids = pretended.first().ids if pretended else self.current.files.attachment_ids
        if not ids:
            raise Unfit("required" if self.pretends else "no_files_here", "files")
        return Answer(files=AttachedFiles(attachment_ids=ids))

    def on_button_pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.post_message(self.Done())


class SignatureBox(OnPaperBox):
    """A signature is on the paper, which is kept."""

    told = "question.no_signature"


class FilesBox(OnPaperBox):
    """Photographs and files, where they can be sent."""

    def compose(self) -> ComposeResult:
        if self.files is None:
            yield from super().compose()
            return
        words, wanted = self.words, self.prompt.input.files
        limits = words(
            "question.files_limits",
            kinds=words("comma").join(KINDS.get(one, one) for one in wanted.media_types),
            count=str(wanted.most)
            if wanted.least == wanted.most
            else words("question.between", first=wanted.least, last=wanted.most),
            megabytes=wanted.most_bytes // MEGABYTE,
        )
        yield Static(limits, classes="quiet", markup=False)
        yield FileField(
            self.desk,
            self.files,
            self.prompt.step,
            field="files",
            label=words("question.file"),
            media_types=wanted.media_types,
            most=wanted.most,
            most_bytes=wanted.most_bytes,
            given=self.current.files.attachment_ids,
        )

    def given(self) -> Answer:
        if self.files is None:
            return super().given()
        ids, least = self.query_one(FileField).ids, self.prompt.input.files.least
        if not ids:
            raise Unfit("files_or_paper" if self.prompt.optional else "required", "files")
        if len(ids) < least:
            raise Unfit("files_missing", "files", limit=str(least))
        return Answer(files=AttachedFiles(attachment_ids=ids))

    @on(FileField.Finished)
    def go_on(self) -> None:
        self.post_message(self.Done())
