"""Looking after the credentials: flaws, and logins that are tried."""
