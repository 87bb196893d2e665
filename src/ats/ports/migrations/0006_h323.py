from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ports", "0005_iax2")]

    operations = [
        migrations.AlterField(
            model_name="port",
            name="kind",
            field=models.CharField(
                choices=[("sip", "SIP"), ("iax2", "IAX2"), ("h323", "H.323")], default="sip", max_length=8
            ),
        ),
    ]
