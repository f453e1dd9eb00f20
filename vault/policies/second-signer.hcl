
# Stands under the issuers' policy where the setting license_second_signer asks for it, and each
# rule for signing a licence then holds a control group. What another one asked the safe to sign:
path "sys/control-group/request" {
  capabilities = ["update"]
}

# Lets them have that signature. The server refuses one's own request.
path "sys/control-group/authorize" {
  capabilities = ["update"]
}
