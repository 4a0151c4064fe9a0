"""`python -m infoshare` is the `infoshare` command."""

from infoshare.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
