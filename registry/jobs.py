"""Jobs: rows in the database, claimed with a lease and finished once."""
