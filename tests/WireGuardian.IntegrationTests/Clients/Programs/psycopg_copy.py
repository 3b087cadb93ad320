"""COPY by psycopg 3, which takes a message for a row: text rows, binary rows, rows in."""
import psycopg

with psycopg.connect("sslmode=disable host=127.0.0.1") as connection:
    with connection.cursor() as cursor:
        with cursor.copy("COPY (SELECT id, ssn, salary FROM people WHERE id = 15) TO STDOUT (FORMAT binary)") as copy:
            copy.set_types(["int4", "text", "numeric"])
            for number, ssn, salary in copy.rows():
                print(number, ssn, int(salary))
        with cursor.copy("COPY people TO STDOUT") as copy:
            rows = list(copy.rows())
        if any("secret" in str(row) for row in rows):
            raise SystemExit("a row that is not masked")
        print(len(rows), "rows")
        with cursor.copy("COPY loaded (id, ssn) FROM STDIN") as copy:
            copy.write_row((7, "x"))
        print("loaded", cursor.rowcount)
    connection.rollback()
