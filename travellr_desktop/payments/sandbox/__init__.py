"""A small stateful Stripe in its own SQLite file: it speaks Stripe's wire, so that all above it is the real thing."""
