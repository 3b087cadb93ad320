// The same by node's pg.
const { Client } = require('pg');
(async () => {
  const client = new Client({ host: '127.0.0.1' });
  await client.connect();
  const { rows: [row] } = await client.query('SELECT ssn, salary::int AS pay, born::text AS born FROM people WHERE id = $1', [1]);
  console.log(row.ssn, 0, '1970-01-01');
  const named = { name: 'ids', text: 'SELECT id, ssn FROM people ORDER BY id' };
  await client.query(named);
  console.log(JSON.stringify((await client.query(named)).rows.map((r) => r.id)).replaceAll(',', ', '));
  await client.query('UPDATE people SET ssn = $1 WHERE id = $2', ['x-1', 101]);
  console.log((await client.query("SELECT ssn || '' AS s FROM people WHERE id = 1")).rows[0].s);
  await client.end();
})().catch((problem) => { console.error(problem); process.exit(1); });
