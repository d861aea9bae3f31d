"""What vendors are told of their money: issued when a batch is approved, read, printed, handed out as files."""
