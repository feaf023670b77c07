"""The rows in which a person builds a schema, as inputs of the form."""
