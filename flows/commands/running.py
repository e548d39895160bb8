"""Words for those who look after an installation: demo, serve, doctor."""

import typer

from flows.commands.words import Answered, AsJson, Home, settings_of, show, with_prefect

app = typer.Typer()


@app.command()
def demo(home: Home = None, as_json: AsJson = False) -> None:
    """Run a made-up authority's quarter from its inbox to its published tables."""
    from flows.asking import demo_home

    settings = with_prefect(demo_home(home))
    from flows.demonstration import demonstrate

    if not demonstrate(settings, as_json):
        raise Answered(1)


@app.command()
def serve(home: Home = None) -> None:
    """Run every deployment of prefect.yaml on its schedule, with Prefect's own server."""
    settings = with_prefect(home, talkative=True)
    from flows.serving import serve_all

    serve_all(settings)


@app.command()
def doctor(as_json: AsJson = False, home: Home = None) -> None:
    """Check versions, folders and declarations, and say how to mend what is wrong."""
    from flows.checkup import examine

    rows = examine(settings_of(home))
    show(rows, as_json, ["what", "state", "found", "mend"])
    if any(row["state"] == "wrong" for row in rows):
        raise Answered(1)
