"""From the files of other password keepers into the safe.

A reader gives neutral records (`records`), `placing` finds each its place, `storing` puts it there.
"""
