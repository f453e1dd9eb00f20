# Finds, reads and enters client credentials.

path "clients/data/*" {
  capabilities = ["create", "read", "update"]
}

# Finding must not need a right to the secrets. Only the facts may be written: with max_versions
# or delete_version_after one could destroy what one may not delete.
path "clients/metadata/*" {
  capabilities       = ["create", "read", "update", "list", "scan"]
  allowed_parameters = { "custom_metadata" = [] }
}

path "clients/detailed-metadata/*" {
  capabilities = ["list", "scan"]
}

# The names of an entry's fields, without their values.
path "clients/subkeys/*" {
  capabilities = ["read"]
}

# A login of one's own to the team's database, for an hour.
path "database/creds/agent" {
  capabilities = ["read"]
}
