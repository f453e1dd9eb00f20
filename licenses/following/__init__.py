"""What becomes of an issued licence: renewed, moved, revoked; and what ends soon."""
