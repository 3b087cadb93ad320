"""COPY by psycopg2: a file-like object in both directions."""
import io
import psycopg2

with psycopg2.connect("sslmode=disable host=127.0.0.1") as connection:
    with connection.cursor() as cursor:
        one = io.StringIO()
        cursor.copy_expert("COPY (SELECT id, ssn, salary::int FROM people WHERE id = 15) TO STDOUT CSV", one)
        print(*one.getvalue().strip().split(","))
        everything = io.StringIO()
        cursor.copy_expert("COPY people TO STDOUT", everything)
        print(everything.getvalue().count("\n"), "rows")
        if "secret" in everything.getvalue():
            raise SystemExit("a row that is not masked")
        cursor.copy_expert("COPY loaded (id, ssn) FROM STDIN", io.StringIO("7\tx\n"))
        print("loaded", cursor.rowcount)
    connection.rollback()
