"""Changes one expression at a time and runs the tests that come by it: some must fail."""
