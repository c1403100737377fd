"""What was done and what is known, in sentences of our own: the card and Croissant share them."""
