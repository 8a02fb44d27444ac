"""The whole run is cut into jobs: none forgets a test, none repeats one."""

from infra.paths import ROOT
from infra.testrun import jobs


def _takes(job: list[str], path: str) -> bool:
    roots = [word for word in job if not word.startswith("-")]
    without = [word.removeprefix("--ignore=") for word in job if word.startswith("--ignore=")]
    return any(f"{path}/".startswith(f"{root}/") for root in roots) and not any(
        path.startswith(f"{folder}/") for folder in without
    )


def test_every_test_is_in_one_job() -> None:
    paths = [str(path.relative_to(ROOT)) for path in (ROOT / "tests").rglob("test_*.py")]
    assert len(paths) > 200
    shares = {path: sum(_takes(job, path) for job in jobs()) for path in paths}
    assert {path: share for path, share in shares.items() if share != 1} == {}


def test_jobs_name_folders_that_exist_and_all_but_the_browser_are_measured() -> None:
    for job in jobs():
        assert all((ROOT / word.removeprefix("--ignore=")).is_dir() for word in job if "tests" in word)
        assert ("--cov" in job) == (job[0] != "tests/e2e")
