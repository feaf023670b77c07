"""Following lines of a text into later ones. No Django, no I/O."""
