"""Decision notices: numbered at the decision, set in type when somebody wants to read them."""
