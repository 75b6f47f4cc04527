"""The widgets that all screens share."""
