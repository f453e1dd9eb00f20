"""What people do with templates besides running them: look, compare, try out, carry over, learn."""
