"""The keys that do something with one application, in the queue and on its own screen alike."""

from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType

from todoke.client import CoreError
from todoke.v1 import applications_pb2 as pb
from todoke.v1.staff_pb2 import ListStaffRequest
from tui import roles
from tui.desk import request_id
from tui.dialogs.ask import Ask
from tui.dialogs.choose import Choose
from tui.dialogs.note import Note
from tui.screens import application_dialogs as dialogs
from tui.screens.acting import Acting
from tui.screens.application_states import ON_ONE, why_not

GIVE_BACK = "nobody"


class ApplicationDeeds(Acting):
    """`chosen` is the application that is meant; a screen of one may give more of it to mend."""

    DEEDS: ClassVar[list[BindingType]] = [
        Binding("a", "approve", "key.approve"),
        Binding("b", "send_back", "key.send_back"),
        Binding("x", "reject", "key.reject"),
        Binding("w", "withdraw", "key.take_back_application"),
        Binding("o", "keep", "key.keep"),
        Binding("m", "assign", "key.assign"),
        Binding("e", "notice", "key.notice"),
    ]
    NEEDS: ClassVar[dict[str, roles.Roles]] = dict.fromkeys(
        ("approve", "send_back", "reject", "keep", "withdraw", "assign", "notice"), roles.REVIEW
    )

    @property
    def chosen(self) -> pb.Application | None:
        """The application that is meant; None where there is none."""
        raise NotImplementedError

    def why_not(self, action: str) -> str | None:
        if action not in ON_ONE:
            return None
        application = self.chosen
        if application is None:
            return self.words("why.no_row")
        return why_not(self.words, action, application)

    @work(group="act", exclusive=True)
    async def action_approve(self) -> None:
        if self.chosen is not None:
            await self.ask_for(dialogs.ask_approve(self.desk, self.chosen), "application.approved")

    @work(group="act", exclusive=True)
    async def action_send_back(self) -> None:
        if self.chosen is None:
            return
        application = await self.whole(self.chosen)
        if application is not None:
            ask = dialogs.ask_send_back(self.desk, application)
            await self.ask_for(ask, "application.returned")

    @work(group="act", exclusive=True)
    async def action_reject(self) -> None:
        if self.chosen is not None:
            await self.ask_for(dialogs.ask_reject(self.desk, self.chosen), "application.rejected")

    @work(group="act", exclusive=True)
    async def action_keep(self) -> None:
        if self.chosen is not None:
            await self.ask_for(dialogs.ask_keep(self.desk, self.chosen), "application.kept")

    @work(group="act", exclusive=True)
    async def action_withdraw(self) -> None:
        if self.chosen is not None:
            ask = dialogs.ask_withdraw(self.desk, self.chosen)
            await self.ask_for(ask, "application.withdrawn")

    @work(group="act", exclusive=True)
    async def action_assign(self) -> None:
        """Take it, give it back, or give it to somebody."""
        application, person = self.chosen, self.desk.person
        if application is None or person is None:
            return
        me, words = person.staff.staff_id, self.words
        choices = []
        if application.assignee_id != me:
            choices.append((words("assign.take"), me))
        if application.assignee_id:
            choices.append((words("assign.nobody"), GIVE_BACK))
        choices += await self._others(me)
        title = words("assign.title", name=application.assignee_name or words("none"))
        chosen = await self.app.push_screen_wait(Choose(title, choices))
        if chosen is not None:
            staff_id = "" if chosen == GIVE_BACK else chosen
            await self._assign(application, staff_id)

    @work(group="act", exclusive=True)
    async def action_notice(self) -> None:
        if self.chosen is not None:
            await self.save(dialogs.ask_notice(self.desk, self.chosen))

    async def whole(self, application: pb.Application) -> pb.Application | None:
        """Read it with its answers, which the audit log records; None where it is refused."""
        core = self.desk.core
        request = pb.GetApplicationRequest(application_id=application.application_id)
        try:
            return (await core.ask(core.applications.GetApplication, request)).application
        except CoreError as error:
            self.tell(str(self.words.refusal(error)), severity="error")
            return None

    async def save(self, ask: Ask) -> None:
        """Run a dialog that saves a file, and tell where it lies and how it is opened."""
        told = await self.ask_for(ask)
        if told is not None:
            await self.app.push_screen_wait(Note(self.words, self.words("note.saved"), told))

    async def _others(self, me: str) -> list[tuple[str, str]]:
        """Name the others who review; nobody where we may not know them."""
        core = self.desk.core
        try:
            listed = await core.ask(core.staff.ListStaff, ListStaffRequest())
        except CoreError as error:
            self.tell(str(self.words.refusal(error)), severity="warning")
            return []
        return [
            (self.words("assign.give", name=one.display_name or one.name), one.staff_id)
            for one in listed.staff
            if one.staff_id != me and roles.REVIEW & set(one.roles)
        ]

    async def _assign(self, application: pb.Application, staff_id: str) -> None:
        core = self.desk.core
        request = pb.AssignApplicationRequest(
            application_id=application.application_id,
            staff_id=staff_id,
            etag=application.etag,
            request_id=request_id(),
        )
        try:
            await core.ask(core.applications.AssignApplication, request)
        except CoreError as error:
            self.tell(str(self.words.refusal(error)), severity="error")
        else:
            self.tell(self.words("done.application.assigned"))
        self.touch()
