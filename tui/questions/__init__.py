"""What a procedure asks, drawn in the terminal: one box for each kind of the contract's input."""
