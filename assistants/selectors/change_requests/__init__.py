"""Reading change requests, decisions about them, and the policies that they have to meet."""
