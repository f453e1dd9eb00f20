"""Who sees what, how long data is kept, how a person is forgotten and told what is known."""
