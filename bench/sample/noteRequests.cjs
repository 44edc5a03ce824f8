// Loaded into measured servers: notes each numbered request that arrives, and says in every answer which edition gave it.
// CommonJS, since a module loaded by --import adds its loader to the start of each server, which is part of what is measured.
const {subscribe} = require('node:diagnostics_channel')
const {openSync, writeSync} = require('node:fs')

const {BENCH_ARRIVALS: file = '', BENCH_EDITION: edition = ''} = process.env
const arrivals = openSync(file, 'a')

subscribe('http.server.request.start', ({request, response}) => {
  response.setHeader('x-bench-edition', edition)
  const id = request.headers['x-bench-call']
  // One write a line, so that lines of several copies do not mix and none is lost with a process that is killed.
  if (id !== undefined) writeSync(arrivals, `${id}\n`)
})
