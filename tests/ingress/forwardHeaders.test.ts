import assert from 'node:assert/strict'
import {test} from 'node:test'
import {requestHeaders, responseHeaders} from '../../ingress/forwardHeaders.ts'

const arrival = {peer: '10.0.0.9', host: 'mcp.example.org', encrypted: true, prefix: '/memory'}

test('all headers go on with their case, order and doubles, except those of the connection', () => {
  const raw = ['Host', 'a', 'X-A', '1', 'x-a', '2', 'Connection', 'X-Hop, keep-alive', 'X-Hop', 'y', 'TE', 'trailers']
  assert.deepEqual(requestHeaders([...raw, 'Mcp-Session-Id', 's'], arrival), [
    ...['X-A', '1', 'x-a', '2', 'Mcp-Session-Id', 's'],
    ...['x-forwarded-for', '10.0.0.9', 'x-forwarded-proto', 'https'],
    ...['x-forwarded-host', 'mcp.example.org', 'x-forwarded-prefix', '/memory'],
  ])
})

test('where a request came from is added to what proxies before us said, and cannot be claimed', () => {
  const raw = ['X-Forwarded-For', '1.2.3.4', 'X-Forwarded-Host', 'evil', 'x-forwarded-proto', 'https']
  assert.deepEqual(requestHeaders(raw, {...arrival, encrypted: false, prefix: '', host: undefined}), [
    ...['x-forwarded-for', '1.2.3.4, 10.0.0.9', 'x-forwarded-proto', 'http'],
  ])
})

test('answers keep doubles such as cookies, and bytes beyond ASCII', () => {
  const raw = ['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2', 'Keep-Alive', 'timeout=5', 'X-Name', 'caf\u00e9'].map(text =>
    Buffer.from(text, 'latin1'),
  )
  assert.deepEqual(responseHeaders(raw).headers, ['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2', 'X-Name', 'caf\u00e9'])
})

test('what an answer declares to be of its connection is kept back, wherever it stands', () => {
  const raw = [
    'X-Hop',
    '1',
    'Connection',
    'close, X-Hop',
    'x-hop',
    '2',
    'Content-Type',
    'text/plain',
    'MCP-Session-Id',
    's',
  ]
  assert.deepEqual(responseHeaders([...raw, 'Content-Length', '2']), {
    headers: ['Content-Type', 'text/plain', 'MCP-Session-Id', 's', 'Content-Length', '2'],
    type: 'text/plain',
    length: '2',
    encoding: undefined,
    sessionId: 's',
  })
})
