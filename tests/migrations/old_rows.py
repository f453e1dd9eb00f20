"""Rows as revision 0004 had them: runs with their steps, a client, a consultant."""

import hashlib

from tests.conftest import NOW

OLD_BODY = (
    '{"anchor":"patch-date","id":"small","phases":[{"key":"a","title":{"en":"A","fr":"A"}}],'
    '"steps":[{"due":"-10bd","evidence":"value","key":"note","owner":"agent","phase":"a",'
    '"same_day":true,"text":{"en":"Note","fr":"Remarque"}}],'
    '"title":{"en":"List","fr":"Liste"},"version":1}'
)
OLD_FACTS = {
    "body": OLD_BODY,
    "digest": hashlib.sha256(OLD_BODY.encode()).hexdigest(),
    "at": "2026-11-24 08:00:00+00:00",
    "yes": True,
    "facts": '{"version":"12.4","from_version":"12.1","on":"2027-01-20"}',
}
OLD_RUN = (
    """
    INSERT INTO checklists_template (digest, id, version, body, published_at)
    VALUES (:digest, 'small', 1, :body, :at)
    """,
    """
    INSERT INTO checklists_run (id, kind, letter, number, subject, client, title, phases, facts,
        template_digest, anchor_on, canton, state, prepared_by, created_at)
    VALUES (7, 'patch', 'P', 1, 'DELEZE', 'DELEZE', '{}', '[]', :facts,
        :digest, '2027-01-20', 'BE', 'open', 'e-alice', :at)
    """,
    """
    INSERT INTO checklists_step (run_id, position, key, phase, text, owner, due, due_on, needs,
        checks, same_day, evidence, approval, mandatory, state, answer, answered_by, answered_at)
    VALUES (7, 1, 'note', 'a', '{}', 'agent', '-10bd', '2027-01-06', '[]',
        '[]', :yes, 'value', 'none', :yes, 'done', '240 GB', 'e-alice', :at)
    """,
)
OLD_COMPANY = (
    """
    INSERT INTO clients_client (code, number, name, city, canton, language, contact, email,
        contract, maintenance_until, erp_version, modules, named_users, pole, created_at,
        updated_at)
    VALUES ('DELEZE', 1, 'Deleze SA', 'Moutier', 'BE', 'fr', '', '',
        'gold', '2030-12-31', '12.3', '[]', 5, 'logistics', :at, :at)
    """,
    """
    INSERT INTO checklists_run (id, kind, letter, number, subject, client, title, phases, facts,
        template_digest, anchor_on, canton, state, prepared_by, created_at)
    VALUES (8, 'patch', 'P', 2, 'DELEZE', 'DELEZE', '{}', '[]',
        '{"version": "12.3", "from_version": "12.1"}',
        :digest, '2026-10-20', 'BE', 'closed', 'e-alice', :at),
        (9, 'onboarding', 'O', 1, 'Claire Perret', NULL, '{}', '[]', '{"path": "logistics"}',
        :digest, '2027-01-20', 'BE', 'open', 'e-claire', :at)
    """,
    """
    INSERT INTO checklists_step (run_id, position, key, phase, text, owner, due, due_on, needs,
        checks, same_day, evidence, approval, mandatory, state, answer, answered_by, answered_at)
    VALUES (8, 1, 'note', 'a', '{}', 'agent', '-10bd', '2026-10-06', '[]',
        '[]', :yes, 'value', 'none', :yes, 'waived', 'no room', 'e-alice', :at),
        (9, 1, 'note', 'a', '{}', 'agent', '-10bd', '2027-01-06', '[]',
        '[]', :yes, 'value', 'none', :yes, 'ready', NULL, NULL, NULL)
    """,
    """
    INSERT INTO onboarding_consultant (id, person_id, mentor_id, path, start_on, run_number, state,
        created_at)
    VALUES (1, 1, 2, 'logistics', '2027-01-20', 1, 'active', :at)
    """,
)
FREEZE = {
    "client": "DELEZE",
    "monthly_from": 25,
    "monthly_until": 3,
    "reason": "payroll",
    "recorded_by": "e-alice",
    "recorded_at": NOW,
}
# As revision 0006 had them.
OLD_DEPARTURES = (
    OLD_RUN[0],
    """
    INSERT INTO checklists_run (id, kind, letter, number, subject, facts, about,
        template_digest, anchor_on, state, prepared_by, created_at)
    VALUES (1, 'checklist', 'K', 1, 'Zoé', '{}', '{}', :digest, '2027-01-20', 'open', 'e-a', :at),
        (2, 'checklist', 'K', 2, 'Max', '{}', '{}', :digest, '2027-01-20', 'cancelled', 'e-a', :at),
        (3, 'checklist', 'K', 3, 'Eve', '{}', '{}', :digest, '2026-01-20', 'open', 'e-a', :at),
        (4, 'checklist', 'K', 4, 'A move', '{}', '{}', :digest, '2027-01-20', 'open', 'e-a', :at)
    """,
    """
    INSERT INTO onboarding_leaving (id, person_id, leaves_on, reason, state, roles, run_number,
        recorded_by, recorded_at)
    VALUES (1, 1, '2027-01-20', 'retired', 'planned', '[]', 1, 'e-alice', :at),
        (2, 2, '2027-01-20', 'retired', 'withdrawn', '[]', 2, 'e-alice', :at),
        (3, 3, '2026-01-20', 'retired', 'left', '[]', 3, 'e-alice', :at)
    """,
)
