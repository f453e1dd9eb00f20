"""Setting a home up, keeping it healthy, bringing it up to date."""
