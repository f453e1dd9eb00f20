"""What waits for somebody, from every utility: the list, the morning page, the reminders."""
