"""The embedded server: a real OpenBao in the home folder, started and found again.

Everything of it lives in `OPSKIT_HOME/safe/`: `main.hcl` (rewritten at each start), `raft/` (the
encrypted data), `audit.log`, `server.log`, `server.json` (where it listens), `unseal.key`,
`ready` (the first start came to its end) and `lock`.
"""
