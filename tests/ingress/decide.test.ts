import assert from 'node:assert/strict'
import {test} from 'node:test'
import {decide} from '../../ingress/decide.ts'

const rules = {
  hosts: ['localhost', '*.example.org'],
  origins: [],
  servers: new Map([
    ['memory', {route: {hosts: []}}],
    ['wild', {route: {hosts: ['*.example.org']}}],
    ['files', {route: {hosts: ['files.example.org', 'files.internal']}}],
  ]),
}

function at(target: string, {host = 'localhost:8700', method = 'POST', origin}: {[name: string]: string} = {}) {
  return decide({method, target, host, origin, embedded: false}, rules)
}

test('the first part of a path names the server, and the rest goes on with its query', () => {
  const forward = {kind: 'forward', server: 'memory', prefix: '/memory'}
  assert.deepEqual(at('/memory/mcp?a=1'), {...forward, path: '/mcp?a=1'})
  assert.deepEqual(at('/memory'), {...forward, path: '/'})
  assert.deepEqual(at('/memory?a=1'), {...forward, path: '/?a=1'})
  assert.deepEqual(at('/memory/health/deep'), {...forward, path: '/health/deep'})
})

test('an unknown server is refused with the known ones', () => {
  const decision = at('/memoryy/mcp')
  assert.equal(decision.kind === 'refuse' && decision.status, 404)
  assert.deepEqual(decision.kind === 'refuse' && decision.known, ['memory', 'wild', 'files'])
  for (const target of ['/__proto__/x', '/constructor', '//memory/mcp', '/%6demory/mcp', '/../files']) {
    assert.equal(at(target).kind, 'refuse', target)
  }
})

test('A1 a host route takes the whole path, an exact name before a wildcard, also where the name is on no other list', () => {
  assert.deepEqual(at('/memory/mcp', {host: 'files.example.org'}), {
    kind: 'forward',
    server: 'files',
    path: '/memory/mcp',
    prefix: '',
  })
  assert.deepEqual(at('/mcp', {host: 'files.internal:80'}), {
    kind: 'forward',
    server: 'files',
    path: '/mcp',
    prefix: '',
  })
  assert.deepEqual(at('/', {host: 'x.example.org'}), {kind: 'forward', server: 'wild', path: '/', prefix: ''})
  assert.deepEqual(at('/health', {host: 'x.example.org', method: 'GET'}), {kind: 'server-health', server: 'wild'})
})

test('the paths of the ingress itself are answered to GET alone', () => {
  const kinds = {'/': 'index', '/health': 'health', '/metrics': 'metrics', '/-/status': 'status'}
  for (const [target, kind] of Object.entries(kinds)) {
    assert.equal(at(target, {method: 'GET'}).kind, kind)
    const decision = at(target)
    assert.equal(decision.kind === 'refuse' && decision.status, 405, target)
  }
  assert.deepEqual(at('/memory/health?x', {method: 'GET'}), {kind: 'server-health', server: 'memory'})
  const unknown = at('/-/other', {method: 'GET'})
  assert.equal(unknown.kind === 'refuse' && unknown.status, 404)
})

test('a Host that is not ours and an Origin that is not allowed are refused before anything else', () => {
  const status = (options: {[name: string]: string}) => {
    const decision = at('/memory/mcp', options)
    return decision.kind === 'refuse' ? decision.status : undefined
  }
  assert.equal(status({host: 'evil.example'}), 421)
  assert.equal(status({origin: 'http://evil.example'}), 403)
  assert.equal(status({origin: 'http://localhost:8700'}), undefined)
  assert.equal(
    decide({method: 'GET', target: '/', host: undefined, origin: undefined, embedded: false}, rules).kind,
    'refuse',
  )
  const absolute = at('http://localhost/memory/mcp')
  assert.equal(absolute.kind === 'refuse' && absolute.status, 400)
})
