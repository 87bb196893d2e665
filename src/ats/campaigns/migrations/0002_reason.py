from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="campaign",
            name="reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("starter_gone", "Starter Gone"),
                    ("starter_off", "Starter Off"),
                    ("starter_right", "Starter Right"),
                ],
                default="",
                max_length=13,
            ),
            preserve_default=False,
        ),
    ]
