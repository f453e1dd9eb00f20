# Sees at a glance what there is, without a secret.

path "clients/metadata/*" {
  capabilities = ["read", "list", "scan"]
}

path "clients/detailed-metadata/*" {
  capabilities = ["list", "scan"]
}

path "guarded/metadata/*" {
  capabilities = ["read", "list", "scan"]
}

path "guarded/detailed-metadata/*" {
  capabilities = ["list", "scan"]
}

# A login of one's own to the team's database, for an hour.
path "database/creds/manager" {
  capabilities = ["read"]
}
