"""Where a row comes from: one nested column. Lists have an entry per rater, in the same order."""
