"""The sealed-safe kit: temporary licences while the safe is down, by two people and one file.

`sealing` is the lock and knows two passphrases, `kit` and `kitfile` are what it holds and the file,
`making` fills it while the safe is up. `issuing` and `journal` need no server, no login and no
database. `adopting` enters later what the journal says.
"""
