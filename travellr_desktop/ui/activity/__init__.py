"""What the program does and has done: running work, the schedule, events, the audit trail, errors."""
