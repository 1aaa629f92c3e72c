"""What goes over the wire, made from the domain at the edge."""
