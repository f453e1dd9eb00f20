# Stands under every role's policy where the server knows no control groups. HashiCorp Vault reads
# over their stanza without a word and would hand out the plain text: so there nobody reads, writes
# or moves a guarded entry.
path "guarded/data/*" {
  capabilities = ["deny"]
}
