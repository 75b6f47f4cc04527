"""Proving who one is: each provider turns a proof into verified facts, or refuses it."""
