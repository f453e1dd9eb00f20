# Everything, as the first start of the local server grants it. What an admin can do with it is
# written in docs/threat-model.md; every request stands in the server's audit log.
path "*" { capabilities = ["create", "read", "update", "delete", "list", "patch", "scan", "sudo"] }

# The most specific path wins, whichever role brings it: an admin who is also an agent would lose
# here what only `*` grants. So the paths of the other roles stand here too. Those of
# transit/sign are left out, so that their conditions hold for an admin as well; reading a guarded
# entry takes a second person here too. The groups of the poles hold no admin
# (vault/client_rights.py).
path "clients/data/*"              { capabilities = ["create", "read", "update", "delete", "list", "patch", "scan", "sudo"] }
path "clients/metadata/*"          { capabilities = ["create", "read", "update", "delete", "list", "patch", "scan", "sudo"] }
path "clients/detailed-metadata/*" { capabilities = ["create", "read", "update", "delete", "list", "patch", "scan", "sudo"] }
path "clients/subkeys/*"           { capabilities = ["create", "read", "update", "delete", "list", "patch", "scan", "sudo"] }
path "clients/delete/*"            { capabilities = ["create", "read", "update", "delete", "list", "patch", "scan", "sudo"] }
path "clients/undelete/*"          { capabilities = ["create", "read", "update", "delete", "list", "patch", "scan", "sudo"] }
path "clients/destroy/*"           { capabilities = ["create", "read", "update", "delete", "list", "patch", "scan", "sudo"] }
path "guarded/metadata/*"          { capabilities = ["create", "read", "update", "delete", "list", "patch", "scan", "sudo"] }
path "guarded/detailed-metadata/*" { capabilities = ["create", "read", "update", "delete", "list", "patch", "scan", "sudo"] }
path "guarded/undelete/*"          { capabilities = ["create", "read", "update", "delete", "list", "patch", "scan", "sudo"] }
path "sys/control-group/request"   { capabilities = ["create", "read", "update", "delete", "list", "patch", "scan", "sudo"] }
path "sys/control-group/authorize" { capabilities = ["create", "read", "update", "delete", "list", "patch", "scan", "sudo"] }
path "sys/audit-hash/+"            { capabilities = ["create", "read", "update", "delete", "list", "patch", "scan", "sudo"] }
path "transit/keys/intake"         { capabilities = ["create", "read", "update", "delete", "list", "patch", "scan", "sudo"] }
path "transit/decrypt/intake"      { capabilities = ["create", "read", "update", "delete", "list", "patch", "scan", "sudo"] }
path "transit/hmac/license-emergency" { capabilities = ["create", "read", "update", "delete", "list", "patch", "scan", "sudo"] }
path "transit/keys"                { capabilities = ["create", "read", "update", "delete", "list", "patch", "scan", "sudo"] }
path "transit/keys/+"              { capabilities = ["create", "read", "update", "delete", "list", "patch", "scan", "sudo"] }
path "transit/keys/license-production" { capabilities = ["create", "read", "update", "delete", "list", "patch", "scan", "sudo"] }
path "transit/keys/license-test"   { capabilities = ["create", "read", "update", "delete", "list", "patch", "scan", "sudo"] }
path "transit/keys/license-spare-*" { capabilities = ["create", "read", "update", "delete", "list", "patch", "scan", "sudo"] }
path "transit/keys/license-offline-*" { capabilities = ["create", "read", "update", "delete", "list", "patch", "scan", "sudo"] }
path "transit/keys/approver-*"     { capabilities = ["create", "read", "update", "delete", "list", "patch", "scan", "sudo"] }
path "database/creds/sales"        { capabilities = ["create", "read", "update", "delete", "list", "patch", "scan", "sudo"] }
path "database/creds/agent"        { capabilities = ["create", "read", "update", "delete", "list", "patch", "scan", "sudo"] }
path "database/creds/consultant"   { capabilities = ["create", "read", "update", "delete", "list", "patch", "scan", "sudo"] }
path "database/creds/safe-keeper"  { capabilities = ["create", "read", "update", "delete", "list", "patch", "scan", "sudo"] }
path "database/creds/license-issuer"{ capabilities = ["create", "read", "update", "delete", "list", "patch", "scan", "sudo"] }
path "database/creds/manager"      { capabilities = ["create", "read", "update", "delete", "list", "patch", "scan", "sudo"] }
path "database/creds/auditor"      { capabilities = ["create", "read", "update", "delete", "list", "patch", "scan", "sudo"] }

path "guarded/data/*" {
  capabilities = ["create", "read", "update", "delete"]

  control_group {
    ttl = "1h"

    factor "second-person" {
      controlled_capabilities = ["read"]

      identity {
        group_names = ["safe-keeper"]
        approvals   = 1
      }
    }
  }
}
