// Calls the control plane with @grpc/grpc-js and prints one JSON object of what came back.
// Arguments: host:port, the operator's token, the folder of the .proto files.
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const [address, token, protoRoot] = process.argv.slice(2);
const definition = loader.loadSync('wireguardian/control/v1/control.proto', { includeDirs: [protoRoot], enums: String, longs: Number });
const { ControlPlane } = grpc.loadPackageDefinition(definition).wireguardian.control.v1;
const client = new ControlPlane(address, grpc.credentials.createInsecure());

const metadata = (value) => {
  const all = new grpc.Metadata();
  if (value) all.set('authorization', `Bearer ${value}`);
  return all;
};
const call = (method, request, options = {}, value = token) => new Promise((resolve) =>
  client[method](request, metadata(value), options, (error, response) =>
    resolve(error ? { code: error.code, details: error.details } : { code: 0, response })));

async function main() {
  const seen = {};
  seen.info = await call('GetServerInfo', {});
  seen.stranger = await call('GetServerInfo', {}, {}, 'guess');
  seen.unknown = await call('Approve', { id: 'nope' });

  const watch = client.WatchRequests({}, metadata(token));
  seen.watched = [];
  const ended = new Promise((resolve) => watch.on('error', (error) => resolve(error.code)));
  const decided = new Promise((resolve) => watch.on('data', (change) => {
    seen.watched.push(change.request ? `${change.request.id} ${change.request.state}` : 'caught up');
    if (!change.request) call('Deny', { id: 'R1', reason: 'größer als nötig' }).then((denied) => { seen.denied = denied; });
    else if (change.request.state !== 'APPROVAL_STATE_PENDING') resolve();
  }));
  await decided;
  watch.cancel();
  seen.ended = await ended;

  seen.late = await call('Approve', { id: 'R1' });
  seen.held = await call('Approve', { id: 'R2' }, { deadline: Date.now() + 300 });
  seen.large = await call('Approve', { id: 'x'.repeat(5 * 1024 * 1024) });
  client.close();
  console.log(JSON.stringify(seen));
}

main();
