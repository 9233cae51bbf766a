// Node's two resolvers, with arguments and lines as in c_library.c: after `resolve` its own (c-ares), after `lookup` the
// C library's.
const { resolve4, resolve6, resolveSrv, lookup } = require('dns').promises;

const NO_SUCH_NAME = ['ENOTFOUND', 'ENODATA'];
const addresses = async (name, family) => (await lookup(name, { all: true, family })).map(each => each.address);
const services = async name => (await resolveSrv(name)).map(each => `${each.name}:${each.port}`);
const ways = {
  resolve: { A: resolve4, AAAA: resolve6, SRV: services },
  lookup: { A: name => addresses(name, 4), AAAA: name => addresses(name, 6), ANY: name => addresses(name, 0) },
};

async function main([way, ...words]) {
  for (const word of words) {
    const [kind, name] = word.split(':');
    const began = performance.now();
    const took = () => Math.round(performance.now() - began);
    try {
      const values = await ways[way][kind](name);
      console.log(took(), 'found', ...values);
    } catch (error) {
      console.log(took(), ...(NO_SUCH_NAME.includes(error.code) ? ['none'] : ['failed', error.message]));
    }
  }
}

main(process.argv.slice(2));
