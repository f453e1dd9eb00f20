"""Reviews of new consultants: agenda, notes, decision, and the end of the probation."""
