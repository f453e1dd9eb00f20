"""One way of trying a login a module, each loaded when it is needed."""
