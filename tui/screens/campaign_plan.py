"""What sending a campaign would come to: whom it finds, cost, quota, end, and who must approve."""

from collections.abc import Mapping
from datetime import UTC, datetime

from todoke.v1 import campaigns_pb2 as pb
from todoke.v1.dispatches_pb2 import LANE_EMERGENCY, ListQuotasRequest, Quota
from tui import allowances, formats
from tui.allowances import Waiting
from tui.conditions.known import read_known, read_named
from tui.conditions.wording import tree_lines
from tui.desk import Desk
from tui.screens.campaign_facts import remark
from tui.screens.campaign_words import said_lines
from tui.screens.found import found_lines, sample_lines
from tui.wording import Words

UNSENT = frozenset({pb.CAMPAIGN_STATE_DRAFT, pb.CAMPAIGN_STATE_SCHEDULED})


async def plan_text(desk: Desk, plan: pb.CampaignPlan) -> str:
    """Look everything up as it is now, while it is still to be sent; raise CoreError."""
    words, core, draft = desk.words, desk.core, plan.draft
    if plan.campaign.state not in UNSENT:
        return "\n".join([*begun_lines(words, plan), "", *await drafted_lines(desk, draft)])
    request = pb.PreviewSegmentRequest(
        condition=draft.recipients, topic=draft.topic, lane=draft.lane, channels=draft.channels
    )
    found = (await core.ask(core.campaigns.PreviewSegment, request)).preview
    quotas = (await core.ask(core.dispatches.ListQuotas, ListQuotasRequest())).quotas
    rules = (await core.ask(core.campaigns.GetSendingRules, pb.GetSendingRulesRequest())).rules
    begin = begin_of(plan)
    end, waits = allowances.done(found, quotas, begin, night_of(draft, rules))
    lines = [
        *([remark(words, plan.remark), ""] if plan.remark else []),
        *found_lines(words, found, {channel: one.recipients for channel, one in waits.items()}),
        *(
            quota_line(words, one, begin, waits)
            for one in quotas
            if one.channel in found.by_channel
        ),
        end_line(words, plan, end),
        *(waiting_line(words, one) for one in waits.values()),
        *([] if draft.lane == LANE_EMERGENCY else rules_lines(words, rules)),
        approval_line(words, plan, rules),
        words("note.campaign_code", code=in_fours(plan.official_code))
        if plan.official_code
        else "",
        "",
        *await drafted_lines(desk, draft),
        "",
        *sample_lines(words, found),
    ]
    return "\n".join(lines).replace("\n\n\n", "\n\n")


def begun_lines(words: Words, plan: pb.CampaignPlan) -> list[str]:
    """Say what holds of one that was sent: who would be found today is not whom it was sent to."""
    lines = [
        words(
            "note.campaign_laying_out" if plan.campaign.laying_out else "note.campaign_begun",
            start=formats.moment(plan.start_time),
            count=formats.count(plan.recipients),
        )
    ]
    if plan.approver:
        lines.append(words("note.campaign_approved", name=formats.plain(plan.approver)))
    if plan.official_code:
        lines.append(words("note.campaign_code", code=in_fours(plan.official_code)))
    return lines


def in_fours(code: str) -> str:
    """Write an official code as it stands on messages."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


async def drafted_lines(desk: Desk, draft: pb.CampaignDraft) -> list[str]:
    """Write whom it is for, a line a condition, and what it says; raise CoreError."""
    words, known = desk.words, await read_known(desk)
    await read_named(desk, known, draft.recipients)
    whom = [f"  {line}" for line in tree_lines(words, known, draft.recipients)]
    return [words("note.campaign_whom"), *whom, "", *said_lines(words, known, draft)]


def begin_of(plan: pb.CampaignPlan) -> datetime:
    """Return when it is to begin, or now."""
    is_planned = plan.HasField("start_time")
    return plan.start_time.ToDatetime(tzinfo=UTC) if is_planned else datetime.now(UTC)


def night_of(draft: pb.CampaignDraft, rules: pb.SendingRules) -> tuple[str, str]:
    """Return from when to when it rests; an emergency does not."""
    if draft.lane == LANE_EMERGENCY:
        return "00:00", "00:00"
    return rules.quiet_from, rules.quiet_to


def quota_line(words: Words, quota: Quota, begin: datetime, waits: Mapping[str, Waiting]) -> str:
    """Say how much of the provider's allowance is left then, and whether it is enough."""
    channel = words.channel(quota.channel)
    if not quota.limit:
        return words("note.campaign_quota_free", channel=channel)
    enough = "_short" if quota.channel in waits else ""
    return words(
        f"note.campaign_quota{enough}",
        channel=channel,
        left=formats.count(allowances.left(quota, begin)),
        limit=formats.count(quota.limit),
        period=allowances.period(quota, begin),
    )


def end_line(words: Words, plan: pb.CampaignPlan, end: datetime | None) -> str:
    """Say when the last is told, if it begins when it is to begin, or now."""
    if end is None:
        return words("note.campaign_ends_unknown")
    if not plan.HasField("start_time"):
        return words("note.campaign_ends_if_now", end=formats.moment_of(end))
    start = formats.moment(plan.start_time)
    return words("note.campaign_ends", start=start, end=formats.moment_of(end))


def waiting_line(words: Words, one: Waiting) -> str:
    return words(
        "note.campaign_awaits",
        channel=words.channel(one.channel),
        count=formats.count(one.recipients),
        time=formats.moment_of(one.begins),
    )


def rules_lines(words: Words, rules: pb.SendingRules) -> list[str]:
    lines = []
    if rules.quiet_from != rules.quiet_to:
        lines.append(words("note.campaign_quiet", first=rules.quiet_from, last=rules.quiet_to))
    if rules.weekly_cap:
        lines.append(words("note.campaign_cap", count=rules.weekly_cap))
    return lines


def approval_line(words: Words, plan: pb.CampaignPlan, rules: pb.SendingRules) -> str:
    """Say whether a second person must approve it, or who did."""
    if plan.approver:
        return words("note.campaign_approved", name=formats.plain(plan.approver))
    count = formats.count(rules.approval_from)
    name = "campaign_needs" if plan.needs_approval else "campaign_needs_not"
    return words(f"note.{name}", count=count)
