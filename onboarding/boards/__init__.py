"""Where everybody stands: the board, the load of the mentors, what cohorts needed."""
