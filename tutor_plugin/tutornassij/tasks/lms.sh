echo "Nassij: languages, completion, questionnaire, guides, funding calls"
./manage.py lms nassij_seed{% if NASSIJ_DEMO_ACCOUNTS %} --demo --demo-password {{ NASSIJ_DEMO_PASSWORD|nassij_quote }}{% endif %}

