"""The two configuration files of the server.

`main.hcl` is what every start reads. `init.hcl` is read once more, by the first start: it makes
the audited ticket header, the login method, the first admin, and lets the server revoke its root
token itself. Paths are relative, so that the home can be moved.
"""

import json

from opskit.core.http import TICKET_HEADER
from opskit.core.logins import parse_login

HOST = "127.0.0.1"
ADMIN_ROLE = "admin"
THROWAWAY_VARIABLE = "OPSKIT_THROWAWAY_PASSWORD"
ADMIN_POLICY = (
    'path "*" { capabilities = '
    '["create", "read", "update", "delete", "list", "patch", "scan", "sudo"] }'
)


def render_main(*, name: str, port: int, key_source: str) -> str:
    """The configuration of every start; by `name` the server is told from any other."""
    return f"""\
# Written by opskit at every start: changes made here are lost.
storage "raft" {{
  path                   = "raft"
  node_id                = "opskit"
  performance_multiplier = 1
}}

listener "tcp" {{
  address         = "{HOST}:{port}"
  cluster_address = "{HOST}:{port + 1}"
  tls_disable     = true

  # Lets the holder of the recovery key make a root token, and nobody else.
  disable_unauthed_generate_root_endpoints = false
}}

cluster_name = "{name}"
api_addr     = "http://{HOST}:{port}"
cluster_addr = "https://{HOST}:{port + 1}"
ui           = false

seal "static" {{
  current_key_id = "opskit-1"
  current_key    = "{key_source}"
}}

audit "file" "file" {{
  options {{
    file_path = "audit.log"
    mode      = "0600"
  }}
}}
"""


def render_init(*, admin: str) -> str:
    """What the first start does with its root token before it revokes it.

    The user comes last: a login that works proves that all the rest is there, and one that came
    earlier would make an entity of its own.
    """
    admin = parse_login(admin)
    requests = [
        _request(
            "ticket_header",
            f"sys/config/auditing/request-headers/{TICKET_HEADER}",
            "hmac = false",
        ),
        _request("login_method", "sys/auth/userpass", 'type = "userpass"'),
        _request("methods", "sys/auth", operation="read"),
        _request("policy", f"sys/policies/acl/{ADMIN_ROLE}", f"policy = {_quoted(ADMIN_POLICY)}"),
        _request("entity", "identity/entity", f"name = {_quoted(admin)}"),
        _request(
            "alias",
            "identity/entity-alias",
            f"name = {_quoted(admin)}",
            f"canonical_id = {_answer('entity', 'id')}",
            f"mount_accessor = {_answer('methods', 'userpass/', 'accessor')}",
        ),
        _request(
            "group",
            "identity/group",
            f"name = {_quoted(ADMIN_ROLE)}",
            f"policies = [{_quoted(ADMIN_ROLE)}]",
            f"member_entity_ids = [{_answer('entity', 'id')}]",
        ),
        _request("user", f"auth/userpass/users/{admin}", f"password = {_throwaway()}"),
    ]
    return 'initialize "opskit" {\n' + "".join(requests) + "}\n"


def _request(name: str, path: str, *data: str, operation: str = "update") -> str:
    lines = "".join(f"      {each}\n" for each in data)
    block = f"    data = {{\n{lines}    }}\n" if data else ""
    return (
        f'  request "{name}" {{\n    operation = "{operation}"\n    path = "{path}"\n{block}  }}\n'
    )


def _answer(request: str, *keys: str) -> str:
    """A value out of the answer to an earlier request."""
    selector = ", ".join(_quoted(each) for each in ("data", *keys))
    return (
        '{ eval_type = "string", eval_source = "response", initialize_name = "opskit", '
        f'response_name = "{request}", field_selector = [{selector}] }}'
    )


def _throwaway() -> str:
    """The environment can be seen by `ps`: what is there is replaced at once."""
    return f'{{ eval_type = "string", eval_source = "env", env_var = "{THROWAWAY_VARIABLE}" }}'


def _quoted(text: str) -> str:
    return json.dumps(text)
