"""The desk's own SQLite file: models, repositories (all queries), unit of work, migration at start-up."""
