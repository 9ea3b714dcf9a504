"""PostgreSQL and Valkey from their wheels, and the supervisor behind `bin/run`."""
