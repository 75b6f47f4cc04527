"""A program run dry over a list, without a row written."""
