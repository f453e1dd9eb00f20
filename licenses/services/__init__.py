"""What one does with licences: request, approve, issue, look up."""
