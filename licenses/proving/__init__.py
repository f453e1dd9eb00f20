"""The register proves itself: every signature, approval, sequence and event, in constant memory.

`walk` reads pages, `crew` hands them to the cores, `lines` and `chain` judge them and are pure,
`whole` asks the database what no single line can tell. Every fault has a name (`flaws`).
"""
