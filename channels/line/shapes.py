"""The shapes of what buttons carry for their verbs."""

from channels.line.verbs import EVERYBODY, NONE, Verb

KEY = "[a-z][a-z0-9_]{1,63}"
UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
PAGE = "[1-9][0-9]{0,2}"
SLOT = "[a-z0-9][a-z0-9_]{0,63}"
QUANTITY = "[0-9]{1,3}"
# What the choices were when the button was made, and which of them are chosen, as bits.
SUM = "[0-9a-f]{8}"
BITS = "[0-9a-f]{1,16}"
TERM = "months3|years1|years2"
TASKS = "apply|circulars"
"""What a proxy is asked to do: to read messages and apply, or circulars, too."""

CODE = "[A-HJ-NP-Z2-9]{10}"
# When the question was asked, in seconds: an old yes in the chat must not act at one touch.
ASKED = "[0-9]{10}"
ETAG = "[0-9]{1,9}"
WHY = "date|content|cancelled|twice"
GOES_ON = "[A-Za-z0-9_-]{1,200}"
"""Where a list of the core goes on."""

LEFT = "moved|left|mistake"
"""Why a household is taken out."""

ENDED = "wish|another|mistake"
"""Why an office ends."""

KINDS = "vice|treasurer|group_head"
"""The offices that are given one by one."""

RULE = "secret|open|homes|members|quorum0|quorum50|quorum67"
GROUP = f"{UUID}|{NONE}"
# Of a handover: the association as it was read, the first day, years, and letters of each id.
CHOSEN = r"[0-9]{1,9}\.[0-9]{8}\.[1-3]\.(?:[0-9a-f]{8})*"
BY = f"own|(?:for|home)_{UUID}"
"""Whose answer it is: one's own, that of whom one acts for, or a household's on paper."""

MOST_WORDS = 270
"""UTF-16 code units of what somebody wrote, that a button carries back."""

WORDS = rf"(?s:.{{0,{MOST_WORDS - 1}}})\S"


ARGUMENTS: dict[Verb, tuple[str, ...]] = {
    Verb.MENU: (PAGE,),
    Verb.SPEAK: ("ja|ja-x-easy|en",),
    Verb.TOPICS: (PAGE,),
    Verb.TOPIC: (KEY, "on|off", PAGE),
    Verb.INBOX: (f"{UUID}|{PAGE}",),
    Verb.ELIGIBLE: (PAGE,),
    Verb.ELIGIBLE_FOR: (UUID,),
    Verb.CONSENTS: (PAGE,),
    Verb.WITHDRAW: (UUID,),
    Verb.WITHDRAW_SURE: (UUID, ASKED),
    Verb.UNLINK_SURE: (UUID, ASKED),
    Verb.DELETE_SURE: (ASKED,),
    Verb.BY_CARD_UNTIL: (TERM, TASKS),
    Verb.OFFER_UNTIL: (TERM, TASKS),
    Verb.PROXIES: (PAGE,),
    Verb.END: (UUID,),
    Verb.END_SURE: (UUID, ASKED),
    Verb.LINK_CODE: (CODE,),
    Verb.PROXY_CODE: (CODE,),
    Verb.ANSWER_CODE: (CODE,),
    Verb.READ: (UUID, KEY),
    Verb.SKIP: (UUID, KEY),
    Verb.AGREE: (UUID, KEY),
    Verb.PICK: (UUID, KEY),
    Verb.SLOT: (UUID, KEY, SLOT, QUANTITY),
    Verb.HOW_MANY: (UUID, KEY, SLOT),
    Verb.LOOK: (UUID, KEY, PAGE),
    Verb.TOGGLE: (UUID, KEY, SUM, BITS, PAGE),
    Verb.DECIDE: (UUID, KEY, SUM, BITS),
    Verb.REOPEN: (UUID, KEY),
    Verb.SUBMIT: (UUID,),
    Verb.ASK: (UUID,),
    Verb.ON_PAGE: (UUID,),
    Verb.PROCEDURES: (PAGE,),
    Verb.START: (KEY,),
    Verb.START_PROGRAM: (UUID,),
    Verb.OWN: (PAGE,),
    Verb.OWN_ONE: (UUID,),
    Verb.TAKE_BACK: (UUID,),
    Verb.TAKE_BACK_SURE: (UUID, ASKED),
    Verb.INQUIRE: (ASKED, WORDS),
    Verb.CIRCULAR: (UUID,),
    Verb.SEEN: (UUID,),
    Verb.COMING: (UUID, "[0-9]{1,2}"),
    Verb.VOTE: (UUID, KEY),
    Verb.VOTES: (UUID, BY, PAGE),
    Verb.COMING_MORE: (UUID, BY),
    Verb.SURVEY: (UUID, BY),
    Verb.SURVEY_ASK: (UUID, BY, KEY, PAGE),
    Verb.SURVEY_PICK: (UUID, BY, KEY, KEY),
    Verb.SURVEY_DROP: (UUID, BY, KEY, KEY),
    Verb.SURVEY_NEXT: (UUID, BY, KEY),
    Verb.SURVEY_SEND: (UUID, BY),
    Verb.SURVEY_STOP: (UUID, BY),
    Verb.FORWARD: (UUID,),
    Verb.FORWARD_TO: (UUID,),
    Verb.LOOK_AFTER: (UUID, "on|off"),
    Verb.LOOK_AFTER_SURE: (UUID, "on|off", ASKED),
    Verb.LEAVE: (UUID,),
    Verb.LEAVE_SURE: (UUID, ASKED),
    Verb.ON_BOARD: (UUID,),
    Verb.ON_BOARD_FOR: (UUID, UUID),
    Verb.CIRCULAR_FOR: (UUID, UUID),
    Verb.SEEN_FOR: (UUID, UUID),
    Verb.COMING_FOR: (UUID, UUID, "[0-9]{1,2}"),
    Verb.VOTE_FOR: (UUID, UUID, KEY),
    Verb.LEAD_AT: (UUID,),
    Verb.DESK: (UUID, "home|households|offices|handover|invite"),
    Verb.DESK_AT: (UUID, "whole|edit|comments|round|sheet"),
    Verb.NEIGHBOURS: (UUID,),
    Verb.CARE: (UUID,),
    Verb.ROUNDS: (UUID, PAGE),
    Verb.ROUND: (UUID,),
    Verb.UNREAD: (UUID,),
    Verb.ON_PAPER: (UUID, PAGE),
    Verb.ON_PAPER_HOME: (UUID, UUID, PAGE),
    Verb.ON_PAPER_SURE: (UUID, UUID, PAGE, ASKED),
    Verb.ON_PAPER_FIND: (UUID,),
    Verb.ON_PAPER_COMING: (UUID, UUID, PAGE, "[0-9]{1,2}"),
    Verb.ON_PAPER_VOTE: (UUID, UUID, PAGE, KEY),
    Verb.ON_PAPER_VOTES: (UUID, UUID, PAGE),
    Verb.OFF_PAPER: (UUID, PAGE),
    Verb.OFF_PAPER_HOME: (UUID, UUID, PAGE),
    Verb.OFF_PAPER_SURE: (UUID, UUID, PAGE, ASKED),
    Verb.REMIND: (UUID,),
    Verb.REMIND_SURE: (UUID, ASKED),
    Verb.RESULTS: (UUID,),
    Verb.WRITTEN: (UUID, GOES_ON),
    Verb.CALL_BACK: (UUID,),
    Verb.CALL_BACK_FOR: (UUID, WHY),
    Verb.CALL_BACK_SURE: (UUID, ETAG, WHY, ASKED),
    Verb.WRITE: (UUID,),
    Verb.WRITE_KIND: (UUID, "notice|attendance|survey|vote"),
    Verb.CORRECT: (UUID,),
    Verb.DRAFT: (UUID,),
    Verb.DRAFT_EDIT: (UUID,),
    Verb.DRAFT_ASK: (UUID, "title|body|files|question|choices|rules|due|correction"),
    Verb.DRAFT_NEXT: (UUID,),
    Verb.DRAFT_LESS: (UUID,),
    Verb.DRAFT_SEVERAL: (UUID, "on|off"),
    Verb.DRAFT_YES_NO: (UUID,),
    Verb.DRAFT_CHANGED: (UUID, "date|place|content"),
    Verb.DRAFT_NO_FILES: (UUID,),
    Verb.DRAFT_STOP: (UUID,),
    Verb.DRAFT_DUE: (UUID,),
    Verb.DRAFT_NO_DUE: (UUID,),
    Verb.DRAFT_TO: (UUID, PAGE),
    Verb.DRAFT_FOR: (UUID, "all|officers"),
    Verb.DRAFT_GROUP: (UUID, UUID, "on|off", PAGE),
    Verb.DRAFT_DROP: (UUID,),
    Verb.DRAFT_DROP_SURE: (UUID, ETAG, ASKED),
    Verb.PUBLISH: (UUID,),
    Verb.PUBLISH_SURE: (UUID, ETAG, ASKED),
    Verb.PUBLISH_AT: (UUID, ETAG),
    Verb.NEWCOMERS: (UUID, PAGE),
    Verb.NEWCOMER: (UUID, UUID),
    Verb.HOMES: (UUID, UUID, GROUP, PAGE),
    Verb.ADMIT: (UUID, UUID, UUID),
    Verb.ADMIT_SURE: (UUID, UUID, UUID, ASKED),
    Verb.NEW_HOME: (UUID, UUID, GROUP),
    Verb.NEW_HOME_SURE: (UUID, UUID, GROUP, ASKED),
    Verb.TURN_AWAY: (UUID, UUID),
    Verb.TURN_AWAY_SURE: (UUID, UUID, ASKED),
    Verb.INVITE: (UUID, PAGE),
    Verb.INVITE_TO: (UUID, f"{UUID}|{EVERYBODY}"),
    Verb.HOUSE_GROUPS: (UUID, PAGE),
    Verb.HOUSES: (UUID, GROUP, PAGE),
    Verb.HOUSE_FIND: (UUID,),
    Verb.HOUSE: (UUID, UUID),
    Verb.HOUSE_PAPER: (UUID, UUID, "on|off"),
    Verb.HOUSE_RENAME: (UUID, UUID),
    Verb.HOUSE_NEW: (UUID, GROUP),
    Verb.HOUSE_CARE: (UUID, UUID, "on|off"),
    Verb.HOUSE_CARE_SURE: (UUID, UUID, "on|off", ASKED),
    Verb.HOUSE_GONE: (UUID, UUID),
    Verb.HOUSE_GONE_FOR: (UUID, UUID, LEFT),
    Verb.HOUSE_GONE_SURE: (UUID, UUID, ETAG, rf"(?:{LEFT})\.{ASKED}"),
    Verb.OFFICES: (UUID, PAGE),
    Verb.OFFICE_END: (UUID, UUID),
    Verb.OFFICE_END_FOR: (UUID, UUID, ENDED),
    Verb.OFFICE_END_SURE: (UUID, UUID, ENDED, ASKED),
    Verb.APPOINT: (UUID,),
    Verb.APPOINT_GROUP: (UUID, PAGE),
    Verb.APPOINT_FROM: (UUID, KINDS, GROUP, PAGE),
    Verb.APPOINT_FIND: (UUID, KINDS, GROUP),
    Verb.APPOINT_WHO: (UUID, KINDS, GROUP, UUID),
    Verb.APPOINT_SURE: (UUID, KINDS, GROUP, rf"{UUID}\.[0-9]{{4}}0331\.{ASKED}"),
    Verb.COMMENTS: (UUID, PAGE),
    Verb.HIDE: (UUID, UUID),
    Verb.HIDE_SURE: (UUID, UUID, ASKED),
    Verb.DRAFT_COMMENTS: (UUID, "on|off"),
    Verb.DRAFT_RULE: (UUID, RULE),
    Verb.HAND: (UUID,),
    Verb.HAND_DAY: (UUID,),
    Verb.HAND_TO: (UUID, CHOSEN),
    Verb.HAND_FROM: (UUID, CHOSEN, GROUP, PAGE),
    Verb.HAND_SURE: (UUID, CHOSEN, ASKED),
}
"""The shapes of a verb's arguments; one that is not here has none."""
