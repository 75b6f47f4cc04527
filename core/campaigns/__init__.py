"""Campaigns: one thing told to many, and how far it has come."""
