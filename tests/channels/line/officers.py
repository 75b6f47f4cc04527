"""An association as large as they come, and its officer, in the chat."""

from typing import Any

from tests.channels.fake_core import FakeCore
from todoke.v1 import circulars_pb2 as pb

TOWN = "0198c0de-0000-7000-8000-0000000000f1"


DRAFT = "0198c0de-0000-7000-8000-0000000000f2"


ASKING = "0198c0de-0000-7000-8000-0000000000f3"


MEMBER = "0198c0de-0000-7000-8000-0000000000f4"


OUT = "0198c0de-0000-7000-8000-0000000000f5"


POLL = "0198c0de-0000-7000-8000-0000000000f6"


BALLOT = "0198c0de-0000-7000-8000-0000000000f7"


NEXT = "0198c0de-0000-7000-8000-0000000000f8"


MEETING = "0198c0de-0000-7000-8000-0000000000f9"


COUNT = "0198c0de-0000-7000-8000-0000000000fa"


CODE = "ACDEFGHJ34"


LONG = "長い名前の𠮷" * 10


BOARD = "https://board.example"


GROUPS = 20


def an_id(letter: str, number: int) -> str:
    return f"0198c0de-0000-7000-8000-{letter}{number:011x}"


GROUP = an_id("a", 0)


HOME = an_id("b", 0)


def a_circular(id: str, **more: Any) -> pb.Circular:
    content = pb.CircularContent(
        title="題" * 100, body="長い本文。" * 2_000, file_ids=[an_id("c", one) for one in range(20)]
    )
    files = [pb.CircularFile(file_id=one) for one in content.file_ids]
    for one in files:
        one.file.file_name = LONG
    given = {
        "circular_id": id,
        "association_id": TOWN,
        "kind": pb.CIRCULAR_KIND_NOTICE,
        "state": pb.CIRCULAR_STATE_DRAFT,
        "content": content,
        "files": files,
        "targets": pb.Targets(group_ids=[an_id("a", one) for one in range(GROUPS)]),
        "due_date": "2030-12-06",
        "etag": "123456",
        "households": 2_000,
        "read": 1,
        "can_change": True,
    }
    return pb.Circular(**(given | more))


def survey() -> pb.Circular:
    found = a_circular(OUT, state=pb.CIRCULAR_STATE_PUBLISHED, kind=pb.CIRCULAR_KIND_SURVEY)
    for number in range(30):
        options = [pb.CircularOption(value=f"v{one}x", label="択" * 40) for one in range(5)]
        found.content.questions.add(key=f"q{number}x", text="問" * 60, options=options)
    return found


def poll() -> pb.Circular:
    """Make a survey that is being written, as large as the contract lets it be."""
    found = a_circular(POLL, kind=pb.CIRCULAR_KIND_SURVEY)
    for number in range(29):
        options = [pb.CircularOption(value=f"v{one}x", label="択" * 100) for one in range(19)]
        found.content.questions.add(key=f"q{number}x", text="問" * 500, options=options)
    return found


def ballot() -> pb.Circular:
    """Make a vote of which nothing is written but the title."""
    found = a_circular(BALLOT, kind=pb.CIRCULAR_KIND_VOTE, due_date="")
    found.content.vote.electorate = pb.ELECTORATE_HOUSEHOLDS
    found.lacks.extend(["content.vote.options", "due_date"])
    return found


def next_version() -> pb.Circular:
    """Make a draft of the next version of what is out."""
    return a_circular(NEXT, corrects_id=OUT, lacks=["correction"])


def meeting() -> pb.Circular:
    """Make what asks who comes, and is out."""
    return a_circular(MEETING, state=pb.CIRCULAR_STATE_PUBLISHED, kind=pb.CIRCULAR_KIND_ATTENDANCE)


def count() -> pb.Circular:
    """Make a vote that is out, of as many choices as the contract lets it have."""
    found = a_circular(COUNT, state=pb.CIRCULAR_STATE_PUBLISHED, kind=pb.CIRCULAR_KIND_VOTE)
    options = [pb.CircularOption(value=f"v{one}x", label="択" * 100) for one in range(20)]
    found.content.vote.CopyFrom(pb.VoteRules(electorate=pb.ELECTORATE_HOUSEHOLDS, options=options))
    return found


def in_list(circular: pb.Circular) -> pb.Circular:
    """Return a circular as it is listed: without what it says and asks."""
    found = pb.Circular()
    found.CopyFrom(circular)
    found.content.CopyFrom(pb.CircularContent(title=circular.content.title))
    return found


def kept(asked: pb.SaveCircularRequest) -> pb.SaveCircularResponse:
    """Keep a draft as the core does; its title is asked where nothing else is."""
    circular = a_circular(
        asked.circular_id or DRAFT, kind=asked.kind, content=asked.content,
        asked=asked.asked or "title", corrects_id=asked.corrects_id, correction=asked.correction,
    )  # fmt: skip
    return pb.SaveCircularResponse(circular=circular)


def lead(core: FakeCore) -> None:
    """Let Hanako be chair of an association as large as the contract lets it be."""
    association = pb.Association(association_id=TOWN, name="会" * 100, etag="123456")
    offices = [
        pb.Office(kind=kind, member_id=MEMBER, display_name="名" * 64)
        for kind in (pb.OFFICE_KIND_CHAIR, pb.OFFICE_KIND_VICE, pb.OFFICE_KIND_TREASURER)
    ]
    groups = [pb.Group(group_id=an_id("a", one), name="班" * 64) for one in range(GROUPS)]
    homes = [
        pb.Household(household_id=an_id("b", one), group_id=an_id("a", one % GROUPS),
                     name="家" * 64, address="所" * 200,
                     paper=one % 2 == 0, etag="123456")
        for one in range(150)
    ]  # fmt: skip
    asking = [
        pb.JoinRequest(join_request_id=id, group_id=GROUP, display_name="願" * 64)
        for id in (ASKING, *(an_id("d", one) for one in range(20)))
    ]
    members = [
        pb.Member(member_id=an_id("e", one), household_id=homes[one].household_id,
                  display_name="名" * 64)
        for one in range(150)
    ]  # fmt: skip
    texts = ["答" * 1_000] * 20
    counted = [
        pb.QuestionResult(question=f"q{one}x", texts=texts, written=len(texts)) for one in range(30)
    ]
    drafts = (a_circular(DRAFT), poll(), ballot(), next_version())
    circulars = {one.circular_id: one for one in (*drafts, survey(), meeting(), count())}
    summary = pb.AssociationSummary(association=association)
    answers: dict[str, Any] = {
        "ListMemberships": pb.ListMembershipsResponse(
            memberships=[pb.Membership(association=association, member_id=MEMBER, offices=offices)]
        ),
        "GetAssociation": pb.GetAssociationResponse(
            association=summary,
            groups=groups,
            offices=offices,
            rights=pb.OfficerRights(
                write_offices=True,
                lead_all=True,
                led_group_ids=[one.group_id for one in groups],
            ),
        ),
        "ListJoinRequests": pb.ListJoinRequestsResponse(join_requests=asking),
        "ListHouseholds": pb.ListHouseholdsResponse(
            households=[pb.HouseholdSummary(household=one) for one in homes]
        ),
        "ListOffices": pb.ListOfficesResponse(
            offices=[
                pb.Office(
                    office_id=an_id("9", one),
                    kind=2 + one % 3,
                    display_name="名" * 64,
                    group_id=an_id("a", one) if one % 3 == 1 else "",
                    begin_date="2026-04-01",
                    end_date="2029-03-31",
                )
                for one in range(30)
            ]
        ),
        "ListComments": pb.ListCommentsResponse(
            comments=[
                pb.Comment(
                    comment_id=an_id("8", one),
                    display_name="名" * 64,
                    text="言" * 1_000,
                    can_hide=True,
                )
                for one in range(30)
            ]
        ),
        "ListMembers": pb.ListMembersResponse(members=members),
        "ListCirculars": pb.ListCircularsResponse(
            circulars=[in_list(one) for one in circulars.values()] * 25
        ),
        "GetCircularResults": pb.GetCircularResultsResponse(
            results=counted, electorate=2_000, on_paper=1_000, next_page_token="W10"
        ),
        "PreviewCircular": pb.PreviewCircularResponse(households=2_000, paper=1_000),
        "CreateInvitation": pb.CreateInvitationResponse(code=CODE),
        "BeginMemberLink": pb.BeginMemberLinkResponse(code=CODE),
    }
    core.script.update({name: lambda _, answer=answer: answer for name, answer in answers.items()})
    core.script["SaveCircular"] = kept
    read = pb.RECEIPT_WAY_PAPER
    core.script["ListReceipts"] = lambda asked: pb.ListReceiptsResponse(
        receipts=[
            pb.Receipt(household=one, way=0 if asked.unread else read, entered_by="名" * 64)
            for one in homes
        ]
    )
    core.script["GetCircular"] = lambda asked: pb.GetCircularResponse(
        circular=circulars[asked.circular_id]
    )
