"""Where a secret waits for its one paste: a clipboard of this machine, or of the terminal."""
