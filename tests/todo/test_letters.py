"""A message as it is read, in three languages."""

import pytest

from opskit.core.todo import TodoItem
from opskit.todo.letters import MOST_LINES, personal_letter, plain, team_letter
from opskit.todo.planning import Due, Message
from opskit.todo.reasons import reason_for
from opskit.todo.receivers import Receiver
from opskit.todo.wording import LANGUAGES, wording
from tests.todo.samples import DAY, TODAY, directory, item

ITEMS = [
    item("L1", TODAY - 4 * DAY, client="DELEZE", person="nora"),
    item("P7", TODAY - DAY, what="16. Backup proven", client="BOVETD", person="bob"),
    item("R12", TODAY + DAY, what="to approve", client="BOVETD", role="license-issuer"),
    item("DELEZE/prod/erp-db", None, what="to rotate", client="DELEZE", role="safe-keeper"),
]
ENGLISH = """\
Hello Nora Weber,

On 2026-11-24 these 4 things wait for you:

LATE
- DELEZE, L1: to renew (4 days late)
  opskit see L1
- BOVETD, P7: 16. Backup proven (1 day late)
  opskit see P7

COMING UP
- BOVETD, R12: to approve (due on 2026-11-25)
  opskit see R12

OPEN
- DELEZE/prod/erp-db: to rotate
  opskit see DELEZE/prod/erp-db

You are reminded of each thing once. The whole list: opskit todo --person me
"""
FRENCH = """\
Bonjour Nora Weber,

Le 24.11.2026, ceci vous attend\u00a0:

EN RETARD
- DELEZE, L1\u00a0: to renew (4 jours de retard)
  opskit see L1

Chaque rappel n'est envoyé qu'une fois. La liste entière\u00a0: opskit todo --person me
"""
TEAM = """\
Was am 24.11.2026 wartet:

**Bob Aubert**

- BOVETD, P7: 16. Backup proven (1 Tag überfällig) → opskit see P7

**Nora Weber**

- DELEZE, L1: to renew (4 Tage überfällig) → opskit see L1

**Noch niemand**

- BOVETD, R12: to approve (fällig am 25.11.2026) → opskit see R12
- DELEZE/prod/erp-db: to rotate → opskit see DELEZE/prod/erp-db

An jede Sache wird einmal erinnert. Die ganze Liste: opskit todo
"""


def message(*items: TodoItem) -> Message:
    receiver = Receiver("staff/1", "Nora Weber", "nora@opskit.example")
    dues = [(each, reason_for(each, today=TODAY)) for each in items]
    return Message(receiver, tuple(Due(each, why, each.key) for each, why in dues if why))


def test_to_a_person_in_english() -> None:
    letter = personal_letter(message(*ITEMS), wording("en"), today=TODAY)
    assert (letter.subject, letter.body) == ("To do: 4, 2 late", ENGLISH)


def test_to_a_person_in_french() -> None:
    letter = personal_letter(message(ITEMS[0]), wording("fr"), today=TODAY)
    assert (letter.subject, letter.body) == ("À faire\u00a0: 1, dont 1 en retard", FRENCH)


def test_to_a_team_in_german() -> None:
    letter = team_letter(message(*ITEMS), directory(), wording("de"), today=TODAY)
    assert (letter.subject, letter.body) == ("Zu tun: 4, davon 2 überfällig", TEAM)


def test_the_first_language_that_is_spoken_here() -> None:
    assert wording("it", "", "fr") is LANGUAGES["fr"]
    assert wording("", "it") is LANGUAGES["en"]


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_long_list_is_cut_and_says_so(code: str) -> None:
    many = message(*(item(f"L{n}") for n in range(MOST_LINES + 40)))
    words = wording(code)
    for letter in (
        personal_letter(many, words, today=TODAY),
        team_letter(many, directory(), words, today=TODAY),
    ):
        assert letter.body.count("\n- ") == MOST_LINES
        assert f"\n\n{words.more.format(count=40)}\n\n" in letter.body
        assert letter.subject == words.subject.format(count=MOST_LINES + 40)


def test_nothing_in_a_name_becomes_markdown() -> None:
    assert plain("a_b *c* [d](e) <at>f</at> `g`") == (r"a\_b \*c\* \[d\](e) \<at\>f\</at\> \`g\`")
