"""What is worked out from the history and can be made anew."""
