"""``python -m kaohe`` is the command ``kaohe``."""


def run() -> None:
    """Hands the command line over; the import waits until then, so that merely importing costs nothing."""
    from kaohe.cli import main

    main()


if __name__ == "__main__":
    run()
