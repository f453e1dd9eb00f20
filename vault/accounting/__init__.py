"""Who read which credential: the server's audit log, and what a person who leaves has seen."""
