"""The directory of client companies."""
