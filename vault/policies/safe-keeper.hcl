# Looks after the safe: all that an agent may, and taking entries out of it.

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

# A login of one's own to the team's database, for an hour.
path "database/creds/safe-keeper" {
  capabilities = ["read"]
}
