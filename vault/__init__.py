"""The digital safe: client credentials, logins, policies and signing keys in Vault or OpenBao."""
