"""What is asked of a campaign beside its message: its name, its lane, how often it is sent."""

from todoke.v1 import campaigns_pb2 as pb
from todoke.v1.dispatches_pb2 import LANE_BULK, LANE_EMERGENCY, LANE_PERSONAL, Lane
from todoke.v1.eligibility_pb2 import DateRange
from tui.dates import Mistyped, read_date
from tui.desk import Desk
from tui.dialogs.ask import Answers, Ask, Field
from tui.wording import Words

OFTEN = ("daily", "weekly", "monthly")
LANES = (LANE_BULK, LANE_PERSONAL, LANE_EMERGENCY)
ONCE = "once"
MOST_DAYS = 365
WAVES = str.maketrans("\u301c\uff5e~", "   ")
"""What stands between two days, in the wide forms that keyboards give."""


def ask_title(desk: Desk, held: str) -> Ask:
    async def write(answers: Answers, _: str) -> str:
        if not answers["campaign_title"]:
            raise Mistyped("campaign_title")
        return str(answers["campaign_title"])

    field = Field("campaign_title", held, limit=100)
    return Ask(desk.words, "campaign_title", write, fields=(field,))


def ask_letters(desk: Desk, held: int) -> Ask:
    """Ask after how many days who did not open it is among those to be told on paper."""

    async def write(answers: Answers, _: str) -> int:
        typed = str(answers["letter_after_days"] or "0")
        if not typed.isdecimal() or int(typed) > MOST_DAYS:
            raise Mistyped("letter_after_days")
        return int(typed)

    field = Field("letter_after_days", str(held or ""), hint="hint.letter_after_days", limit=3)
    about = desk.words("ask.draft_letters.about")
    return Ask(desk.words, "draft_letters", write, about=about, fields=(field,))


def lane_choices(words: Words) -> list[tuple[str, str]]:
    return [(words(f"lane.{Lane.Name(lane)}"), Lane.Name(lane)) for lane in LANES]


def ask_repeat(desk: Desk, draft: pb.CampaignDraft) -> Ask:
    """Ask how often it is sent, until when, and on which days it rests."""
    words = desk.words
    often = [(words("repeat.once"), ONCE), *((words(f"repeat.{one}"), one) for one in OFTEN)]
    repeated = ("repeat", frozenset(OFTEN))
    rests = "\n".join(rest_line(one) for one in draft.repeat_except)

    async def write(answers: Answers, _: str) -> pb.CampaignDraft:
        written = pb.CampaignDraft()
        if answers["repeat"] == ONCE:
            return written
        written.repeat = str(answers["repeat"])
        written.repeat_until = read_date(words, answers["repeat_until"], "repeat_until")
        if not written.repeat_until:
            raise Mistyped("repeat_until")
        lines = str(answers["repeat_except"]).splitlines()
        written.repeat_except.extend(read_rest(words, line) for line in lines if line.strip())
        return written

    fields = (
        Field("repeat", draft.repeat or ONCE, choices=often),
        Field("repeat_until", draft.repeat_until, only=repeated),
        Field("repeat_except", rests, is_long=True, only=repeated),
    )
    about = words("ask.campaign_repeat.about")
    return Ask(words, "campaign_repeat", write, about=about, fields=fields)


def rest_line(rest: DateRange) -> str:
    if rest.begin_date == rest.end_date:
        return rest.begin_date
    return f"{rest.begin_date} - {rest.end_date}"


def read_rest(words: Words, line: str) -> DateRange:
    """Read a day, or two days with a blank or a wave between them, as people write them."""
    days = [part for part in line.translate(WAVES).split() if part != "-"]
    if not 1 <= len(days) <= 2:
        raise Mistyped("repeat_except")
    first, last = (read_date(words, day, "repeat_except") for day in (days[0], days[-1]))
    if first > last:
        raise Mistyped("repeat_except")
    return DateRange(begin_date=first, end_date=last)
