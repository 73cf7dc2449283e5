"""Questions asked of solved games: what drives them, where they turn, what holds, what is a robust choice."""
