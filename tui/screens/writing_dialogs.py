"""What is asked of the parts of a message: texts, buttons, the image."""

from todoke.uploads import parts_of
from todoke.v1 import campaigns_pb2 as pb
from todoke.v1.procedures_pb2 import Text
from tui.dates import Mistyped
from tui.desk import Desk
from tui.dialogs.ask import Answers, Ask, Field
from tui.files import chunks_of, size_of, written_path
from tui.screens.writing_parts import written_in

URL = 1_000
LABEL = 20


def ask_text(desk: Desk, message: pb.CampaignMessage, language: str) -> Ask:
    """Ask for title and text in a language; where both are empty it is written in it no more."""
    words = desk.words
    named = words.find(f"language.{language}") or language

    async def write(answers: Answers, _: str) -> pb.CampaignMessage:
        written = pb.CampaignMessage()
        written.CopyFrom(message)
        for text, name in ((written.title, "message_title"), (written.body, "message_body")):
            put(text, language, str(answers[name]))
        return written

    fields = (
        Field("message_title", message.title.by_language.get(language, ""), limit=100),
        Field("message_body", message.body.by_language.get(language, ""), is_long=True),
    )
    about = words("ask.message_text.about", language=named)
    return Ask(words, "message_text", write, about=about, fields=fields)


def ask_button(desk: Desk, message: pb.CampaignMessage, number: int) -> Ask:
    """Ask for a button; where it leads nowhere it is taken off."""
    words = desk.words
    held = message.buttons[number] if number < len(message.buttons) else pb.LinkButton()
    languages = list(dict.fromkeys((*written_in(message), *held.label.by_language))) or ["ja"]

    async def write(answers: Answers, _: str) -> pb.CampaignMessage:
        written = pb.CampaignMessage()
        written.CopyFrom(message)
        url = str(answers["url"])
        if not url:
            del written.buttons[number : number + 1]
            return written
        if not url.startswith("https://"):
            raise Mistyped("url")
        made = written.buttons[number] if number < len(written.buttons) else written.buttons.add()
        made.url = url
        for language in languages:
            put(made.label, language, str(answers[_label(language)]))
        if not made.label.by_language:
            raise Mistyped("label_ja")
        return written

    fields = [Field("url", held.url, hint="hint.button_url", limit=URL)]
    fields += [
        Field(
            _label(language),
            held.label.by_language.get(language, ""),
            said=words("writing.label", language=words.find(f"language.{language}") or language),
            limit=LABEL,
        )
        for language in languages
    ]
    about = words("ask.message_button.about")
    return Ask(words, "message_button", write, about=about, fields=fields)


def ask_image(desk: Desk) -> Ask:
    """Bring an image; ends with what the core made of it, or with nothing where none is wanted."""
    words, core = desk.words, desk.core

    async def bring(answers: Answers, request_id: str) -> pb.UploadImageResponse:
        if not answers["image_path"]:
            return pb.UploadImageResponse()
        path = written_path(str(answers["image_path"]))
        size_of(path)
        header = pb.ImageHeader(file_name=path.name, request_id=request_id)
        parts = parts_of(pb.UploadImageRequest, header, chunks_of(path))
        return await core.upload(core.campaigns.UploadImage, parts)

    about = words("ask.message_image.about")
    return Ask(words, "message_image", bring, about=about, fields=(Field("image_path"),))


def ask_language(desk: Desk) -> Ask:
    """Ask for a language more."""

    async def add(answers: Answers, _: str) -> str:
        tag = str(answers["language"])
        if not tag:
            raise Mistyped("language")
        return tag

    field = Field("language", hint="hint.language_tag", limit=35)
    return Ask(desk.words, "message_language", add, fields=(field,))


def put(text: Text, language: str, written: str) -> None:
    """Write a text in a language, or take it out where nothing is written."""
    if written:
        text.by_language[language] = written
    else:
        text.by_language.pop(language, None)


def _label(language: str) -> str:
    return f"label_{language.replace('-', '_')}"
