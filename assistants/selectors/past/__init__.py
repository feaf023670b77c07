"""What was: what was live at a moment, and who wrote which line."""
