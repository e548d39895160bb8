"""The `social-value` command: reads words, calls flows or plain functions, and prints."""

import os
import sys
import traceback
from typing import Annotated

import typer

from flows.commands import adopting, audit, figures, operations, post, publishing, returns, tracing
from flows.commands.options import DEBUG, Answered, Home
from flows.commands.version import print_version
from flows.common.clock import BECAUSE_VARIABLE
from flows.common.terminal import printable

app = typer.Typer(
    name="social-value",
    help="From the returns of a public body to its quarterly report and its Annual Review.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for group in (returns, post, figures, tracing, publishing, audit, operations, adopting):
    app.add_typer(group.app)


@app.callback()
def everything(
    home: Home = None,
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks.")] = False,
    backdate_because: Annotated[
        str,
        typer.Option(
            "--backdate-because",
            help="Why a set clock may stand before what is on record: this is recorded.",
        ),
    ] = "",
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=print_version, is_eager=True, help="Print the version and end."
        ),
    ] = False,
) -> None:
    """Say where state lives, before or after the verb."""
    if home is not None:
        os.environ["SOCIAL_VALUE_HOME"] = str(home)
    if debug:
        os.environ[DEBUG] = "1"
    if backdate_because:
        os.environ[BECAUSE_VARIABLE] = backdate_because


def _usage_fault(error: typer.TyperException) -> str:
    """What is wrong with the words, and where help is; without any words, the help itself."""
    text = error.format_message()
    context = getattr(error, "ctx", None)
    if context is None or text.startswith("Usage:"):
        return text
    return f"{text.rstrip('.')}: {context.command_path} --help lists what can be said."


def main(words: list[str] | None = None) -> None:
    """Run the command; every fault is one sentence, and a traceback only with --debug."""
    words = list(sys.argv[1:] if words is None else words)
    debug = "--debug" in words
    words = [word for word in words if word != "--debug"]
    if debug:
        os.environ[DEBUG] = "1"
    try:
        status = app(words, standalone_mode=False, prog_name="social-value")
    except Answered as answer:
        if str(answer):
            print(printable(answer), file=sys.stderr)
        status = answer.status
    except typer.TyperException as error:
        print(printable(_usage_fault(error)), file=sys.stderr)
        status = error.exit_code
    except (typer.Abort, KeyboardInterrupt):
        print("Stopped.", file=sys.stderr)
        status = 3
    except Exception as error:
        from flows.common.errors import sentence_for

        if debug:
            traceback.print_exc()
        status, sentence = sentence_for(error)
        print(printable(sentence), file=sys.stderr)
    sys.stdout.flush()
    sys.exit(status if isinstance(status, int) else 0)


if __name__ == "__main__":
    main()
