// What an application does, by mysql2: execute() prepares and reads binary rows.
const mysql = require('mysql2/promise');

(async () => {
  const { PORT, LOGIN, PASSWORD, DATABASE, DOOMED, LARGE } = process.env;
  const connection = await mysql.createConnection({ host: '127.0.0.1', port: +PORT, user: LOGIN, password: PASSWORD, database: DATABASE, compress: LARGE !== '' });
  if (LARGE) {
    const [[{ large }]] = await connection.query('SELECT ? AS large', ['y'.repeat(+LARGE)]);
    console.log('large', large.length);
  }
  const [[text]] = await connection.query('SELECT ssn, email FROM people WHERE id = 1');
  console.log('text', text.ssn, text.email);
  const [[prepared]] = await connection.execute('SELECT ssn, email FROM people WHERE id = ?', [2]);
  console.log('prepared', prepared.ssn, prepared.email);
  await connection.beginTransaction();
  await connection.execute('INSERT INTO orders VALUES (?, 1, ?)', [900, 'lamp']);
  await connection.rollback();
  const [[{ n }]] = await connection.query('SELECT COUNT(*) AS n FROM orders WHERE id = 900');
  console.log('rolled back', n);
  await connection.query('SELECT * FROM nowhere').catch((error) => console.log('error', error.errno));
  await connection.query(`DROP TABLE ${DOOMED}`);
  console.log('dropped');
  await connection.end();
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
