"""One of each thing of an association and its circulars, and those who may not know of them."""

from core.callers import Role
from tests.core.associations.makers import invite, joins, save_household
from tests.core.associations.scene import Scene, a_scene
from tests.core.circulars import asked
from tests.core.circulars.makers import EVERYBODY, Block
from tests.core.circulars.test_files import an_image
from tests.core.circulars.test_files import upload as upload_file
from tests.makers import a_contact, a_request_id
from tests.town import Town
from todoke.client import Core
from todoke.v1 import circulars_pb2 as pb
from todoke.v1.residents_pb2 import Speaker


async def everything(town: Town) -> tuple[Scene, dict[str, tuple[Core, Speaker | None]]]:
    """Let there be one of each thing, and return who asks: a client, and as whom."""
    scene = await a_scene(town)
    block = Block(town, scene.line, scene.staff, scene.made)
    chair, of_first = scene.made.chair, pb.Targets(group_ids=[scene.house.group_id])
    file = await upload_file(block, chair, an_image())
    sent = await block.send(targets=of_first, comments_allowed=True, file_ids=[file.file_id])
    request = asked.comment(scene, sent.circular_id)
    request.speaker.CopyFrom(chair.speaker)
    written = await scene.line.ask(scene.line.circulars.AddComment, request)
    left = await joins(town, scene.staff, scene.line, scene.made, scene.house.household_id)
    leave = pb.EndMembershipRequest(
        speaker=left.speaker, member_id=left.member_id, reason="転居", request_id=a_request_id()
    )
    await scene.line.ask(scene.line.circulars.EndMembership, leave)
    scene.ids |= {
        "association": scene.made.association_id,
        "household": scene.house.household_id,
        "member": scene.resident.member_id,
        "wish": scene.wish.join_request_id,
        "office": scene.office.office_id,
        "circular": sent.circular_id,
        "draft": (await block.save(chair, targets=EVERYBODY)).circular_id,
        "city": await a_circular_of_the_city(scene.staff, scene.made.association_id),
        "comment": written.comment.comment_id,
        "file": file.file_id,
        "ended_code": await an_ended_code(scene),
        "spent_code": await a_spent_code(town, scene),
    }
    await town.found("332097", "倉敷市")
    section = await town.staff(Role.ASSOCIATIONS, municipality="332097")
    roleless = await town.staff(*(set(Role) - {Role.ASSOCIATIONS, Role.CHANNEL}))
    callers: dict[str, tuple[Core, Speaker | None]] = {
        who: (scene.line, scene.roles[who])
        for who in ("foreign", "stranger", "stale", "other_head")
    }
    web = await town.channel("web")
    phone = await a_contact(town, web, chair.external_id)
    callers |= {
        "left": (scene.line, left.speaker),
        "plain": (scene.line, scene.made.members[2].speaker),
        "section": (section, None),
        "roleless": (roleless, None),
        "web": (web, Speaker(external_id=phone.external_id)),
    }
    return scene, callers


async def a_circular_of_the_city(staff: Core, association_id: str) -> str:
    draft = pb.SaveCircularRequest(
        kind=pb.CIRCULAR_KIND_NOTICE, content=asked.CONTENT, request_id=a_request_id(),
        targets=pb.Targets(association_ids=[association_id]),
    )  # fmt: skip
    saved = (await staff.ask(staff.circulars.SaveCircular, draft)).circular
    publish = pb.PublishCircularRequest(
        circular_id=saved.circular_id, etag=saved.etag, request_id=a_request_id()
    )
    await staff.ask(staff.circulars.PublishCircular, publish)
    return saved.circular_id


async def an_ended_code(scene: Scene) -> str:
    """Return a code of a household that has left since."""
    id = scene.made.association_id
    home = await save_household(scene.staff, id, pb.Household(name="去る家"))
    code = await invite(scene.staff, id, household_id=home.household_id)
    end = pb.EndHouseholdRequest(
        household_id=home.household_id, reason="転居", etag=home.etag, request_id=a_request_id()
    )
    await scene.staff.ask(scene.staff.circulars.EndHousehold, end)
    return code


async def a_spent_code(town: Town, scene: Scene) -> str:
    """Return a code by which a member goes on in another place already."""
    begin = asked.begin_link(scene, scene.resident.member_id)
    begin.speaker.CopyFrom(scene.resident.speaker)
    code = (await scene.line.ask(scene.line.circulars.BeginMemberLink, begin)).code
    complete = asked.complete_link(scene, code)
    computer = await a_contact(town, scene.line)
    complete.speaker.CopyFrom(Speaker(external_id=computer.external_id))
    await scene.line.ask(scene.line.circulars.CompleteMemberLink, complete)
    return code
