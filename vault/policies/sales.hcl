# Requests licences and checks them: public keys, and no credential of any client.

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

# A login of one's own to the team's database, for an hour.
path "database/creds/sales" {
  capabilities = ["read"]
}
