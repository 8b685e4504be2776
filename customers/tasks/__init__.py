"""What needs a person: kinds of tasks, who has each, and until when it is put off."""
