"""What tests of writing procedures share: a town's author, and a small procedure."""

from tests.makers import a_request_id
from todoke.client import Core, CoreError
from todoke.v1 import procedures_pb2 as pb

SWIM = """\
key: swim
title: {ja: 水泳教室, en: Swimming class}
steps:
  - key: who
    says: {ja: どなたが参加しますか。, en: "Who comes?"}
    choice:
      options:
        - {value: adult, label: おとな}
        - {value: child, label: こども}
  - key: how_many
    says: "{who}は何人ですか。"
    checks:
      - {check: 'how_many > 0', text: 1人からです。}
    number: {most: 9}
values:
  fee: 'how_many * (who == "child" ? 300 : 500)'
conversations:
  - name: two children
    answers:
      - {step: who, answer: child}
      - {step: how_many, answer: 0, refused: check}
      - {step: how_many, answer: 2}
    ends: review
    values: {fee: 600}
"""


async def save(author: Core, source: str = SWIM, *, key: str = "swim", etag: str = "") -> pb.Draft:
    request = pb.SaveDraftRequest(key=key, source=source, etag=etag, request_id=a_request_id())
    answer = await author.ask(author.procedures.SaveDraft, request)
    return answer.draft


async def publish(
    author: Core, source: str = SWIM, *, key: str = "swim", **more
) -> pb.ProcedureVersion:
    """Save a draft over the one that is there, if any, and publish it."""
    etag = await etag_of(author, key)
    draft = await save(author, source, key=key, etag=etag)
    return await put_in_force(author, draft, **more)


async def put_in_force(author: Core, draft: pb.Draft, **more) -> pb.ProcedureVersion:
    request = pb.PublishProcedureRequest(
        key=draft.key, etag=draft.etag, reason="夏の教室", request_id=a_request_id(), **more
    )
    answer = await author.ask(author.procedures.PublishProcedure, request)
    return answer.version


async def etag_of(author: Core, key: str) -> str:
    try:
        return (await get(author, key)).draft.etag
    except CoreError:
        return ""


async def get(caller: Core, key: str, version: int = 0) -> pb.GetProcedureResponse:
    return await caller.ask(
        caller.procedures.GetProcedure, pb.GetProcedureRequest(key=key, version=version)
    )


async def versions(caller: Core, key: str) -> list[pb.ProcedureVersion]:
    request = pb.ListProcedureVersionsRequest(key=key)
    answer = await caller.ask(caller.procedures.ListProcedureVersions, request)
    return list(answer.versions)
