"""A core that asks in every way there is, and takes whatever is answered."""

from typing import Any

from tests.channels.fake_core import APPLICATION, FakeCore
from tests.channels.web.procedures import PROMPTS, problems_of
from todoke.v1 import applications_pb2 as pb
from todoke.v1 import procedures_pb2
from todoke.v1.files_pb2 import FileHeader

ATTACHMENT = "0198c0de-0000-7000-8000-0000000000f1"
PDF = b"%PDF-1.7 a notice"


class Asking:
    """Asks the step that was gone back to; `refuses` says that answers bring their problems."""

    def __init__(self, core: FakeCore) -> None:
        self.step = "choice"
        self.turn: pb.Turn | None = None
        self.refuses = False
        self.files: list[bytes] = []
        header = FileHeader(file_name="決定通知書.pdf", media_type="application/pdf", size=len(PDF))
        offered = procedures_pb2.OfferedProcedure(
            key="garbage", title="ごみ出し支援の申し込み", about="玄関までうかがいます。"
        )
        core.script.update(
            GetPrompt=lambda _: pb.GetPromptResponse(turn=self._standing()),
            ReopenAnswer=self._reopen,
            AnswerPrompt=self._answer,
            StartApplication=lambda _: pb.StartApplicationResponse(turn=self._standing()),
            UploadAttachment=self._upload,
            ListOfferedProcedures=lambda _: procedures_pb2.ListOfferedProceduresResponse(
                procedures=[offered]
            ),
            SuggestAnswers=self._suggest,
            TakeHandover=lambda _: pb.TakeHandoverResponse(turn=self._standing()),
            DownloadNotice=lambda _: [
                pb.DownloadNoticeResponse(file=header),
                pb.DownloadNoticeResponse(chunk=PDF),
            ],
            DownloadAttachment=lambda _: [
                pb.DownloadAttachmentResponse(file=header),
                pb.DownloadAttachmentResponse(chunk=PDF),
            ],
            CheckNotice=lambda _: pb.CheckNoticeResponse(
                number="総社第12号", date="2026-11-20", title="物価高騰支援給付金"
            ),
            WithdrawApplication=lambda _: pb.WithdrawApplicationResponse(
                application_id=APPLICATION, state=pb.APPLICATION_STATE_WITHDRAWN
            ),
        )

    def _standing(self) -> pb.Turn:
        return self.turn or pb.Turn(prompt=PROMPTS[self.step])

    def _reopen(self, request: Any) -> pb.ReopenAnswerResponse:
        self.step, self.turn = request.step, None
        return pb.ReopenAnswerResponse(turn=self._standing())

    def _answer(self, request: Any) -> pb.AnswerPromptResponse:
        if self.refuses:
            prompt = procedures_pb2.Prompt()
            prompt.CopyFrom(PROMPTS[request.step])
            prompt.problems.extend(problems_of(request.step))
            return pb.AnswerPromptResponse(turn=pb.Turn(prompt=prompt))
        self.turn = a_review()
        return pb.AnswerPromptResponse(turn=self.turn)

    def _upload(self, requests: list[Any]) -> pb.UploadAttachmentResponse:
        self.files.append(b"".join(one.chunk for one in requests[1:]))
        id = ATTACHMENT[:-1] + str(len(self.files))
        return pb.UploadAttachmentResponse(attachment_id=id)

    def _suggest(self, request: Any) -> procedures_pb2.SuggestAnswersResponse:
        names = ["みずほ銀行", "みなと銀行", "南日本銀行"]
        if request.kind == procedures_pb2.SUGGESTION_KIND_BRANCH:
            names = ["本店", "中央支店"]
        found = [name for name in names if request.words in name or request.words.isdecimal()]
        return procedures_pb2.SuggestAnswersResponse(
            suggestions=[
                procedures_pb2.Suggestion(
                    value=f"{number:0{3 if len(names) == 2 else 4}}", label=name
                )
                for number, name in enumerate(found, start=1)
            ]
        )


def a_review() -> pb.Turn:
    lines = [
        procedures_pb2.ReviewLine(step="text", label="お名前", value="届出花子", changeable=True),
        procedures_pb2.ReviewLine(
            step="files", label="写真", value="1枚", attachment_ids=[ATTACHMENT]
        ),
        procedures_pb2.ReviewLine(step="lines", label="そのほか", value="", changeable=True),
    ]
    review = procedures_pb2.Review(
        application_id=APPLICATION,
        title="ごみ出し支援の申し込み",
        lines=lines,
        previous_step="lines",
        returned_with="お名前を直してください。",
        on_behalf_of="届出\u3000ハナ",
    )
    return pb.Turn(review=review)


def a_closing() -> pb.Turn:
    closing = pb.Closing(
        application_id=APPLICATION,
        text="お申し込みを受け付けました。",
        state=pb.APPLICATION_STATE_SUBMITTED,
        choices=[procedures_pb2.Choice(value="two", label="別の回にする")],
        step="choice",
    )
    return pb.Turn(closing=closing)
