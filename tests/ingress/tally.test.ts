import assert from 'node:assert/strict'
import {test} from 'node:test'
import {durationText, makeTally} from '../../ingress/tally.ts'

test('requests are counted by server, class and status, with their times and bytes', () => {
  const tally = makeTally()
  tally.add({server: 'memory', method: 'POST', status: 200, seconds: 0.001, bytes: 5})
  tally.add({server: 'memory', method: 'POST', status: 200, seconds: 0.002, bytes: 7})
  tally.add({server: 'memory', method: 'POST', status: 0, seconds: 1000, bytes: 0})
  tally.add({server: 'memory', method: 'made up', status: 200, seconds: 0, bytes: 1})
  const [calls, others] = tally.all()
  assert.deepEqual([calls?.class, calls?.seconds, calls?.bytes], ['call', 1000.003, 12])
  assert.deepEqual(
    [...(calls?.statuses ?? [])],
    [
      [200, 2],
      [0, 1],
    ],
  )
  assert.deepEqual([others?.class, others?.bytes], ['other', 1])
})

test('a bucket of the histogram holds what took at most its time, those of the smaller ones included', () => {
  const tally = makeTally()
  for (const seconds of [2 ** -10, 2 ** -9, 600, 601])
    tally.add({server: 'memory', method: 'GET', status: 200, seconds, bytes: 0})
  const text = durationText('took', 'How long.', tally.all())
  const bucket = (limit: string) => new RegExp(`took_bucket\\{le="${limit}",server="memory",class="stream"\\} (\\d+)`)
  const counts = ['0.001', '0.0025', '120', '600', '\\+Inf'].map(limit => bucket(limit).exec(text)?.[1])
  assert.deepEqual(counts, ['1', '2', '2', '3', '4'])
  assert.match(text, /^# HELP took How long\.\n# TYPE took histogram\n/)
  assert.match(text, /\ntook_sum\{server="memory",class="stream"\} 1201\.0029296875\ntook_count\{.*\} 4\n$/)
})
