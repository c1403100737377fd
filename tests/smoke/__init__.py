"""The whole loop once, through HTTP, on a real model, until a trainer has taken steps on the result."""
