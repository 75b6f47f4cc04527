"""The composer: what a campaign says, in which languages, to whom and how often."""

from collections.abc import Sequence

from todoke.v1 import campaigns_pb2 as pb
from todoke.v1.dispatches_pb2 import LANE_BULK, LANE_EMERGENCY, LANE_PERSONAL, Lane
from todoke.v1.procedures_pb2 import Text
from todoke.v1.residents_pb2 import ListTopicsRequest
from tui.dates import Mistyped, read_date
from tui.desk import Desk
from tui.dialogs.ask import Answers, Ask, Field
from tui.screens.list_screen import PAGE
from tui.wording import Words

LANGUAGES = ("ja", "en", "ja-x-easy")
"""The languages that the composer asks for; more are kept where a draft has them."""

NEW_LINE = r"\n"
"""How a line's end is typed and shown in a field of one line."""

BY_CONDITIONS, AS_BEFORE = "conditions", "before"
OLDEST = 150


async def ask_compose(desk: Desk, before: pb.CampaignPlan | None) -> Ask | str:
    """Return the dialog, filled with a draft where there is one; or in words why there is none."""
    words, core = desk.words, desk.core
    request = ListTopicsRequest(page_size=PAGE)
    topics = (await core.ask(core.residents.ListTopics, request)).topics
    if not topics:
        return words("why.no_topic")
    listed = pb.ListSegmentsRequest(page_size=PAGE)
    segments = (await core.ask(core.campaigns.ListSegments, listed)).segments

    async def save(answers: Answers, request_id: str) -> pb.CampaignPlan:
        draft = drafted(words, answers, before)
        if before is None:
            create = pb.CreateCampaignRequest(draft=draft, request_id=request_id)
            return (await core.ask(core.campaigns.CreateCampaign, create)).plan
        revise = pb.ReviseCampaignRequest(
            campaign_id=before.campaign.campaign_id,
            draft=draft,
            etag=before.etag,
            request_id=request_id,
        )
        return (await core.ask(core.campaigns.ReviseCampaign, revise)).plan

    whom = [(words("compose.by_conditions"), BY_CONDITIONS)]
    if before is not None:
        whom.insert(0, (words("compose.as_before"), AS_BEFORE))
    whom += [(one.name, one.segment_id) for one in segments]
    subjects = [(one.title.by_language.get("ja", one.key), one.key) for one in topics]
    fields = _fields(words, subjects, whom, before.draft if before else pb.CampaignDraft())
    return Ask(words, "compose", save, about=words("ask.compose.about"), fields=fields)


def _fields(
    words: Words,
    topics: Sequence[tuple[str, str]],
    whom: Sequence[tuple[str, str]],
    draft: pb.CampaignDraft,
) -> list[Field]:
    lanes = [
        (words(f"lane.{Lane.Name(lane)}"), Lane.Name(lane))
        for lane in (LANE_BULK, LANE_PERSONAL, LANE_EMERGENCY)
    ]
    often = [(words("repeat.once"), "once")]
    often += [(words(f"repeat.{one}"), one) for one in ("daily", "weekly", "monthly")]
    by_conditions = ("whom", frozenset({BY_CONDITIONS}))
    repeated = ("repeat", frozenset({"daily", "weekly", "monthly"}))
    said = [
        Field(
            f"{part}_{_name(language)}",
            _typed(getattr(draft.message, part), language),
            said=words("compose.text", part=words(f"compose.{part}"), language=named),
            hint=f"hint.message_{part}",
            section="section.message" if (part, language) == ("title", "ja") else "",
        )
        for language in LANGUAGES
        for named in (words(f"compose.language.{_name(language)}"),)
        for part in ("title", "body")
    ]
    return [
        Field("title", draft.title, label="field.campaign_title", limit=100),
        Field("lane", Lane.Name(draft.lane or LANE_BULK), choices=lanes),
        Field("topic", draft.topic or topics[0][1], choices=topics),
        *said,
        Field("whom", whom[0][1], choices=whom, section="section.whom"),
        Field("from_age", hint="hint.any", only=by_conditions, limit=3),
        Field("to_age", hint="hint.any", only=by_conditions, limit=3),
        Field("town", hint="hint.any", only=by_conditions, limit=60),
        Field("repeat", draft.repeat or "once", choices=often, section="section.repeat"),
        Field("repeat_until", draft.repeat_until, only=repeated),
    ]


def drafted(words: Words, answers: Answers, before: pb.CampaignPlan | None) -> pb.CampaignDraft:
    """Return the draft that was filled in; what the dialog does not ask stays as it was."""
    draft = pb.CampaignDraft()
    if before is not None:
        draft.CopyFrom(before.draft)
    draft.title = str(answers["title"])
    draft.lane = Lane.Value(str(answers["lane"]))
    draft.topic = str(answers["topic"])
    for language in LANGUAGES:
        for part in ("title", "body"):
            text: Text = getattr(draft.message, part)
            typed = str(answers[f"{part}_{_name(language)}"]).replace(NEW_LINE, "\n")
            if typed:
                text.by_language[language] = typed
            else:
                text.by_language.pop(language, None)
    if answers["whom"] == BY_CONDITIONS:
        draft.recipients.CopyFrom(_conditions(answers))
    elif answers["whom"] != AS_BEFORE:
        draft.recipients.CopyFrom(pb.Condition(segment_id=str(answers["whom"])))
    often = str(answers["repeat"])
    draft.repeat = "" if often == "once" else often
    until = read_date(words, answers["repeat_until"], "repeat_until") if draft.repeat else ""
    if draft.repeat and not until:
        raise Mistyped("repeat_until")
    draft.repeat_until = until
    return draft


def _conditions(answers: Answers) -> pb.Condition:
    """Return the simple conditions as a tree: of an age, and living in the town, if any."""
    age = pb.AgeRange(
        from_age=_age(answers["from_age"], 0, "from_age"),
        to_age=_age(answers["to_age"], OLDEST, "to_age"),
    )
    parts = [pb.Condition(age=age)]
    if answers["town"]:
        parts.append(pb.Condition(area=pb.TownArea(town=str(answers["town"]))))
    return parts[0] if len(parts) == 1 else pb.Condition(all_of=pb.Conditions(conditions=parts))


def _age(typed: object, otherwise: int, field: str) -> int:
    text = str(typed)
    if not text:
        return otherwise
    if not text.isdecimal() or int(text) > OLDEST:
        raise Mistyped(field)
    return int(text)


def _typed(text: Text, language: str) -> str:
    return text.by_language.get(language, "").replace("\n", NEW_LINE)


def _name(language: str) -> str:
    return language.replace("-", "_")
