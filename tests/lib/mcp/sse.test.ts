import assert from 'node:assert/strict'
import {test} from 'node:test'
import fc from 'fast-check'
import {readSse} from '../../../scripts/lib/mcp/sse.ts'

function read(...chunks: string[]) {
  const data: string[] = []
  const reader = readSse(one => data.push(one))
  for (const chunk of chunks) reader.push(chunk)
  return {data, counts: reader.counts}
}

test('events with empty data (SEP-1699 priming) are counted and passed over', () => {
  const {data, counts} = read('id: 1\ndata: \n\n', 'event: message\nid: 2\ndata: {"a":1}\n\n')
  assert.deepEqual(data, ['{"a":1}'])
  assert.deepEqual(counts, {events: 2, empty: 1, comments: 0})
})

test('comments are counted and passed over', () => {
  const {data, counts} = read(': ping\n\n: ping\n\ndata: x\n\n')
  assert.deepEqual(data, ['x'])
  assert.equal(counts.comments, 2)
})

test('an event cut off by the end of the stream is not handed on', () => {
  assert.deepEqual(read('data: whole\n\ndata: {"half":').data, ['whole'])
})

test('the data is the same wherever the stream is cut into chunks', () => {
  const stream = ': c\r\n\r\nid: 7\ndata: \n\ndata: {"text":"é\ndata: second line"}\r\n\r\ndata: last\n\n'
  const whole = read(stream).data
  fc.assert(
    fc.property(fc.array(fc.nat(stream.length), {maxLength: 12}), cuts => {
      const places = [0, ...cuts.sort((a, b) => a - b), stream.length]
      const chunks = places.slice(1).map((end, index) => stream.slice(places[index], end))
      assert.deepEqual(read(...chunks).data, whole)
    }),
  )
  assert.equal(whole.length, 2)
})
