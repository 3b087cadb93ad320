const fs = require('fs');
const mysql = require('mysql2/promise');

(async () => {
  const authority = process.env.AUTHORITY;
  const connection = await mysql.createConnection({
    host: '127.0.0.1', port: +process.env.PORT, user: process.env.LOGIN, password: process.env.PASSWORD,
    ssl: authority ? { ca: fs.readFileSync(authority) } : undefined,
  });
  const [rows] = await connection.query('select user() as user, connection_id() as id');
  console.log(rows[0].user, rows[0].id === connection.threadId ? 'True' : 'False');
  await connection.changeUser({ user: process.env.LOGIN, password: process.env.PASSWORD });
  await connection.query('select 1');
  await connection.end();
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
