from tenants.context import current_schema


def test_runs_inside_first_studio(db, studio):
    from core.models import Branch

    assert current_schema() == studio.schema_name
    assert Branch.objects.count() == 0
