# Approves and issues licences.

path "transit/keys/license-production" {
  capabilities = ["read"]
}

path "transit/keys/license-test" {
  capabilities = ["read"]
}

path "transit/keys/license-spare-*" {
  capabilities = ["read"]
}

path "transit/keys/license-offline-*" {
  capabilities = ["read"]
}

# Approvals of others are checked before anything is issued on their word.
path "transit/keys/approver-*" {
  capabilities = ["read"]
}

# The version is named in each licence, so that no rotation changes a key under the register.
path "transit/sign/license-production" {
  capabilities        = ["update"]
  required_parameters = ["key_version"]
}

path "transit/sign/license-test" {
  capabilities        = ["update"]
  required_parameters = ["key_version"]
}

# The spares are cold: whatever stands here, the server refuses until an admin opens one.
path "transit/sign/license-spare-1" {
  capabilities        = ["update"]
  required_parameters = ["key_version"]
}

path "transit/sign/license-spare-2" {
  capabilities        = ["update"]
  required_parameters = ["key_version"]
}

# Each person signs approvals with their own key. By id, never by name: names can be reused.
path "transit/sign/approver-{{identity.entity.id}}" {
  capabilities        = ["update"]
  required_parameters = ["key_version"]
}

# The emergency codes of a licence are counted out from this, one licence at a time.
path "transit/hmac/license-emergency" {
  capabilities        = ["update"]
  required_parameters = ["key_version"]
}

# A login of one's own to the team's database, for an hour.
path "database/creds/license-issuer" {
  capabilities = ["read"]
}
