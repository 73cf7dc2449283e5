"""What the conditions of one year would lead to if they went on for ever."""
