"""Access that grows with the path: milestones propose it, an admin gives it."""
