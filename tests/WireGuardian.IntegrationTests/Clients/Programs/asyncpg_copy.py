"""COPY by asyncpg: of a query and of a table, and rows in by its binary format."""
import asyncio
import io
import asyncpg


async def main():
    connection = await asyncpg.connect(host="127.0.0.1", ssl=False)
    one = io.BytesIO()
    await connection.copy_from_query("SELECT id, ssn, salary::int FROM people WHERE id = $1", 15, output=one, format="csv")
    print(*one.getvalue().decode().strip().split(","))
    everything = io.BytesIO()
    await connection.copy_from_table("people", output=everything)
    print(everything.getvalue().count(b"\n"), "rows")
    if b"secret" in everything.getvalue():
        raise SystemExit("a row that is not masked")
    transaction = connection.transaction()
    await transaction.start()
    print("loaded", (await connection.copy_records_to_table("loaded", records=[(7, "x")], columns=["id", "ssn"])).split()[1])
    await transaction.rollback()
    await connection.close()

asyncio.run(main())
