"""What checks expect of an answer."""


def same(what: str, is_now: object, should_be: object) -> None:
    """Fails where something is another than it should be."""
    if is_now != should_be:
        raise AssertionError(f"{what}: {is_now!r}, and not {should_be!r}")
