// A foreign origin that a server itself takes: an observation where only this machine can reach it, a failure beyond.
import assert from 'node:assert/strict'
import {type TestContext, test} from 'node:test'
import {judgeOwnOrigin, type OwnOriginSeen, seeOwnOrigin} from '../../scripts/phases/ownOrigin.ts'
import {startServer} from './startedServer.ts'

const refuses = `import {Server} from 'node:http'
const emit = Server.prototype.emit
Server.prototype.emit = function (event, request, response) {
  if (event !== 'request' || request.headers.origin === undefined) return emit.apply(this, arguments)
  response.writeHead(403).end()
  return true
}
serve()
`
// As servers do that cannot be given an address.
const everywhere = `import net from 'node:net'
const listen = net.Server.prototype.listen
net.Server.prototype.listen = function (port, host, ...more) { return listen.call(this, port, '0.0.0.0', ...more) }
serve()
`

async function seenOf(test: TestContext, program: string, refusedAtIngress = true): Promise<OwnOriginSeen> {
  const {server, context} = await startServer(test, {program})
  const ingress = refusedAtIngress ? await startServer(test, {program: refuses}) : {server}
  return seeOwnOrigin({...server, through: ingress.server.endpoint}, context, 5000)
}

test('A1 a server that takes foreign origins on loopback, behind an ingress that refuses them, is an observation', async t => {
  const seen = await seenOf(t, 'serve()\n')
  assert.deepEqual([seen.own.status, seen.ingress.status, seen.beyond], [200, 403, []])
  const check = judgeOwnOrigin(seen)
  assert.equal(check.verdict, 'pass', check.detail)
  assert.match(check.findings?.[0]?.text ?? '', /no Origin check of its own/)
})

test('A1 the same server fails where other machines can reach it', async t => {
  const seen = await seenOf(t, everywhere)
  assert.deepEqual(seen.beyond.length, 1)
  const check = judgeOwnOrigin(seen)
  assert.equal(check.verdict, 'fail')
  assert.match(check.detail, /can be reached from other machines \(0\.0\.0\.0:\d+\)/)
  assert.match(check.remedy ?? '', /confineToLoopback: true/)
})

test('A1 the same server fails where the ingress lets a foreign origin through', async t => {
  const check = judgeOwnOrigin(await seenOf(t, 'serve()\n', false))
  assert.deepEqual([check.verdict, check.findings], ['fail', undefined])
  assert.match(check.detail, /through the ingress with 200/)
})

test('A1 a server that refuses foreign origins itself leaves nothing to observe, wherever it listens', async t => {
  const check = judgeOwnOrigin(await seenOf(t, `${everywhere.replace('serve()\n', '')}${refuses}`))
  assert.deepEqual([check.verdict, check.findings], ['pass', undefined])
})

test('A1 a server on another machine that takes foreign origins fails', () => {
  const taken = {transport: 'ok', status: 200}
  const seen = {own: taken, ingress: {transport: 'ok', status: 403}, beyond: ['mcp.example:443']}
  assert.equal(judgeOwnOrigin(seen).verdict, 'fail')
})

test('A1 without an answer nothing is known of foreign origins, and nobody passes', () => {
  const silent = {transport: 'deadline', status: undefined}
  const taken = {transport: 'ok', status: 200}
  for (const seen of [
    {own: silent, ingress: {transport: 'ok', status: 403}, beyond: []},
    {own: taken, ingress: silent, beyond: []},
  ]) {
    const check = judgeOwnOrigin(seen)
    assert.deepEqual([check.verdict, check.byTime, check.findings], ['inconclusive', true, undefined])
  }
  const refused = {transport: 'refused', status: undefined}
  assert.equal(judgeOwnOrigin({own: refused, ingress: taken, beyond: []}).byTime, false)
})
