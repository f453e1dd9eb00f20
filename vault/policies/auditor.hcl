# Proves afterwards who did what: every public key, the signature under a checkpoint of the event
# log, which entries there are and when they changed, and no credential.

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

path "transit/keys" {
  capabilities = ["list"]
}

path "transit/keys/+" {
  capabilities = ["read"]
}

path "transit/sign/checkpoint" {
  capabilities        = ["update"]
  required_parameters = ["key_version"]
}

# What the server's audit log writes for the bytes of a licence: `license register witness`. Only
# what begins like one (opskit/licence/v1), or a guessed password could be looked for in the log.
path "sys/audit-hash/+" {
  capabilities        = ["update"]
  required_parameters = ["input"]
  allowed_parameters  = {
    "input" = ["b3Bza2l0L2xpY2VuY2UvdjEA*"]
  }
}

# A login of one's own to the team's database, for an hour.
path "database/creds/auditor" {
  capabilities = ["read"]
}
