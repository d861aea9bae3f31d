"""One agency, many desks: a desk's file and the central Postgres, the hub. How they meet is in docs/sync.md."""
