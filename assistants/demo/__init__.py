"""Made-up assistants with a long history, for trying things on at scale and for measuring."""
