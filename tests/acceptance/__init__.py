"""Projects of real data, rated through HTTP; every format made, loaded, trained on and traced back."""
