"""What runs, and when: the command, the Prefect flows and the way of a return into the warehouse."""
