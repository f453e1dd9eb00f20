"""What `make` calls: small programs for those who work on opskit itself."""
