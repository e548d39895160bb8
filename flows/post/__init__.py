"""The post: returns fetched from where senders put them, each once, into the inbox."""
