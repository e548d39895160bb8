"""What runs, and when: the command, the flows, and the way of a return into the warehouse."""
