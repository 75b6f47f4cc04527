"""Why a resident is entitled to a program or is not, asked from their screen."""

from todoke.v1.eligibility_pb2 import ListProgramsRequest
from todoke.v1.ledger_pb2 import ExplainEligibilityRequest, Explanation, Standing
from todoke.v1.residents_pb2 import Resident
from tui.desk import Desk
from tui.dialogs.ask import Answers, Ask, Field
from tui.screens.resident_dialogs import named
from tui.wording import Words

PROGRAMS = 200


async def ask_why(desk: Desk, resident: Resident) -> Ask | str:
    """Ask for which program; a sentence instead where there is none. Raises CoreError."""
    words, core = desk.words, desk.core
    listed = await core.ask(core.eligibility.ListPrograms, ListProgramsRequest(page_size=PROGRAMS))
    if not listed.programs:
        return words("why.no_program")

    async def explain(answers: Answers, _: str) -> str:
        request = ExplainEligibilityRequest(
            resident=named(resident), program_id=str(answers["program"])
        )
        answer = await core.ask(core.ledger.ExplainEligibility, request)
        return explained(words, answer.explanation)

    choices = [(program.title, program.program_id) for program in listed.programs]
    fields = (Field("program", choices=choices),)
    return Ask(words, "why", explain, about=words("ask.why.about"), fields=fields)


def explained(words: Words, told: Explanation) -> str:
    """Say how the resident stands, by which rule, of which day the list is, and what to do."""
    figures = {key: words.find(f"value.{value}") or value for key, value in told.metadata.items()}
    rule = words.find(f"explained.{told.rule}", **figures)
    step = words.find(f"next_step.{told.rule}_{told.next_step}", **figures)
    return words(
        "note.why_text",
        standing=words(f"entitled_standing.{Standing.Name(told.standing)}"),
        rule=rule or told.rule or words("none"),
        date=told.list_date or words("none"),
        step=step or told.next_step or words("none"),
    )
