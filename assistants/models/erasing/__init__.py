"""What was removed from a history, which is only added to otherwise."""
