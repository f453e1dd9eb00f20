"""The team's calendar: closures and half days beside the public holidays."""
