"""What each button of an officer does."""

from collections.abc import Awaitable, Callable
from functools import wraps

from channels.line import messages
from channels.line.leading import (
    appointing,
    calling_back,
    choices,
    coming_and_going,
    comments,
    composing,
    correcting,
    counting,
    ending,
    handing,
    handover,
    houses,
    inviting,
    neighbours,
    newcomers,
    paper,
    paper_back,
    reviewing,
    rounds,
    seats,
    sending,
)
from channels.line.leading.seats import NotYours
from channels.line.messages import Message
from channels.line.verbs import Verb
from channels.line.visits import Visit
from todoke.client import CoreError

WENT_ON = {"WRONG_STATE", "CHANGED_MEANWHILE"}
"""Also the second of two taps of the same button, and a button of what was changed since."""

Doing = Callable[..., Awaitable[list[Message]]]


def _in_time(doing: Doing) -> Doing:
    """Say of what went on meanwhile that it did: a circular by another's tap, an office by its end.

    The buttons that were for it stay on the phone.
    """

    @wraps(doing)
    async def done(visit: Visit, *arguments: str) -> list[Message]:
        try:
            return await doing(visit, *arguments)
        except NotYours as found:
            return seats.not_yours(found, visit.language)
        except CoreError as error:
            if error.reason not in WENT_ON:
                raise
            return messages.texts(seats.say("went_on", visit.language))

    return done


# Each takes the visit and its verb's arguments, as text.
DOINGS: dict[Verb, Doing] = {
    Verb.LEAD: seats.show,
    Verb.LEAD_AT: seats.show_one,
    Verb.DESK: handing.desk,
    Verb.DESK_AT: handing.of_circular,
    Verb.NEIGHBOURS: neighbours.show,
    Verb.CARE: neighbours.care,
    Verb.ROUNDS: rounds.listed,
    Verb.ROUND: rounds.one,
    Verb.UNREAD: rounds.unread,
    Verb.ON_PAPER: paper.listed,
    Verb.ON_PAPER_HOME: paper.home,
    Verb.ON_PAPER_SURE: paper.surely,
    Verb.ON_PAPER_FIND: paper.find,
    Verb.ON_PAPER_COMING: paper.coming,
    Verb.ON_PAPER_VOTE: paper.vote,
    Verb.ON_PAPER_VOTES: paper.votes,
    Verb.OFF_PAPER: paper_back.listed,
    Verb.OFF_PAPER_HOME: paper_back.home,
    Verb.OFF_PAPER_SURE: paper_back.surely,
    Verb.REMIND: rounds.remind,
    Verb.REMIND_SURE: rounds.remind_surely,
    Verb.RESULTS: counting.results,
    Verb.WRITTEN: counting.written,
    Verb.CALL_BACK: calling_back.ask_why,
    Verb.CALL_BACK_FOR: calling_back.ask,
    Verb.CALL_BACK_SURE: calling_back.surely,
    Verb.WRITE: composing.kinds,
    Verb.WRITE_KIND: composing.begin,
    Verb.CORRECT: correcting.begin,
    Verb.DRAFT: rounds.one,
    Verb.DRAFT_EDIT: reviewing.edit,
    Verb.DRAFT_ASK: composing.ask,
    Verb.DRAFT_NEXT: choices.enough,
    Verb.DRAFT_LESS: choices.less,
    Verb.DRAFT_SEVERAL: choices.several,
    Verb.DRAFT_YES_NO: choices.yes_no,
    Verb.DRAFT_CHANGED: correcting.changed,
    Verb.DRAFT_NO_FILES: composing.no_files,
    Verb.DRAFT_COMMENTS: comments.allow,
    Verb.DRAFT_RULE: choices.rule,
    Verb.DRAFT_STOP: composing.stop,
    Verb.DRAFT_DUE: sending.due,
    Verb.DRAFT_NO_DUE: sending.no_due,
    Verb.DRAFT_TO: sending.whom,
    Verb.DRAFT_FOR: sending.to,
    Verb.DRAFT_GROUP: sending.group,
    Verb.DRAFT_DROP: sending.drop,
    Verb.DRAFT_DROP_SURE: sending.drop_surely,
    Verb.PUBLISH: sending.publish,
    Verb.PUBLISH_SURE: sending.publish_surely,
    Verb.PUBLISH_AT: sending.publish_at,
    Verb.NEWCOMERS: newcomers.listed,
    Verb.NEWCOMER: newcomers.one,
    Verb.HOMES: newcomers.homes,
    Verb.ADMIT: newcomers.admit,
    Verb.ADMIT_SURE: newcomers.admit_surely,
    Verb.NEW_HOME: newcomers.new_home,
    Verb.NEW_HOME_SURE: newcomers.new_home_surely,
    Verb.TURN_AWAY: newcomers.turn_away,
    Verb.TURN_AWAY_SURE: newcomers.turn_away_surely,
    Verb.INVITE: inviting.whom,
    Verb.INVITE_TO: inviting.make,
    Verb.HOUSE_GROUPS: houses.groups,
    Verb.HOUSES: houses.listed,
    Verb.HOUSE_FIND: houses.find,
    Verb.HOUSE: houses.one,
    Verb.HOUSE_PAPER: houses.paper,
    Verb.HOUSE_RENAME: houses.rename,
    Verb.HOUSE_NEW: coming_and_going.new,
    Verb.HOUSE_CARE: coming_and_going.care,
    Verb.HOUSE_CARE_SURE: coming_and_going.care_surely,
    Verb.HOUSE_GONE: coming_and_going.gone,
    Verb.HOUSE_GONE_FOR: coming_and_going.gone_for,
    Verb.HOUSE_GONE_SURE: coming_and_going.gone_surely,
    Verb.OFFICES: ending.listed,
    Verb.OFFICE_END: ending.why,
    Verb.OFFICE_END_FOR: ending.ask,
    Verb.OFFICE_END_SURE: ending.surely,
    Verb.APPOINT: appointing.kinds,
    Verb.APPOINT_GROUP: appointing.groups,
    Verb.APPOINT_FROM: appointing.choose,
    Verb.APPOINT_FIND: appointing.find,
    Verb.APPOINT_WHO: appointing.ask,
    Verb.APPOINT_SURE: appointing.surely,
    Verb.COMMENTS: comments.listed,
    Verb.HIDE: comments.hide,
    Verb.HIDE_SURE: comments.hide_surely,
    Verb.HAND: handover.begin,
    Verb.HAND_DAY: handover.day,
    Verb.HAND_TO: handover.to,
    Verb.HAND_FROM: handover.choose,
    Verb.HAND_SURE: handover.surely,
}
LEADING = {verb: _in_time(doing) for verb, doing in DOINGS.items()}

TYPED: dict[Verb, Doing] = {
    Verb.ON_PAPER_FIND: paper.find_words,
    Verb.ON_PAPER_HOME: paper.coming_words,
    Verb.HOUSE_FIND: houses.find_words,
    Verb.HOUSE_RENAME: houses.rename_words,
    Verb.HOUSE_NEW: coming_and_going.new_words,
    Verb.APPOINT_FIND: appointing.find_words,
}
WORDS = {verb: _in_time(doing) for verb, doing in TYPED.items()}
"""What words do that an officer was asked for other than for a draft."""
