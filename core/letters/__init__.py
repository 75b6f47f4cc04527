"""Letters on paper: what all of them have alike, whoever writes them."""
