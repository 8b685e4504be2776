"""What letters to customers say, and to whom they go."""
