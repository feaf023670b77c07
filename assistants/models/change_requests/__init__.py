"""Change requests with their rounds and steps, approval policies, and how changes passed those."""
