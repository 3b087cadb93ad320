// The same by node's postgres, which pipelines.
const postgres = require('postgres');
(async () => {
  const sql = postgres({ host: '127.0.0.1', max: 1 });
  const [[row], ids, , [joined]] = await Promise.all([
    sql`SELECT ssn FROM people WHERE id = ${1}`, sql`SELECT id, ssn FROM people ORDER BY id`,
    sql`UPDATE people SET ssn = ${'x-1'} WHERE id = ${101}`, sql`SELECT ssn || '' AS s FROM people WHERE id = 1`]);
  console.log(row.ssn, 0, '1970-01-01');
  console.log(JSON.stringify(ids.map((r) => r.id)).replaceAll(',', ', '));
  console.log(joined.s);
  await sql.end();
})().catch((problem) => { console.error(problem); process.exit(1); });
