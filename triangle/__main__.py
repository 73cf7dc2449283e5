"""``python -m triangle``."""

from triangle.cli import main

if __name__ == "__main__":
    main()
