"""What vendors earn: held and why, free to be paid and how that came about, on its way, paid."""
