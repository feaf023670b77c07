"""Reading the discussions of change requests."""
