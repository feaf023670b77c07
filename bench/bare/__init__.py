"""Bare Django views of the same data, their middleware, and the settings of a server with them."""
