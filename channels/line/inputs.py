"""How each kind of answer is asked for in the chat: what is told, and what can be pressed."""

from collections.abc import Callable
from dataclasses import dataclass, field

from channels import wording
from channels.line import choosing, limits, picking
from channels.line.messages import Action, press
from channels.line.postback import Do
from channels.line.verbs import Verb
from todoke.v1 import procedures_pb2 as pb
from todoke.v1.procedures_pb2 import Prompt

SECTION = "line_asking"
KINDS = {
    pb.TEXT_KIND_KANA: "kana",
    pb.TEXT_KIND_EMAIL: "email",
    pb.TEXT_KIND_PHONE: "phone",
    pb.TEXT_KIND_POSTAL_CODE: "postal_code",
}
UNBOUNDED = 999_999_999
MEGABYTE = 1024 * 1024
# What agreement is given to is read whole before the button is pressed, in so many messages.
MOST_TERMS = 3


@dataclass(slots=True)
class Asking:
    """What a prompt of a kind adds: text before it, lines, buttons under it, quick replies.

    `stands_out` is the place among `actions` of the button that does; -1 where the answer is to be
    written or sent.
    """

    before: str = ""
    lines: list[str] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    quick: list[Action] = field(default_factory=list)
    stands_out: int = 0


@dataclass(frozen=True, slots=True)
class View:
    """A prompt as it is looked at: which page of its choices, and which of them are chosen."""

    prompt: Prompt
    page: int = 1
    chosen: int | None = None

    @property
    def language(self) -> str:
        return self.prompt.language or wording.FIRST

    @property
    def place(self) -> tuple[str, str]:
        """The application and the step, which every button of the prompt carries."""
        return self.prompt.application_id, self.prompt.step

    def say(self, name: str, **places: object) -> str:
        return wording.say(SECTION, name, self.language, **places)

    def button(self, name: str, verb: Verb, *arguments: str) -> Action:
        return press(Do(verb, (*self.place, *arguments)), self.say(name))

    def to_page(self) -> Action:
        return press(Do(Verb.ON_PAGE, (self.prompt.application_id,)), self.say("go_page"))


def asking(view: View) -> Asking:
    """Tell how a prompt is answered; a kind younger than this channel is answered on the page."""
    prompt = view.prompt
    if prompt.sensitive:
        return _on_page(view)
    kind = prompt.input.WhichOneof("kind")
    if kind is None:
        return _choice(view)
    return ASKINGS.get(kind, _on_page)(view)


def _on_page(view: View) -> Asking:
    lines = [view.say("on_page")]
    if view.prompt.optional:
        lines.append(view.say("on_page_or_skip"))
    return Asking(lines=lines, actions=[view.to_page()])


def _choice(view: View) -> Asking:
    return Asking(**choosing.one(view.prompt, view.language, view.page))


def _choices(view: View) -> Asking:
    return Asking(**choosing.several(view.prompt, view.language, view.page, view.chosen))


def _slot(view: View) -> Asking:
    return Asking(**choosing.slot(view.prompt, view.language, view.page))


def _read(view: View) -> Asking:
    label = view.prompt.input.read.label.strip()
    return Asking(actions=[press(Do(Verb.READ, view.place), label or "OK")])


def _text(view: View) -> Asking:
    asked = view.prompt.input.text
    kind = KINDS.get(asked.kind, "")
    lines = [view.say(kind or ("text_lines" if asked.lines else "text"))]
    if not kind and asked.most:
        lines.append(view.say("between_letters", least=max(asked.least, 1), most=asked.most))
    example = asked.example.strip() or (view.say(f"example_{kind}") if kind else "")
    if example:
        lines.append(view.say("example", example=example))
    return Asking(lines=lines)


def _number(view: View) -> Asking:
    asked = view.prompt.input.number
    lines = [view.say("money" if asked.unit in {"円", "yen"} else "number")]
    if -UNBOUNDED <= asked.least <= asked.most <= UNBOUNDED:
        least, most = (f"{bound:,}{asked.unit}" for bound in (asked.least, asked.most))
        lines.append(view.say("between", least=least, most=most))
    if asked.unit.strip():
        example = max(asked.least, min(1, asked.most))
        lines.append(view.say("example", example=f"{example:,}{asked.unit}"))
    return Asking(lines=lines)


def _date(view: View) -> Asking:
    label, data = view.say("pick_date"), Do(Verb.PICK, view.place)
    pick = picking.day(view.prompt.input.date, view.prompt.current.date, label, data)
    return Asking(lines=[view.say("date")], actions=[pick])


def _date_time(view: View) -> Asking:
    label, data = view.say("pick_date_time"), Do(Verb.PICK, view.place)
    pick = picking.moment(view.prompt.input.date_time, view.prompt.current.date_time, label, data)
    return Asking(lines=[view.say("date_time")], actions=[pick])


def _place(view: View) -> Asking:
    label = limits.clip(view.say("place_map"), limits.QUICK_REPLY_LABEL)
    quick: list[Action] = [{"type": "location", "label": label}]
    return Asking(lines=[view.say("place")], actions=[view.to_page()], quick=quick, stands_out=-1)


def _address(view: View) -> Asking:
    example = view.say("example", example=view.say("address_example"))
    lines = [view.say("address"), example, view.say("go_page_too")]
    return Asking(lines=lines, actions=[view.to_page()], stands_out=-1)


def _members(view: View) -> Asking:
    if view.prompt.input.members.fields:
        return _on_page(view)
    lines = [view.say("members"), view.say("go_page_too")]
    return Asking(lines=lines, actions=[view.to_page()], stands_out=-1)


def _files(view: View) -> Asking:
    asked, held = view.prompt.input.files, len(view.prompt.current.files.attachment_ids)
    takes_images = not asked.media_types or any(
        one.startswith("image/") for one in asked.media_types
    )
    if asked.least > 1 and not takes_images:
        # Only photographs can be sent at once.
        return Asking(lines=[view.say("several_on_page")], actions=[view.to_page()])
    lines = [view.say("files")]
    if asked.most > 1:
        name = "files_between" if asked.least > 1 else "files_at_once"
        lines.append(view.say(name, least=asked.least, most=asked.most))
    if asked.most_bytes >= MEGABYTE:
        lines.append(view.say("files_size", megabytes=asked.most_bytes // MEGABYTE))
    if held:
        lines.append(view.say("files_held", count=held))
    quick: list[Action] = []
    if takes_images:
        quick = [
            {"type": kind, "label": limits.clip(view.say(name), limits.QUICK_REPLY_LABEL)}
            for kind, name in (("camera", "camera"), ("cameraRoll", "camera_roll"))
        ]
    actions = [view.to_page()] if asked.most > 1 else []
    return Asking(lines=lines, actions=actions, quick=quick, stands_out=-1)


def _agree(view: View) -> Asking:
    asked = view.prompt.input.agree
    if len(limits.split(asked.terms, limits.TEXT)) > MOST_TERMS:
        return Asking(lines=[view.say("agree_long")], actions=[view.to_page()])
    label = asked.label.strip() or "OK"
    return Asking(before=asked.terms.strip(), actions=[press(Do(Verb.AGREE, view.place), label)])


ASKINGS: dict[str, Callable[[View], Asking]] = {
    "read": _read,
    "choice": _choice,
    "choices": _choices,
    "text": _text,
    "number": _number,
    "date": _date,
    "date_time": _date_time,
    "place": _place,
    "address": _address,
    "files": _files,
    "agree": _agree,
    "members": _members,
    "slot": _slot,
}
"""Accounts and signatures are not here: they are only ever taken on the page."""
