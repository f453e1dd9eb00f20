"""What every utility stands on; imports nothing above itself."""
