import assert from 'node:assert/strict'
import {test} from 'node:test'
import {mediaType, readBody} from '../../../scripts/lib/mcp/bodyReader.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

function readWhole(contentType: string, text: string) {
  const reader = readBody(contentType, () => {})
  // One byte at a time: characters and lines are cut at every place there is.
  for (const byte of bytes(text)) reader.push(Uint8Array.of(byte))
  reader.end()
  return reader
}

const result = {jsonrpc: '2.0', id: 1, result: {text: 'é€😀'}}

test('JSON and event streams give the same messages, also when characters are cut', () => {
  assert.deepEqual(readWhole('application/json', JSON.stringify(result)).messages, [result])
  assert.deepEqual(readWhole('Text/Event-Stream; charset=utf-8', `data: ${JSON.stringify(result)}\n\n`).messages, [
    result,
  ])
})

test('a batch gives its members in order', () => {
  const second = {jsonrpc: '2.0', method: 'notifications/message'}
  assert.deepEqual(readWhole('application/json', JSON.stringify([result, second])).messages, [result, second])
})

test('unknown fields are not dropped', () => {
  const odd = {...result, 'x-extra': [1]}
  assert.deepEqual(readWhole('application/json', JSON.stringify(odd)).messages, [odd])
})

test('what is not JSON-RPC is kept, at most 4 KiB of it', () => {
  assert.equal(readWhole('text/html', '<html>').unreadable(), '<html>')
  assert.equal(readWhole('application/json', '{"status":"ok"}').unreadable(), '{"status":"ok"}')
  assert.equal(readWhole('text/plain', 'x'.repeat(5000)).unreadable().length, 4096)
  assert.equal(readWhole('application/json', JSON.stringify(result)).unreadable(), '')
})

test('the media type is without parameters and in lower case', () => {
  assert.equal(mediaType('Application/JSON; charset=utf-8'), 'application/json')
  assert.equal(mediaType(undefined), '')
})
