"""What people prove beside their password: codes of an app, passkeys and recovery codes."""
