"""What is worked out from the history and kept, so that pages need not."""
