"""The command line: thin wrappers that parse options, call the library and print."""

from __future__ import annotations

import io
import sys

from attribution.errors import AttributionError


def main() -> None:
    """Run the command line; every error a user can mend is one line and exit status 2."""
    from attribution.cli.app import run

    if isinstance(sys.stdout, io.TextIOWrapper):
        # Results are UTF-8 whatever the locale; a terminal keeps its own encoding.
        encoding = None if sys.stdout.isatty() else "utf-8"
        sys.stdout.reconfigure(encoding=encoding, errors="backslashreplace")
    try:
        raise SystemExit(run())
    except AttributionError as error:
        print(f"attribution: {error}", file=sys.stderr)
        raise SystemExit(2) from None
    except BrokenPipeError:
        # The reader of our output went away (`| head`); nothing to report.
        sys.stderr.close()
        raise SystemExit(0) from None
    except OSError as error:
        what = f"{error.filename}: {error.strerror}" if error.filename else str(error)
        print(f"attribution: {what}; check the path", file=sys.stderr)
        raise SystemExit(2) from None
    except KeyboardInterrupt:
        print("attribution: interrupted", file=sys.stderr)
        raise SystemExit(130) from None
