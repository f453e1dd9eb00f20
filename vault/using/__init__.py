"""Using a credential: clipboard, codes, the way there, programs, new passwords."""
