{%- if NASSIJ_IMPORT_COURSES %}
echo "Nassij: courses"
# 3: a course was left as it is, because its authors edited it. That is no reason not to start the site.
./manage.py cms nassij_import_courses || [ $? -eq 3 ]
{%- else %}
echo "Nassij: courses are not imported (NASSIJ_IMPORT_COURSES)"
{%- endif %}

