"""What an application does, by pymysql, whose parameters are literals in the text."""
import os
import pymysql

connection = pymysql.connect(
    host="127.0.0.1", port=int(os.environ["PORT"]), user=os.environ["LOGIN"], password=os.environ["PASSWORD"], database=os.environ["DATABASE"])
with connection.cursor() as cursor:
    cursor.execute("SELECT ssn, email FROM people WHERE id = 1")
    print("text", *cursor.fetchone())
    cursor.execute("PREPARE p FROM 'SELECT ssn, email FROM people WHERE id = ?'")
    cursor.execute("SET @id = 2")
    cursor.execute("EXECUTE p USING @id")
    print("prepared", *cursor.fetchone())
    connection.begin()
    cursor.execute("INSERT INTO orders VALUES (%s, 1, %s)", (900, "lamp"))
    connection.rollback()
    cursor.execute("SELECT COUNT(*) FROM orders WHERE id = 900")
    print("rolled back", cursor.fetchone()[0])
    try:
        cursor.execute("SELECT * FROM nowhere")
    except pymysql.err.ProgrammingError as error:
        print("error", error.args[0])
    cursor.execute(f"DROP TABLE {os.environ['DOOMED']}")
    print("dropped")
