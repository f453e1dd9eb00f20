"""The verbs on the path of a consultant, from the first day to the last."""

from onboarding.names import NEWCOMER
from onboarding.services.beginning import Entrant, refuse_second_path, start, start_many
from onboarding.services.ending import finish, leave_path, undo
from onboarding.services.mentoring import HandedOver, hand_over
from onboarding.services.own_steps import OwnStep, add_own_step
from onboarding.services.pausing import anchor_of, enter_first_day, extend, pause, resume
from onboarding.services.rights import (
    LEADERS,
    Relation,
    find_to_change,
    find_to_lead,
    find_to_see,
    find_to_sign,
    relation_of,
    require_signer,
    visible,
)
from onboarding.services.signing import sign
from onboarding.services.switching import Switch, plan_switch, switch_path
from onboarding.services.walks import (
    KIND,
    LETTER,
    STARTERS,
    WALKERS,
    Walk,
    find,
    find_run,
    walk_of,
    walks,
)

__all__ = [
    "KIND",
    "LEADERS",
    "LETTER",
    "NEWCOMER",
    "STARTERS",
    "WALKERS",
    "Entrant",
    "HandedOver",
    "OwnStep",
    "Relation",
    "Switch",
    "Walk",
    "add_own_step",
    "anchor_of",
    "enter_first_day",
    "extend",
    "find",
    "find_run",
    "find_to_change",
    "find_to_lead",
    "find_to_see",
    "find_to_sign",
    "finish",
    "hand_over",
    "leave_path",
    "pause",
    "plan_switch",
    "refuse_second_path",
    "relation_of",
    "require_signer",
    "resume",
    "sign",
    "start",
    "start_many",
    "switch_path",
    "undo",
    "visible",
    "walk_of",
    "walks",
]
