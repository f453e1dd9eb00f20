"""Publishing: kept for ever, chosen for new runs, retired, and proved to be what it was."""

from typing import Any

import msgspec
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from opskit.checklists.errors import TemplateChangedError, TemplateTamperedError
from opskit.checklists.models import Retirement
from opskit.checklists.services.publishing import (
    choose,
    content_of,
    find_published,
    list_published,
    publish,
    release,
    retire,
)
from opskit.checklists.templates import Template
from opskit.core.db import transaction
from opskit.core.errors import ConflictError, DeniedError, NotFoundError
from opskit.core.events import Event, listing
from tests.checklists.samples import ALICE, AT, BOB, small_template
from tests.support.races import together


def version(number: int, **changes: Any) -> Template:
    return msgspec.structs.replace(small_template(), version=number, **changes)


def retire_version(session: Session, number: int) -> Retirement:
    return retire(
        session, template_id="small", version=number, at=AT, actor=BOB, reason="CS-7 is done"
    )


def tamper(session: Session) -> None:
    """As somebody with the database's password does."""
    session.flush()
    session.execute(text("UPDATE checklists_template SET body = replace(body, 'Backup', 'No')"))
    session.expire_all()


def events(session: Session) -> list[Event]:
    return list(session.scalars(listing(action="template.")))


def test_a_template_is_published_once(session: Session) -> None:
    first = publish(session, version(1), at=AT, actor=BOB)
    assert publish(session, version(1), at=AT, actor=ALICE) is first
    assert (first.digest, first.published_by) == (version(1).digest, BOB.entity_id)
    assert content_of(first) == version(1)
    (told,) = events(session)
    assert (told.action, told.subject, told.actor) == ("template.published", "small/1", "bob")
    assert told.after == {"digest": first.digest}


def test_a_run_may_publish_without_anybody(session: Session) -> None:
    assert publish(session, version(1), at=AT).published_by is None
    assert events(session) == []


def test_another_content_needs_another_version(session: Session) -> None:
    publish(session, version(1), at=AT)
    publish(session, version(4), at=AT)
    with pytest.raises(TemplateChangedError) as caught:
        publish(session, version(1, anchor="day"), at=AT)
    assert caught.value.hint == "give the changed file version 5"


def test_releasing_and_retiring_take_a_manager(session: Session) -> None:
    with pytest.raises(DeniedError, match="alice lacks the role manager or admin"):
        release(session, version(1), at=AT, actor=ALICE)
    release(session, version(1), at=AT, actor=BOB)
    with pytest.raises(DeniedError):
        retire(session, template_id="small", version=1, at=AT, actor=ALICE, reason="old")


def test_a_retired_version_is_no_longer_chosen(session: Session) -> None:
    for number in (1, 2, 3):
        release(session, version(number), at=AT, actor=BOB)
    retirement = retire_version(session, 3)
    assert (retirement.retired_at, retirement.retired_by) == (AT, BOB.entity_id)
    assert find_published(session, "small").version == 2
    assert find_published(session, "small", 3).version == 3
    states = [(each.row.version, each.retirement is None) for each in list_published(session)]
    assert states == [(3, False), (2, True), (1, True)]
    told = events(session)[0]
    assert (told.action, told.subject) == ("template.retired", "small/3")
    assert told.personal is not None
    assert told.personal["reason"] == "CS-7 is done"
    with pytest.raises(ConflictError, match="small/3 was retired"):
        retire_version(session, 3)
    for begin in (release, publish):
        with pytest.raises(ConflictError, match="small/3 was retired") as caught:
            begin(session, version(3), at=AT, actor=BOB)
        assert caught.value.hint == "give the changed file version 4"


@pytest.mark.parametrize(
    ("published", "retired", "shipped", "chosen"),
    [
        ([], [], 1, 1),
        ([1], [], 1, 1),
        ([1, 3], [], 2, 3),
        ([1, 3], [3], 2, 2),
        ([1, 3], [], 4, 4),
        ([1, 2], [2], 2, 1),
        ([3], [3], 2, 2),
    ],
)
def test_a_run_begins_with_the_highest_version_there_is(
    session: Session, published: list[int], retired: list[int], shipped: int, chosen: int
) -> None:
    for number in published:
        publish(session, version(number), at=AT)
    for number in retired:
        retire_version(session, number)
    assert choose(session, version(shipped)).version == chosen


def test_what_was_published_counts_more_than_the_file_of_that_version(session: Session) -> None:
    publish(session, version(2, anchor="day"), at=AT)
    assert choose(session, version(2)).anchor == "day"


def test_nothing_is_left_to_begin_with(session: Session) -> None:
    publish(session, version(1), at=AT)
    retire_version(session, 1)
    with pytest.raises(ConflictError, match="every version of small is retired") as caught:
        choose(session, version(1))
    assert caught.value.hint == "give the changed file version 2"
    with pytest.raises(NotFoundError, match="every version of small is retired"):
        find_published(session, "small")


def test_what_is_not_published_is_told_with_the_nearest(session: Session) -> None:
    publish(session, version(1), at=AT)
    publish(session, version(2), at=AT)
    with pytest.raises(NotFoundError, match="no template 'smal' is published") as caught:
        find_published(session, "smal")
    assert caught.value.hint == "did you mean small?"
    with pytest.raises(NotFoundError, match="small has no version 7") as caught:
        find_published(session, "small", 7)
    assert caught.value.hint == "there are: 1, 2"
    with pytest.raises(NotFoundError) as caught:
        find_published(session, "zzz")
    assert caught.value.hint == "opskit checklist template list"


def test_a_template_edited_in_the_database_is_refused(session: Session) -> None:
    publish(session, version(1), at=AT)
    assert [each.is_intact for each in list_published(session)] == [True]
    tamper(session)
    assert [each.is_intact for each in list_published(session)] == [False]
    told = "small/1 was altered in the database after it was published"
    with pytest.raises(TemplateTamperedError, match=told):
        find_published(session, "small")
    with pytest.raises(TemplateTamperedError, match=told):
        choose(session, version(1))
    with pytest.raises(TemplateTamperedError, match=told) as caught:
        publish(session, version(1), at=AT)
    assert caught.value.exit_code == 8


def test_two_people_publish_the_same_at_once(own_engine: Engine) -> None:
    def work(session: Session) -> None:
        publish(session, version(1), at=AT, actor=BOB)

    assert together(own_engine, work, work) == []
    with transaction(own_engine) as session:
        assert len(list_published(session)) == 1
        assert len(events(session)) == 1


def test_of_two_contents_for_one_version_the_first_counts(own_engine: Engine) -> None:
    def mine(session: Session) -> None:
        publish(session, version(1), at=AT, actor=BOB)

    def theirs(session: Session) -> None:
        publish(session, version(1, anchor="day"), at=AT, actor=ALICE)

    (failure,) = together(own_engine, mine, theirs)
    assert isinstance(failure, TemplateChangedError)
    with transaction(own_engine) as session:
        assert find_published(session, "small").content.anchor == "patch-date"


def test_two_people_retire_at_once(own_engine: Engine) -> None:
    with transaction(own_engine) as session:
        publish(session, version(1), at=AT)

    def work(session: Session) -> None:
        retire_version(session, 1)

    (failure,) = together(own_engine, work, work)
    assert isinstance(failure, ConflictError)
    with transaction(own_engine) as session:
        assert len(events(session)) == 1
