"""Options and the waiting list: what is kept for travellers, and who waits."""
