"""How an entry of each kind is opened; pure, and nothing here reads a secret.

A host or user name from the safe ends up in a command line. Two rules keep it from being taken for
an option, or for more than one name: it is checked here, and the destination stands after `--`.
"""
