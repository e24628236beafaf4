# Triggers keep submitted results and published questionnaires as they are. Where there is a binary log, MySQL lets the platform's
# account create them only after it was told that they are trusted.
echo "Nassij: the database may guard what was submitted"
mysql -u {{ MYSQL_ROOT_USERNAME }} --password="{{ MYSQL_ROOT_PASSWORD }}" --host "{{ MYSQL_HOST }}" --port {{ MYSQL_PORT }} \
    -e "SET PERSIST log_bin_trust_function_creators = ON;" \
    || echo "Nassij: it may not. Whoever runs the database sets log_bin_trust_function_creators=1." 1>&2
