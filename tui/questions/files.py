"""The box for files and signatures: it says what to do with what came on paper."""

from textual.app import ComposeResult
from textual.widgets import Button, Static

from todoke.v1.procedures_pb2 import Answer, AttachedFiles
from tui.questions.box import Box, Unfit


class FilesBox(Box):
    """An upload belongs to an application, and there is none before it is filed."""

    def compose(self) -> ComposeResult:
        kind = "signature" if self.prompt.input.HasField("signature") else "files"
        yield Static(self.words(f"question.no_{kind}"), classes="warning", markup=False)
        given = len(self.current.files.attachment_ids)
        if given:
            told = self.words("question.files_given", count=given)
            yield Static(told, markup=False)
        yield Button(self.words("question.go_on"), id="part-files", classes="part", compact=True)

    def given(self) -> Answer:
        ids = self.current.files.attachment_ids
        if not ids:
            raise Unfit("no_files_here")
        return Answer(files=AttachedFiles(attachment_ids=ids))

    def on_button_pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.post_message(self.Done())
