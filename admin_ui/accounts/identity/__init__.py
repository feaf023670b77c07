"""Signing in with the identity provider of an organisation, by OpenID Connect or SAML."""
