// Proves that a request which reaches servers twice is found, by the notes of a real server process.
import assert from 'node:assert/strict'
import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {test} from 'node:test'
import {arrivedTwice} from '../../../bench/change/arrivedTwice.ts'
import {inRepository} from '../../../bench/child/repository.ts'
import {startListener} from '../../../bench/ingress/startListener.ts'
import {temporaryFolder} from '../../lib/temporaryFolder.ts'

test('C12 each request that arrived more than once is named, a line that is half written is not', () => {
  assert.deepEqual(arrivedTwice('1\n2\n1\n3\n1\n2\n4\n3'), ['1', '2'])
  assert.deepEqual(arrivedTwice(''), [])
})

test('C12 a server notes every numbered request, and says which edition answers', async t => {
  const arrivals = join(temporaryFolder(t), 'arrivals')
  writeFileSync(arrivals, '')
  const preload = inRepository('bench/sample/noteRequests.cjs')
  const variables = [`BENCH_ARRIVALS=${arrivals}`, 'BENCH_EDITION=B', `NODE_OPTIONS=--require="${preload}"`]
  await using server = await startListener(
    ['env', ...variables, process.execPath, inRepository('bench/ingress/bareServer.mjs')],
    said => (said.endsWith('\n') ? Number(said) : undefined),
  )
  const ask = (id?: string) =>
    fetch(`http://127.0.0.1:${server.port}/`, {headers: id === undefined ? {} : {'x-bench-call': id}})
  for (const id of ['7', '8', undefined, '7']) await ask(id)
  assert.equal((await ask()).headers.get('x-bench-edition'), 'B')
  assert.deepEqual(arrivedTwice(readFileSync(arrivals, 'utf8')), ['7'])
})
