"""What is asked of circulars, by the id of whose it is; sound but for who asks."""

from google.protobuf.message import Message

from tests.core.associations.scene import Scene
from tests.core.circulars.makers import SEEN
from tests.makers import a_request_id
from todoke.v1 import circulars_pb2 as pb

NO_CODE = "ZZZZ-ZZZZ-ZZZZ"
CONTENT = pb.CircularContent(title="清掃", body="日曜日に清掃します。")


def save_new(scene: Scene, id: str) -> Message:
    return pb.SaveCircularRequest(
        association_id=id, kind=pb.CIRCULAR_KIND_NOTICE, content=CONTENT,
        targets=pb.Targets(group_ids=[scene.house.group_id]), request_id=a_request_id(),
    )  # fmt: skip


def save(scene: Scene, id: str) -> Message:
    return pb.SaveCircularRequest(
        circular_id=id, association_id=scene.made.association_id, kind=pb.CIRCULAR_KIND_NOTICE,
        content=CONTENT, targets=pb.Targets(group_ids=[scene.house.group_id]), etag="stale",
        request_id=a_request_id(),
    )  # fmt: skip


def asked_draft(scene: Scene, id: str) -> Message:
    return pb.GetAskedRequest()


def nothing_asked(scene: Scene, id: str) -> Message:
    return pb.KeepAskedRequest(asked=pb.AskedInChat(), request_id=a_request_id())


def rounds(scene: Scene, id: str) -> Message:
    return pb.ListRoundsRequest(association_id=id)


def forwards(scene: Scene, id: str) -> Message:
    return pb.ListForwardsRequest(circular_id=id)


def preview(scene: Scene, id: str) -> Message:
    return pb.PreviewCircularRequest(circular_id=id)


def publish(scene: Scene, id: str) -> Message:
    return pb.PublishCircularRequest(circular_id=id, etag="stale", request_id=a_request_id())


def forward(scene: Scene, id: str) -> Message:
    return _forward(scene.ids["city"], id)


def forward_elsewhere(scene: Scene, id: str) -> Message:
    return _forward(id, scene.other.association_id)


def _forward(circular_id: str, association_id: str) -> Message:
    return pb.ForwardCircularRequest(
        circular_id=circular_id, association_id=association_id,
        targets=pb.Targets(everybody=True), request_id=a_request_id(),
    )  # fmt: skip


def correct(scene: Scene, id: str) -> Message:
    return pb.CorrectCircularRequest(
        circular_id=id, content=CONTENT, correction="直しました", etag="stale",
        request_id=a_request_id(),
    )  # fmt: skip


def withdraw(scene: Scene, id: str) -> Message:
    return pb.WithdrawCircularRequest(
        circular_id=id, reason="誤り", etag="stale", request_id=a_request_id()
    )


def listed(scene: Scene, id: str) -> Message:
    return pb.ListCircularsRequest(association_id=id)


def get(scene: Scene, id: str) -> Message:
    return pb.GetCircularRequest(circular_id=id)


def own(scene: Scene, id: str) -> Message:
    return pb.ListOwnCircularsRequest()


def open_(scene: Scene, id: str) -> Message:
    return pb.OpenCircularRequest(circular_id=id, request_id=a_request_id())


def answer(scene: Scene, id: str) -> Message:
    return pb.AnswerCircularRequest(circular_id=id, answer=SEEN, request_id=a_request_id())


def receipts(scene: Scene, id: str) -> Message:
    return pb.ListReceiptsRequest(circular_id=id)


def results(scene: Scene, id: str) -> Message:
    return pb.GetCircularResultsRequest(circular_id=id)


def remind(scene: Scene, id: str) -> Message:
    return pb.RemindUnreadRequest(circular_id=id, request_id=a_request_id())


def printed(scene: Scene, id: str) -> Message:
    return pb.PrintRoundRequest(circular_id=id, unread=True)


def paper(scene: Scene, id: str) -> Message:
    return pb.RecordPaperReceiptRequest(
        circular_id=id, lines=[pb.PaperLine(household_id=scene.house.household_id, read=True)],
        request_id=a_request_id(),
    )  # fmt: skip


def inspect(scene: Scene, id: str) -> Message:
    return pb.InspectCircularRequest(circular_id=id, reason="苦情", request_id=a_request_id())


def upload(scene: Scene, id: str) -> Message:
    return pb.CircularFileHeader(association_id=id, file_name="議案.pdf", request_id=a_request_id())


def download(scene: Scene, id: str) -> Message:
    return pb.DownloadCircularFileRequest(file_id=id)


def board(scene: Scene, id: str) -> Message:
    return pb.ListBoardNoticesRequest(association_id=id)


def comment(scene: Scene, id: str) -> Message:
    return pb.AddCommentRequest(circular_id=id, text="参加します", request_id=a_request_id())


def hide(scene: Scene, id: str) -> Message:
    return pb.HideCommentRequest(comment_id=id, request_id=a_request_id())


def comments(scene: Scene, id: str) -> Message:
    return pb.ListCommentsRequest(circular_id=id)


def memberships(scene: Scene, id: str) -> Message:
    return pb.ListMembershipsRequest()


def join(scene: Scene, code: str) -> Message:
    return pb.RequestToJoinRequest(code=code, display_name="花子", request_id=a_request_id())


def begin_link(scene: Scene, id: str) -> Message:
    return pb.BeginMemberLinkRequest(member_id=id, request_id=a_request_id())


def complete_link(scene: Scene, code: str) -> Message:
    return pb.CompleteMemberLinkRequest(code=code, request_id=a_request_id())


def care(scene: Scene, id: str) -> Message:
    return pb.SetCareRequest(household_id=id, consented=True, request_id=a_request_id())


def associations(scene: Scene, id: str) -> Message:
    return pb.ListAssociationsRequest()


def rename(scene: Scene, id: str) -> Message:
    return pb.SaveAssociationRequest(
        association=pb.Association(association_id=id, number="9999", name="別の名", etag="stale"),
        request_id=a_request_id(),
    )


def imported(scene: Scene, id: str) -> Message:
    return pb.ImportAssociationsHeader(
        file_name="list.csv", preview=True, request_id=a_request_id()
    )
