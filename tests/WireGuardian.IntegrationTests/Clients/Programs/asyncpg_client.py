"""Reads a masked table by asyncpg, which asks for everything in binary. Prints ssn, salary and born of row 1, then ids with a cursor."""
import asyncio
import os

import asyncpg


async def main():
    connection = await asyncpg.connect(
        host="127.0.0.1", port=int(os.environ["PGPORT"]), user=os.environ["PGUSER"], password=os.environ["PGPASSWORD"],
        database=os.environ["PGDATABASE"], ssl=False)
    row = await connection.fetchrow("SELECT ssn, salary, born FROM people WHERE id = $1", 1)
    print(row["ssn"], int(row["salary"]), row["born"])
    async with connection.transaction():
        print([record["id"] async for record in connection.cursor("SELECT id, ssn FROM people ORDER BY id", prefetch=2)])
    await connection.executemany("UPDATE people SET ssn = $1 WHERE id = $2", [("x-1", 101), ("x-2", 102)])
    print(await connection.fetchval("SELECT ssn || '' FROM people WHERE id = 1"))
    await connection.close()


asyncio.run(main())
