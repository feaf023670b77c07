"""The project: settings, the server, people, roles and sign-in."""

__version__ = "0.1.0"
