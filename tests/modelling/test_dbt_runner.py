"""dbt's process is given of our environment what it needs, and no secret."""

from flows.modelling.dbt_runner import handed_on

NEEDED = {
    "PATH": "/usr/bin",
    "HOME": "/root",
    "TMPDIR": "/var/tmp",  # a name, nothing is put there
    "LC_ALL": "C.UTF-8",
    "PYTHONDONTWRITEBYTECODE": "1",
    "DBT_LOG_LEVEL_FILE": "debug",
}
SECRET = {
    "SOCIAL_VALUE_KEY": "a",
    "SOCIAL_VALUE_WEBHOOK": "b",
    "PREFECT_API_KEY": "c",
    "AWS_SECRET_ACCESS_KEY": "d",
}


def test_what_it_needs_is_handed_on_and_secrets_are_not() -> None:
    assert handed_on({**NEEDED, **SECRET}) == NEEDED
