"""Campaigns from draft to result, the inbox, and the official-message check."""
