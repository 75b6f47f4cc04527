"""Ways in for who is registered: one-time codes, identity tokens, passkeys."""
