"""The command line of the scoring engine: files in, JSON or plain sentences out."""
