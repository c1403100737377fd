"""What curators change about items. Raters go on meanwhile: each call is one short transaction.

`items` are row ids, a thousand or so at a time; `apps.rating.edits` walks through a million.
"""
