"""Everything of `make soak`: what only shows after hundreds of runs."""
