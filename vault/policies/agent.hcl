# Finds every client's entries. What an agent reads and writes, the group of the pole says: its
# policy is made from the client directory (vault/client_rights.py). Here nothing may stand about
# clients/data: a rule for one client only adds to it.

path "clients/metadata/*" {
  capabilities = ["read", "list", "scan"]
}

path "clients/detailed-metadata/*" {
  capabilities = ["list", "scan"]
}

# The names of an entry's fields, without their values.
path "clients/subkeys/*" {
  capabilities = ["read"]
}

path "guarded/metadata/*" {
  capabilities = ["read", "list", "scan"]
}

path "guarded/detailed-metadata/*" {
  capabilities = ["list", "scan"]
}

# A guarded entry is read only after a safe-keeper, who is not the one that asks, has agreed. Every
# rule for this path, in whichever policy, needs the control group: merged with one that has none,
# the server forgets it.
path "guarded/data/*" {
  capabilities = ["read"]

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

# What became of one's own request, by its accessor.
path "sys/control-group/request" {
  capabilities = ["update"]
}

# What a client sends in is encrypted for this key.
path "transit/keys/intake" {
  capabilities = ["read"]
}

path "transit/decrypt/intake" {
  capabilities = ["update"]
}

# The emergency codes of a licence are counted out from this, one licence at a time.
path "transit/hmac/license-emergency" {
  capabilities        = ["update"]
  required_parameters = ["key_version"]
}

# A login of one's own to the team's database, for an hour.
path "database/creds/agent" {
  capabilities = ["read"]
}
