from django.db import migrations, models


class Migration(migrations.Migration):
    """The index is made anew from the record, so its rows need not be carried over."""

    dependencies = [("search", "0001_initial")]

    operations = [
        migrations.DeleteModel(name="Indexed"),
        migrations.CreateModel(
            name="Indexed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.CharField(max_length=200)),
                ("language", models.CharField(max_length=20)),
                ("kind", models.CharField(max_length=20)),
                ("symbol", models.CharField(max_length=200)),
                ("session", models.CharField(blank=True, max_length=20)),
                ("body", models.CharField(blank=True, max_length=40)),
                ("title", models.CharField(max_length=300)),
                ("text", models.TextField()),
                ("title_terms", models.TextField()),
                ("terms", models.TextField()),
                ("audience", models.CharField(max_length=80)),
                ("public_from", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["audience"], name="indexed_audience"),
                    models.Index(fields=["symbol"], name="indexed_symbol"),
                ],
                "constraints": [models.UniqueConstraint(fields=("ref", "language"), name="indexed_once")],
            },
        ),
        migrations.CreateModel(
            name="Reached",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("record", models.BigIntegerField(default=0)),
            ],
        ),
    ]
