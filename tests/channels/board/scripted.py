"""A town as a scripted core tells of it to the boards: an association, its people, a circular."""

from dataclasses import dataclass, field
from typing import Any

from todoke.v1 import circulars_pb2 as pb
from todoke.v1.files_pb2 import FileHeader


def an_id(letter: str, number: int = 1) -> str:
    return f"0198c0de-0000-7000-8000-{letter}{number:011}"


TOWN = an_id("a")
DESK = f"/desk/{TOWN}"
GROUP, OTHER_GROUP = an_id("b"), an_id("b", 2)
HOME, OTHER_HOME = an_id("c"), an_id("c", 2)
MEMBER, OTHER_MEMBER = an_id("d"), an_id("d", 2)
MOTHER = an_id("d", 7)
CIRCULAR, DRAFT, CITYS = an_id("e"), an_id("e", 2), an_id("e", 3)
FILE = an_id("f")
JOINING = an_id("a", 9)
OFFICE = an_id("b", 9)
COMMENT = an_id("c", 9)
CODE = "ABCDEFGHJK"
PNG = b"\x89PNG\r\n\x1a\n"


def at(message: Any, name: str, iso: str) -> Any:
    getattr(message, name).FromJsonString(iso)
    return message


ASSOCIATION = pb.Association(association_id=TOWN, number="1", name="本町自治会", etag="e1")
GROUPS = [
    pb.Group(group_id=GROUP, name="一班", round_order=1, etag="g1"),
    pb.Group(group_id=OTHER_GROUP, name="二班", round_order=2, etag="g2"),
]
HOMES = [
    pb.Household(household_id=HOME, group_id=GROUP, name="届出", address="一丁目2", etag="h1"),
    pb.Household(
        household_id=OTHER_HOME, group_id=OTHER_GROUP, name="山本", paper=True, round_order=1,
        etag="h2",
    ),
]  # fmt: skip
A_FILE = pb.CircularFile(
    file_id=FILE,
    file=FileHeader(file_name="清掃の地図.pdf", media_type="application/pdf", size=5),
    pages=2,
    text="集合場所は公民館の前です。",
)


def an_office(kind: pb.OfficeKind.ValueType = pb.OFFICE_KIND_CHAIR, **more: Any) -> pb.Office:
    given: dict[str, Any] = {
        "office_id": OFFICE, "kind": kind, "member_id": MEMBER, "display_name": "花子",
        "begin_date": "2026-04-01", "end_date": "2027-03-31",
    }  # fmt: skip
    return pb.Office(**{**given, **more})


def a_circular(**more: Any) -> pb.Circular:
    given: dict[str, Any] = {
        "circular_id": CIRCULAR,
        "association_id": TOWN,
        "kind": pb.CIRCULAR_KIND_NOTICE,
        "state": pb.CIRCULAR_STATE_PUBLISHED,
        "version": 1,
        "content": pb.CircularContent(
            title="秋の清掃", body="日曜の朝8時に\n公民館の前へ。", file_ids=[FILE]
        ),
        "targets": pb.Targets(everybody=True),
        "author": "会長 花子",
        "households": 2,
        "read": 1,
        "etag": "c1",
        "files": [A_FILE],
        "can_change": True,
    }
    return at(pb.Circular(**{**given, **more}), "publish_time", "2026-11-20T03:00:00Z")


def a_draft(**more: Any) -> pb.Circular:
    return a_circular(state=pb.CIRCULAR_STATE_DRAFT, households=0, read=0, **more)


SURVEY = [
    pb.CircularQuestion(
        key="question_1",
        text="どの日がよいですか",
        options=[
            pb.CircularOption(value="choice_1", label="土曜"),
            pb.CircularOption(value="choice_2", label="日曜"),
        ],
    ),
    pb.CircularQuestion(key="question_2", text="ご意見"),
]
VOTE = pb.VoteRules(
    electorate=pb.ELECTORATE_HOUSEHOLDS,
    secret=True,
    quorum_percent=50,
    options=[
        pb.CircularOption(value="choice_1", label="賛成"),
        pb.CircularOption(value="choice_2", label="反対"),
    ],
)


@dataclass
class Town:
    """What the scripted core answers; a test changes it."""

    offices: list[pb.Office] = field(default_factory=list)
    circular: pb.Circular = field(default_factory=a_circular)
    own: dict[str, Any] = field(default_factory=dict)
    asked_on_paper: bool = False
    acted_for: list[pb.ActedFor] = field(default_factory=list)
    uploads: list[bytes] = field(default_factory=list)

    def answers(self) -> dict[str, Any]:
        """Make the answer of every RPC, by its name."""
        member = pb.Member(member_id=MEMBER, household_id=HOME, display_name="花子", channel="line")
        waiting = pb.JoinRequest(
            join_request_id=JOINING, association_id=TOWN, household_id=HOME, display_name="太郎",
            state=pb.JOIN_REQUEST_STATE_WAITING,
        )  # fmt: skip
        comment = pb.Comment(
            comment_id=COMMENT, display_name="花子", text="行きます", can_hide=True
        )
        notice = pb.BoardNotice(
            circular_id=CIRCULAR, title="秋の清掃", body="日曜の朝8時", files=[A_FILE]
        )
        receipts = [
            pb.Receipt(household=HOMES[0], way=pb.RECEIPT_WAY_TAPPED, version=1),
            pb.Receipt(household=HOMES[1]),
        ]
        summary = pb.AssociationSummary(association=ASSOCIATION, groups=2, households=2, joined=1)
        homes = [
            pb.HouseholdSummary(household=HOMES[0], members=1),
            pb.HouseholdSummary(household=HOMES[1], care=True),
        ]
        until = "2099-01-01T00:00:00Z"
        drafted = pb.Circular(circular_id=DRAFT)
        return {
            "AddComment": lambda _: pb.AddCommentResponse(comment=comment),
            "AnswerCircular": lambda _: pb.AnswerCircularResponse(circular=self._own()),
            "AppointOfficer": lambda _: pb.AppointOfficerResponse(),
            "BeginMemberLink": lambda _: at(
                pb.BeginMemberLinkResponse(code=CODE), "expire_time", until
            ),
            "CompleteMemberLink": lambda _: pb.CompleteMemberLinkResponse(),
            "CorrectCircular": lambda _: pb.CorrectCircularResponse(circular=self.circular),
            "CreateInvitation": lambda _: at(
                pb.CreateInvitationResponse(code=CODE), "expire_time", until
            ),
            "DecideJoinRequest": lambda _: pb.DecideJoinRequestResponse(join_request=waiting),
            "DownloadCircularFile": lambda _: [
                pb.DownloadCircularFileResponse(
                    file=FileHeader(file_name="a.png", media_type="image/png", size=len(PNG))
                ),
                pb.DownloadCircularFileResponse(chunk=PNG),
            ],
            "EndHousehold": lambda _: pb.EndHouseholdResponse(),
            "EndMembership": lambda _: pb.EndMembershipResponse(),
            "EndOffice": lambda _: pb.EndOfficeResponse(),
            "ForwardCircular": lambda _: pb.ForwardCircularResponse(circular=drafted),
            "GetAssociation": lambda _: pb.GetAssociationResponse(
                association=summary,
                groups=self._seen(),
                offices=self.offices,
                rights=self._rights(),
            ),
            "GetCircular": lambda _: pb.GetCircularResponse(circular=self.circular),
            "GetCircularResults": lambda _: pb.GetCircularResultsResponse(
                results=[pb.QuestionResult(counts={"choice_1": 4, "choice_2": 2})],
                electorate=8,
                answered=6,
                quorum_reached=True,
            ),
            "HandOverOffices": lambda _: pb.HandOverOfficesResponse(),
            "HideComment": lambda _: pb.HideCommentResponse(),
            "ListBoardNotices": lambda _: pb.ListBoardNoticesResponse(
                notices=[at(notice, "publish_time", "2026-11-20T03:00:00Z")]
            ),
            "ListCirculars": lambda _: pb.ListCircularsResponse(circulars=[self.circular]),
            "ListComments": lambda _: pb.ListCommentsResponse(
                comments=[at(comment, "create_time", "2026-11-21T03:00:00Z")]
            ),
            "ListHouseholds": lambda _: pb.ListHouseholdsResponse(households=homes),
            "ListJoinRequests": lambda _: pb.ListJoinRequestsResponse(
                join_requests=[at(waiting, "create_time", "2026-11-21T03:00:00Z")]
            ),
            "ListMembers": lambda _: pb.ListMembersResponse(
                members=[at(member, "join_time", "2026-05-01T03:00:00Z")]
            ),
            "ListMemberships": lambda _: pb.ListMembershipsResponse(
                memberships=[
                    pb.Membership(
                        association=ASSOCIATION,
                        household=HOMES[0],
                        member_id=MEMBER,
                        offices=self.offices,
                    )
                ],
                acted_for=self.acted_for,
            ),
            "ListOffices": lambda _: pb.ListOfficesResponse(offices=self.offices),
            "ListOwnCirculars": lambda _: pb.ListOwnCircularsResponse(circulars=[self._own()]),
            "ListReceipts": lambda asked: pb.ListReceiptsResponse(
                receipts=[one for one in receipts if not (asked.unread and one.way)],
                households=2,
                read=1,
                asked_on_paper=self.asked_on_paper,
            ),
            "OpenCircular": lambda _: pb.OpenCircularResponse(circular=self._own()),
            "PreviewCircular": lambda _: pb.PreviewCircularResponse(
                households=2, by_channel={"line": 1}, paper=1
            ),
            "PrintRound": lambda _: [
                pb.PrintRoundResponse(
                    file=FileHeader(file_name="round.pdf", media_type="application/pdf")
                ),
                pb.PrintRoundResponse(chunk=b"%PDF-1.7"),
            ],
            "PublishCircular": lambda _: pb.PublishCircularResponse(circular=self.circular),
            "RecordPaperReceipt": lambda asked: pb.RecordPaperReceiptResponse(
                recorded=len(asked.lines)
            ),
            "RemindUnread": lambda _: pb.RemindUnreadResponse(reminded=1, paper=1),
            "RequestToJoin": lambda _: pb.RequestToJoinResponse(join_request=waiting),
            "SaveCircular": lambda _: pb.SaveCircularResponse(circular=drafted),
            "SaveGroup": lambda _: pb.SaveGroupResponse(),
            "SaveHousehold": lambda _: pb.SaveHouseholdResponse(),
            "SetCare": lambda _: pb.SetCareResponse(),
            "UploadCircularFile": self._upload,
            "WithdrawCircular": lambda _: pb.WithdrawCircularResponse(circular=self.circular),
        }

    def _rights(self) -> pb.OfficerRights:
        held = {one.kind for one in self.offices}
        leads = not held.isdisjoint({pb.OFFICE_KIND_CHAIR, pb.OFFICE_KIND_VICE})
        heads = {one.group_id for one in self.offices if one.group_id}
        return pb.OfficerRights(
            write_offices=pb.OFFICE_KIND_CHAIR in held,
            lead_all=leads,
            led_group_ids=[one.group_id for one in GROUPS if leads or one.group_id in heads],
        )

    def _seen(self) -> list[pb.Group]:
        heads = {one.group_id for one in self.offices}
        return [one for one in GROUPS if "" in heads or one.group_id in heads]

    def _own(self) -> pb.OwnCircular:
        return pb.OwnCircular(circular=self.circular, household_id=HOME, **self.own)

    def _upload(self, parts: list[Any]) -> pb.UploadCircularFileResponse:
        self.uploads.append(b"".join(part.chunk for part in parts))
        name = parts[0].header.file_name
        return pb.UploadCircularFileResponse(
            file_id=an_id("f", 10 + len(self.uploads)), file=FileHeader(file_name=name), pages=1
        )
