import assert from 'node:assert/strict'
import {test} from 'node:test'
import {ask, copies, startIngress, startUpstream} from './harness.ts'

test('A1 requests reach their server by path and by host, with all their headers, and answers come back as they were', async t => {
  const seen: {url?: string; headers: NodeJS.Dict<string | string[]>; body: string}[] = []
  const upstream = await startUpstream(t, (request, response) => {
    let body = ''
    request.on('data', chunk => (body += chunk))
    request.on('end', () => {
      seen.push({url: request.url, headers: request.headers, body})
      response.writeHead(201, 'Made', ['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2', 'Mcp-Session-Id', 's-1', 'Date', 'x'])
      response.end('done')
    })
  })
  const ingress = await startIngress(t)
  await ingress.route({
    memory: {copies: copies(['a', upstream.url, 'active'])},
    files: {hosts: ['*.example.org'], copies: copies(['b', `${upstream.url}/base`, 'active'])},
  })
  const headers = {'mcp-session-id': 'x', accept: 'text/event-stream', origin: ingress.url, 'x-forwarded-host': 'evil'}
  const answer = await ask(ingress.port, {path: '/memory/mcp?a=%20b', headers, body: '{"a":1}'})
  assert.deepEqual([answer.status, answer.text], [201, 'done'])
  const pairs = answer.rawHeaders.flatMap((name, at) => (at % 2 ? [] : [`${name}=${answer.rawHeaders[at + 1]}`]))
  assert.deepEqual(pairs.slice(0, 4), ['Set-Cookie=a=1', 'Set-Cookie=b=2', 'Mcp-Session-Id=s-1', 'Date=x'])
  assert.equal(seen[0]?.url, '/mcp?a=%20b')
  assert.equal(seen[0]?.body, '{"a":1}')
  const got = seen[0]?.headers ?? {}
  assert.equal(got.host, new URL(upstream.url).host)
  assert.equal(got['mcp-session-id'], 'x')
  assert.equal(got.origin, ingress.url)
  assert.equal(got['x-forwarded-host'], `127.0.0.1:${ingress.port}`)
  assert.equal(got['x-forwarded-for'], '127.0.0.1')
  assert.equal(got['x-forwarded-prefix'], '/memory')

  await ask(ingress.port, {path: '/any/path', headers: {host: 'a.example.org'}})
  assert.equal(seen[1]?.url, '/base/any/path')
})

test('A3 what a page of another site embeds reaches nobody; a link that is followed does', async t => {
  let reached = 0
  const upstream = await startUpstream(t, (_request, response) => {
    reached += 1
    response.end('{}')
  })
  const ingress = await startIngress(t)
  await ingress.route({memory: {copies: copies(['a', upstream.url, 'active'])}})
  const status = async (path: string, site: string, mode: string) => {
    const headers = {'sec-fetch-site': site, 'sec-fetch-mode': mode}
    return (await ask(ingress.port, {path, headers})).status
  }
  for (const path of ['/memory/mcp', '/health', '/memory/health'])
    assert.equal(await status(path, 'cross-site', 'no-cors'), 403, path)
  assert.equal(reached, 0)
  assert.equal(await status('/', 'cross-site', 'navigate'), 200)
  assert.equal(await status('/memory/mcp', 'same-origin', 'cors'), 200)
  assert.equal(await status('/memory/mcp', 'none', 'navigate'), 200)
})

test('an unknown server, a wrong Host and a wrong Origin are refused and reach nobody', async t => {
  let reached = 0
  const upstream = await startUpstream(t, (_request, response) => {
    reached += 1
    response.end('x')
  })
  const ingress = await startIngress(t, {origins: ['https://app.example.org']})
  await ingress.route({memory: {copies: copies(['a', upstream.url, 'active'])}})
  const unknown = await ask(ingress.port, {path: '/memori/mcp', body: '{}'})
  assert.equal(unknown.status, 404)
  assert.deepEqual(JSON.parse(unknown.text).known, ['memory'])
  assert.equal((await ask(ingress.port, {path: '/memory/mcp', headers: {host: 'evil.example'}})).status, 421)
  assert.equal((await ask(ingress.port, {path: '/memory/mcp', headers: {origin: 'http://evil.example'}})).status, 403)
  assert.equal(reached, 0)
  assert.equal(
    (await ask(ingress.port, {path: '/memory/mcp', headers: {origin: 'https://app.example.org'}})).status,
    200,
  )
})

test('a large body without a known length goes through whole and is not gathered first', async t => {
  let bytes = 0
  const upstream = await startUpstream(t, (request, response) => {
    request.once('data', () => response.writeHead(200).flushHeaders())
    request.on('data', chunk => (bytes += chunk.length))
    request.on('end', () => response.end(String(bytes)))
  })
  const ingress = await startIngress(t)
  await ingress.route({memory: {copies: copies(['a', upstream.url, 'active'])}})
  const megabytes = 20
  const parts = new ReadableStream({
    start(controller) {
      let left = megabytes
      const next = () => {
        if (left-- === 0) return controller.close()
        controller.enqueue(new Uint8Array(1024 * 1024))
        setTimeout(next, 1)
      }
      next()
    },
  })
  const response = await fetch(`${ingress.url}/memory/upload`, {
    method: 'POST',
    body: parts,
    duplex: 'half',
  } as RequestInit)
  assert.equal(await response.text(), String(megabytes * 1024 * 1024))
})

test('a server that is not there, or breaks off before it answers, is told with 502 and whether the call was sent', async t => {
  const gone = await startUpstream(t, () => {})
  await gone.stop()
  const breaks = await startUpstream(t, request => request.socket.destroy())
  const ingress = await startIngress(t)
  await ingress.route({
    gone: {copies: copies(['a', gone.url, 'active'])},
    breaks: {copies: copies(['b', breaks.url, 'active'])},
    empty: {copies: []},
  })
  for (const body of ['{}', 'x'.repeat(100_000)]) {
    const refused = await ask(ingress.port, {path: '/gone/mcp', body})
    assert.deepEqual([refused.status, JSON.parse(refused.text).sent], [502, false])
  }
  const broken = await ask(ingress.port, {path: '/breaks/mcp', body: '{}'})
  assert.deepEqual([broken.status, JSON.parse(broken.text).sent], [502, true])
  const empty = await ask(ingress.port, {path: '/empty/mcp', body: '{}'})
  assert.deepEqual([empty.status, empty.headers['retry-after']], [503, '1'])
  // Asked twice, since what is told must not be added to what was told before.
  await ask(ingress.port, {path: '/metrics'})
  const metrics = (await ask(ingress.port, {path: '/metrics'})).text
  assert.match(metrics, /ingress_upstream_errors_total\{server="breaks",kind="failed"\} 1/)
  assert.match(metrics, /ingress_requests_total\{server="empty",class="call",status="503"\} 1/)
  assert.match(metrics, /\ningress_request_duration_seconds_count\{server="empty",class="call"\} 1\n/)
  assert.match(metrics, /process_resident_memory_bytes \d+/)
})

test('an answer that comes before the body was read reaches a client that is still sending', async t => {
  const upstream = await startUpstream(t, (_request, response) => {
    response.writeHead(413, {'content-type': 'text/plain'}).end('too large '.repeat(300_000))
  })
  const ingress = await startIngress(t)
  await ingress.route({memory: {copies: copies(['a', upstream.url, 'active'])}})
  const {status, text, cut} = await ask(ingress.port, {path: '/memory/mcp', body: 'x'.repeat(8_000_000)})
  assert.deepEqual([status, text.length, cut], [413, 3_000_000, false])
})
