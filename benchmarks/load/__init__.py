"""What depends on a server: answers from many processes, answers at a pace, reminders. On a MariaDB of its own."""
