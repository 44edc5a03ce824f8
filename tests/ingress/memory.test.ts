import assert from 'node:assert/strict'
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import http, {type ServerResponse} from 'node:http'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {test} from 'node:test'
import {fileURLToPath} from 'node:url'
import {bundle} from '../../scripts/lib/release/bundle.ts'
import {ask, copies, initialize, open, startIngress, startUpstream, until} from './harness.ts'

test('1,000 open sessions and 200 open streams keep the bundled ingress within 150 MB', {
  skip: process.platform !== 'linux' && 'reads /proc',
}, async t => {
  const folder = await mkdtemp(join(tmpdir(), 'bundle-'))
  t.after(() => rm(folder, {recursive: true}))
  const script = join(folder, 'ingress.mjs')
  await writeFile(script, await bundle(fileURLToPath(new URL('../../ingress/main.ts', import.meta.url))))
  const streams: ServerResponse[] = []
  let minted = 0
  const upstream = await startUpstream(t, (request, response) => {
    request.resume()
    if (request.method === 'POST') {
      return void response
        .setHeader('mcp-session-id', `session-${++minted}`)
        .end('{"jsonrpc":"2.0","id":1,"result":{}}')
    }
    response.writeHead(200, {'content-type': 'text/event-stream'}).write('data: 0\n\n')
    streams.push(response)
  })
  const ingress = await startIngress(t, {}, {script})
  await ingress.route({memory: {copies: copies(['a', upstream.url, 'active'])}})
  const agent = new http.Agent({keepAlive: true, maxSockets: 20})
  t.after(() => agent.destroy())
  await Promise.all(Array.from({length: 1000}, () => ask(ingress.port, {path: '/memory/mcp', body: initialize, agent})))
  const received: number[] = []
  const opened = await Promise.all(
    Array.from({length: 200}, async (_, n) => {
      const headers = {'mcp-session-id': `session-${n + 1}`}
      const {request, response} = await open(ingress.port, {path: '/memory/mcp', headers})
      response.on('data', () => (received[n] = (received[n] ?? 0) + 1)).on('error', () => {})
      return request
    }),
  )
  for (let round = 0; round < 20; round++) for (const stream of streams) stream.write(`data: ${'x'.repeat(1000)}\n\n`)
  await until(
    () => received.filter(count => count > 1).length === 200,
    () => 'all streams to be alive',
  )
  assert.deepEqual((await ingress.status()).servers.memory?.copies.a, {
    state: 'active',
    inFlight: 0,
    streams: 200,
    sessions: 1000,
  })
  const text = await readFile(`/proc/${ingress.child.pid}/status`, 'utf8')
  const megabytes = Number(/VmRSS:\s+(\d+)/.exec(text)?.[1]) / 1024
  t.diagnostic(`resident: ${megabytes.toFixed(0)} MB`)
  assert.ok(megabytes <= 150, `${megabytes} MB`)
  for (const request of opened) request.destroy()
})
