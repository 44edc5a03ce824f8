import assert from 'node:assert/strict'
import http from 'node:http'
import {test} from 'node:test'
import {ask, copies, pause, startIngress, startUpstream, until} from './harness.ts'

test('B12 X2 not one call is lost or doubled while the routes are rewritten every 100 ms under load', async t => {
  const executed = new Map<string, number>()
  const upstreams = await Promise.all(
    ['one', 'two'].map(name =>
      startUpstream(t, (request, response) => {
        let body = ''
        request.on('data', chunk => (body += chunk))
        request.on('end', () => {
          executed.set(body, (executed.get(body) ?? 0) + 1)
          setTimeout(() => response.end(`${name} ${body}`), 2)
        })
      }),
    ),
  )
  const urls = upstreams.map(({url}) => url)
  const ingress = await startIngress(t)
  const route = (turn: number) => {
    const [active, draining] = turn % 2 === 0 ? [0, 1] : [1, 0]
    return ingress.route({
      memory: {
        copies: copies(
          [`c${draining}`, urls[draining] ?? '', 'draining'],
          [`c${active}`, urls[active] ?? '', 'active'],
        ),
      },
    })
  }
  await route(0)
  const agent = new http.Agent({keepAlive: true, maxSockets: 16})
  t.after(() => agent.destroy())
  const total = 3000
  const servedBy = new Map<string, number>()
  const faults: string[] = []
  let next = 0
  let running = true
  const worker = async () => {
    while (next < total) {
      const body = `call-${next++}`
      const answer = await ask(ingress.port, {path: '/memory/mcp', body, agent}).catch((error: Error) => error)
      if (answer instanceof Error || answer.cut || answer.status !== 200 || !answer.text.endsWith(` ${body}`)) {
        faults.push(`${body}: ${JSON.stringify(answer instanceof Error ? answer.message : answer)}`)
      } else {
        const name = answer.text.split(' ', 1)[0] ?? ''
        servedBy.set(name, (servedBy.get(name) ?? 0) + 1)
      }
    }
  }
  const switching = (async () => {
    for (let turn = 1; running; turn++) {
      await route(turn)
      await pause(100)
    }
  })()
  await Promise.all(Array.from({length: 16}, worker))
  running = false
  await switching
  assert.deepEqual(faults, [])
  assert.equal(executed.size, total)
  assert.deepEqual(
    [...executed.values()].filter(times => times !== 1),
    [],
  )
  assert.ok((servedBy.get('one') ?? 0) > 100 && (servedBy.get('two') ?? 0) > 100, JSON.stringify([...servedBy]))
  await until(
    async () =>
      Object.values((await ingress.statusFile()).servers.memory?.copies ?? {}).every(copy => copy.inFlight === 0),
    () => 'nothing to be in flight',
  )
})

test('a call in flight finishes although its copy has ended or is no longer in the routes', async t => {
  const {promise, resolve: finish} = Promise.withResolvers<void>()
  let begun = 0
  const upstream = await startUpstream(t, (_request, response) => {
    begun += 1
    void promise.then(() => response.end('late'))
  })
  const ingress = await startIngress(t)
  await ingress.route({memory: {copies: copies(['a', upstream.url, 'active'])}})
  const calling = [1, 2].map(n => ask(ingress.port, {path: '/memory/mcp', body: String(n)}))
  await until(
    () => begun === 2,
    () => 'both calls to run',
  )
  await ingress.route({memory: {copies: copies(['a', upstream.url, 'ended'])}})
  await ingress.route({memory: {copies: []}})
  await ingress.route({})
  finish()
  assert.deepEqual(
    (await Promise.all(calling)).map(({status, text, cut}) => [status, text, cut]),
    [
      [200, 'late', false],
      [200, 'late', false],
    ],
  )
})
