"""What goes over the wire, converted from the domain at the edge."""
