"""psycopg 3 prepares every statement and drops the oldest with DEALLOCATE, for as long as the connection lives."""
import psycopg

with psycopg.connect("sslmode=disable host=127.0.0.1", prepare_threshold=0, autocommit=True) as connection:
    connection.prepared_max = 3
    for number in range(200):
        assert connection.execute(f"SELECT {number} + %s", (1,)).fetchone() == (number + 1,)
    print(connection.execute("SELECT count(*) FROM pg_prepared_statements WHERE name LIKE '_pg3_%'").fetchone()[0] <= 4)
