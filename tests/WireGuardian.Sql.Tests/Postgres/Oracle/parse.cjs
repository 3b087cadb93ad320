// PostgreSQL's own parser, by npm's libpg-query: reads a JSON array of texts, writes for each what the parser says of it, one JSON value a line.
'use strict';
const fs = require('fs');
const path = require('path');
const { loadModule, parseSync } = require(path.join(process.argv[2], 'libpg-query'));

(async () => {
  await loadModule();
  for (const text of JSON.parse(fs.readFileSync(0, 'utf8'))) {
    let answer;
    try {
      answer = { stmts: parseSync(text).stmts ?? [] };
    } catch (problem) {
      answer = { error: String(problem.message) };
    }
    fs.writeSync(1, JSON.stringify(answer) + '\n');
  }
})();
