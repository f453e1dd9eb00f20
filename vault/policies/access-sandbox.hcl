# Where a newcomer learns the safe: the entries of the client SANDBOX, which hold nothing real, to
# read, write and remove as one will with a client later. Of every other client this shows nothing,
# not even that it exists.

path "clients/data/SANDBOX/*" {
  capabilities = ["create", "read", "update", "delete"]
}

path "clients/undelete/SANDBOX/*" {
  capabilities = ["create", "update"]
}

path "clients/metadata/SANDBOX/*" {
  capabilities       = ["create", "read", "update", "patch", "list", "scan"]
  allowed_parameters = {
    "custom_metadata" = []
    "metadata_cas"    = []
  }
}

path "clients/detailed-metadata/SANDBOX/*" {
  capabilities = ["list", "scan"]
}

path "clients/subkeys/SANDBOX/*" {
  capabilities = ["read"]
}
