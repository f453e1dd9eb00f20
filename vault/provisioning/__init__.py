"""The safe in its desired state: engines, policies, people, logins to the database."""
