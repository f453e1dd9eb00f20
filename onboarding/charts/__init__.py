"""A path, skills and cohorts as pictures, in a file and in the terminal."""
