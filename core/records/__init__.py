"""What the city holds of a resident here: shown, handed out, deleted in time."""
