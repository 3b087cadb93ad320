"""The same by psycopg 3: binary results, a pipeline."""
import psycopg

with psycopg.connect("sslmode=disable host=127.0.0.1") as connection:
    ssn, salary, born = connection.execute("SELECT ssn, salary, born FROM people WHERE id = %s", (1,), binary=True).fetchone()
    print(ssn, int(salary), born)
    with connection.pipeline():
        first = connection.execute("SELECT id, ssn FROM people ORDER BY id")
        for number in (101, 102):
            connection.execute("UPDATE people SET ssn = %s WHERE id = %s", ("x", number))
    print([row[0] for row in first])
    print(connection.execute("SELECT ssn || '' FROM people WHERE id = 1").fetchone()[0])
