"""The screen of travellers: found, their record, and records that are likely one person."""
