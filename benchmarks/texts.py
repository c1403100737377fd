"""What the raters read."""

TEXT = """
Read the file in pieces, keep only the rows that you need, and add up as you go.

```python
for part in pd.read_csv("orders.csv", chunksize=500_000):
    total += part.amount.sum()
```

1. Each piece takes about 60 MB.
2. Only the running totals stay in memory.
"""
