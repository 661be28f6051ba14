from django.db import migrations

from capaian.periods.period import Period


def mark(apps, schema_editor):
    """Let each card say up to when it was measured before cards kept that themselves."""
    Measurement = apps.get_model("measurement", "Measurement")
    Card = apps.get_model("planning", "Card")
    last = {}
    for pk, code in Measurement.objects.order_by().values_list("card_id", "period").distinct():
        end = Period.parse(code).end
        last[pk] = max(last.get(pk, end), end)
    for pk, end in last.items():
        Card.objects.filter(pk=pk, measured_to__isnull=True).update(measured_to=end)


class Migration(migrations.Migration):

    dependencies = [
        ('measurement', '0001_initial'),
        ('planning', '0003_card_counts_from'),
    ]

    operations = [
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
