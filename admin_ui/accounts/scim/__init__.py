"""SCIM 2.0 at `/scim/v2/`: a directory creates, changes and deactivates accounts, and gives roles.

It is the part that Entra ID and Okta use; RFC 7643 and RFC 7644 describe the whole.
"""
