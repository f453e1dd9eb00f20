"""A run on paper: for the client in the client's language, or for the team with everything."""
