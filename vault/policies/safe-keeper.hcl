# Looks after the safe: every client's entries, and taking them out of it for good.

path "clients/data/*" {
  capabilities = ["create", "read", "update", "patch", "delete"]
}

path "clients/metadata/*" {
  capabilities = ["create", "read", "update", "patch", "delete", "list", "scan"]
}

path "clients/detailed-metadata/*" {
  capabilities = ["list", "scan"]
}

path "clients/subkeys/*" {
  capabilities = ["read"]
}

# Deleting can be undone, destroying cannot.
path "clients/delete/*" {
  capabilities = ["create", "update"]
}

path "clients/undelete/*" {
  capabilities = ["create", "update"]
}

path "clients/destroy/*" {
  capabilities = ["create", "update"]
}

# The same for the guarded entries, but reading one takes a second safe-keeper.
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

path "guarded/metadata/*" {
  capabilities = ["create", "read", "update", "patch", "delete", "list", "scan"]
}

path "guarded/detailed-metadata/*" {
  capabilities = ["list", "scan"]
}

path "guarded/undelete/*" {
  capabilities = ["create", "update"]
}

path "sys/control-group/request" {
  capabilities = ["update"]
}

# Lets somebody else read a guarded entry. The server refuses one's own request.
path "sys/control-group/authorize" {
  capabilities = ["update"]
}

# What a client sends in is encrypted for this key.
path "transit/keys/intake" {
  capabilities = ["read"]
}

path "transit/decrypt/intake" {
  capabilities = ["update"]
}

# A login of one's own to the team's database, for an hour.
path "database/creds/safe-keeper" {
  capabilities = ["read"]
}
