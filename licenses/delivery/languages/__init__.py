"""The words of a client's documents, a module a language."""
