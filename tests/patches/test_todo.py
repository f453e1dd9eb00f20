"""What waits in the preparation of patches: the engine's steps, with the patch in words."""

from sqlalchemy.orm import Session

from opskit.clients.models import Client
from opskit.core.todo import TodoSources, gather
from opskit.patches.todo import PatchTodo
from opskit.staff import services as staff
from tests.patches.test_checks import AT
from tests.patches.test_services import BOB, client, prepare

__all__ = ["client"]


def test_the_patch_in_words_and_whose_job_it_is(session: Session, client: Client) -> None:
    staff.ensure_person(session, login="max", name="Max Rey", role="agent", at=AT, actor=BOB)
    run = prepare(session, client)
    run.assignee = "max"
    session.flush()
    first_due = min(step.due_on for step in run.steps)
    found = gather(TodoSources((PatchTodo(),)), session, today=first_due).items
    mine = [item for item in found if item.person == "max"]
    assert {item.role for item in mine} == {"agent"}
    assert {item.person for item in found if item.role == "sales"} == {None}
    assert {item.title for item in found} == {"Patch of DELEZE to 12.4"}
    assert all(item.client == "DELEZE" and item.kind == "patch-step" for item in found)
    assert mine[0].command == f"opskit patch tick {run.name} 1"
