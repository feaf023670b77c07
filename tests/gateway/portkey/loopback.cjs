// Loaded before the gateway, which would listen on every interface and does not say on which port.
const { Server } = require('node:net');

const listen = Server.prototype.listen;

Server.prototype.listen = function (port, ...rest) {
  this.once('listening', () => console.log(`\nlistening on port ${this.address().port}\n`));
  return listen.call(this, { port, host: '127.0.0.1' }, rest.find((item) => typeof item === 'function'));
};
