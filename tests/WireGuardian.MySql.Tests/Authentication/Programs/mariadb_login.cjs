const fs = require('fs');
const mariadb = require('mariadb');

(async () => {
  const authority = process.env.AUTHORITY;
  const connection = await mariadb.createConnection({
    host: '127.0.0.1', port: +process.env.PORT, user: process.env.LOGIN, password: process.env.PASSWORD, allowPublicKeyRetrieval: true,
    ssl: authority ? { ca: fs.readFileSync(authority) } : undefined,
  });
  const rows = await connection.query('select user() as user, connection_id() as id');
  console.log(rows[0].user, Number(rows[0].id) === connection.threadId ? 'True' : 'False');
  await connection.end();
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
