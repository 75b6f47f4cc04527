"""What happens, live, and what happened, provably."""
