"""The dialogs: what asks before it does, and what shows more."""
