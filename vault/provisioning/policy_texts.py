"""What stands in the policy of each role: a file in vault/policies/, and what the server allows."""

import re
from importlib.resources import files

NO_SECOND_PERSON, SECOND_SIGNER = "no-second-person", "second-signer"
ISSUER, ADMIN = "license-issuer", "admin"

# Every rule by which licences are signed, but those for tests and demonstrations.
_SIGNING_RULE = re.compile(
    r'^(path "(transit/sign/license-(?!test")[^"]+)"[^{]*\{[^{}]*)\}', re.MULTILINE
)
_CONTROL_GROUP = """
  control_group {
    ttl = "4h"

    factor "second-person" {
      controlled_capabilities = ["update"]

      identity {
        group_names = ["license-issuer"]
        approvals   = 1
      }
    }
  }
}"""


def policy_text(name: str) -> str:
    return files("vault").joinpath("policies", f"{name}.hcl").read_text(encoding="utf-8")


def policy_of(role: str, *, second_person: bool, second_signer: bool = False) -> str:
    """The role's policy.

    `second_person`: the server knows control groups; without them guarded entries are closed.
    `second_signer`: it wants a second person for each signature under a licence.
    """
    text = policy_text(role)
    if not second_person:
        return text + policy_text(NO_SECOND_PERSON)
    return _with_second_signer(role, text) if second_signer else text


def _with_second_signer(role: str, text: str) -> str:
    """An admin's rule for everything would go round those of the issuers, so it gets them too."""
    if role == ISSUER:
        return _SIGNING_RULE.sub(_controlled, text) + policy_text(SECOND_SIGNER)
    if role == ADMIN:
        rules = _SIGNING_RULE.finditer(policy_text(ISSUER))
        return text + "".join(f"\n{_controlled(rule)}\n{_no_way_round(rule)}" for rule in rules)
    return text


def _controlled(rule: re.Match[str]) -> str:
    return rule[1] + _CONTROL_GROUP


def _no_way_round(rule: re.Match[str]) -> str:
    """A hash may be named as a further part of the path, which Ed25519 does not mind."""
    return f'\npath "{rule[2]}/*" {{\n  capabilities = ["deny"]\n}}\n'
