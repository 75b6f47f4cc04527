"""Photographs and files that residents send: checked by their content, made anew, kept sealed."""
