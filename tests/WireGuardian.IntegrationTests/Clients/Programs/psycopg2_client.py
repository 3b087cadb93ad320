"""The same by psycopg2: text format, a named cursor."""
import psycopg2

with psycopg2.connect("sslmode=disable host=127.0.0.1") as connection:
    with connection.cursor() as cursor:
        cursor.execute("SELECT ssn, salary, born FROM people WHERE id = %s", (1,))
        ssn, salary, born = cursor.fetchone()
        print(ssn, int(salary), born)
    with connection.cursor("named") as cursor:
        cursor.itersize = 2
        cursor.execute("SELECT id, ssn FROM people ORDER BY id")
        print([row[0] for row in cursor])
    with connection.cursor() as cursor:
        cursor.executemany("UPDATE people SET ssn = %s WHERE id = %s", [("x-1", 101), ("x-2", 102)])
        cursor.execute("SELECT ssn || '' FROM people WHERE id = 1")
        print(cursor.fetchone()[0])
