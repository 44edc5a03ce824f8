// Proves that a rollback counts as done only when every server answers with the edition that is wanted.
import assert from 'node:assert/strict'
import {once} from 'node:events'
import http from 'node:http'
import type {AddressInfo} from 'node:net'
import {test} from 'node:test'
import {untilEdition} from '../../../bench/rollback/untilEdition.ts'

test('B8 the time is that of the last server, also of one whose requests waited', async t => {
  const editions: Record<string, string | undefined> = {one: 'B', two: 'B', three: 'B'}
  let held: http.ServerResponse | undefined
  const server = http.createServer((request, response) => {
    const name = request.url?.split('/')[1] ?? ''
    if (name === 'three' && held === undefined) {
      held = response
      return
    }
    response
      .setHeader('x-bench-edition', editions[name] ?? '')
      .writeHead(404)
      .end()
  })
  t.after(() => server.close())
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const urls = Object.fromEntries(['one', 'two', 'three'].map(name => [name, `${url}/${name}`]))
  let reached: number | undefined
  const done = untilEdition({urls, wanted: 'A', signal: t.signal}).then(at => {
    reached = at
  })
  await asked(() => held !== undefined)
  editions.one = 'A'
  editions.two = 'A'
  let count = 0
  server.on('request', () => count++)
  // Both have answered so by now, and are not asked any more.
  await settled(() => count)
  assert.equal(reached, undefined)
  const before = Date.now()
  held?.setHeader('x-bench-edition', 'A').end()
  await done
  assert.ok((reached ?? 0) >= before)
})

async function asked(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(resolve => setTimeout(resolve, 5))
}

async function settled(count: () => number): Promise<void> {
  for (let before = -1; before !== count(); ) {
    before = count()
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}
