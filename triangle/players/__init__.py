"""Who plays and what they can do: the powers, their stances and actions, sets of profiles, how users write them."""
