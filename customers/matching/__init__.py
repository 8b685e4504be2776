"""Find customers who are one person or firm: compare them, keep the pairs, let staff decide."""
