"""Speed, as ratios measured in one run: `make bench`. It prints and asserts nothing."""
