"""The words of a reminder. It speaks its receiver's language, not that of who sends it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One language. Texts with names in braces are filled in by who uses them."""

    code: str
    day: str
    colon: str
    subject: str
    subject_late: str
    greeting: str
    news: str
    news_one: str
    late: str
    due_soon: str
    open: str
    due_on: str
    since_days: str
    since_one_day: str
    nobody: str
    once: str
    more: str
    team_news: str

    def date(self, day: date) -> str:
        return day.strftime(self.day)


_ENGLISH = Wording(
    code="en",
    day="%Y-%m-%d",
    colon=":",
    subject="To do: {count}",
    subject_late="To do: {count}, {late} late",
    greeting="Hello {name},",
    news="On {date} these {count} things wait for you:",
    news_one="On {date} this waits for you:",
    late="LATE",
    due_soon="COMING UP",
    open="OPEN",
    due_on="due on {date}",
    since_days="{days} days late",
    since_one_day="1 day late",
    nobody="Nobody yet",
    once="You are reminded of each thing once. The whole list: {command}",
    more="and {count} more",
    team_news="What waits on {date}:",
)
_FRENCH = Wording(
    code="fr",
    day="%d.%m.%Y",
    colon="\u00a0:",
    subject="À faire\u00a0: {count}",
    subject_late="À faire\u00a0: {count}, dont {late} en retard",
    greeting="Bonjour {name},",
    news="Le {date}, {count} choses vous attendent\u00a0:",
    news_one="Le {date}, ceci vous attend\u00a0:",
    late="EN RETARD",
    due_soon="À VENIR",
    open="OUVERT",
    due_on="pour le {date}",
    since_days="{days} jours de retard",
    since_one_day="1 jour de retard",
    nobody="Personne encore",
    once="Chaque rappel n'est envoyé qu'une fois. La liste entière\u00a0: {command}",
    more="et {count} de plus",
    team_news="Ce qui attend, le {date}\u00a0:",
)
_GERMAN = Wording(
    code="de",
    day="%d.%m.%Y",
    colon=":",
    subject="Zu tun: {count}",
    subject_late="Zu tun: {count}, davon {late} überfällig",
    greeting="Guten Tag {name},",
    news="Am {date} warten {count} Dinge auf Sie:",
    news_one="Am {date} wartet dies auf Sie:",
    late="ÜBERFÄLLIG",
    due_soon="DEMNÄCHST",
    open="OFFEN",
    due_on="fällig am {date}",
    since_days="{days} Tage überfällig",
    since_one_day="1 Tag überfällig",
    nobody="Noch niemand",
    once="An jede Sache wird einmal erinnert. Die ganze Liste: {command}",
    more="und {count} weitere",
    team_news="Was am {date} wartet:",
)
LANGUAGES: Mapping[str, Wording] = {each.code: each for each in (_FRENCH, _ENGLISH, _GERMAN)}


def wording(*wished: str) -> Wording:
    """The first wish that is spoken here, else English."""
    return next((LANGUAGES[each] for each in wished if each in LANGUAGES), _ENGLISH)
