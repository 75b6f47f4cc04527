"""Banks and accounts: the bank master, account numbers, payees' names in legal characters."""
