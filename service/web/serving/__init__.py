"""What runs the application and watches it: sockets, processes, health, metrics, the request log."""
