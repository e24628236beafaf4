"""Answers confirmed from the round before; who may publish an instrument. Changes no table."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('nassij_governance', "0007_evidence_files"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='instrumentversion',
            options={'ordering': ['slug', '-published_at', '-id'], 'permissions': [('publish_instrumentversion', 'Can publish and retire instrument version')], 'verbose_name': 'instrument version', 'verbose_name_plural': 'instrument versions'},
        ),
        migrations.AlterField(
            model_name='respondentanswer',
            name='method',
            field=models.CharField(choices=[('web', 'Online'), ('import', 'File import'), ('paper', 'Paper form'), ('carried', 'Confirmed from the round before')], default='web', max_length=16, verbose_name='method'),
        ),
    ]
