"""Trees of conditions: how they are changed, what they are called, what their values come from."""
