"""Licence keys: byte format, signing, requests and the register.

An integrator reads `payload`, `keyformat`, `armour`, `publickeys`, `validity`, `refusals` and
`verifier`: they are pure and import only the standard library and `cryptography`. The format is
specified in docs/spec/license-key-v1.md.
"""
