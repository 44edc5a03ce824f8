import assert from 'node:assert/strict'
import {test} from 'node:test'
import {readRoutes} from '../../ingress/routes.ts'

const copy = {id: 'a1', url: 'http://127.0.0.1:1', state: 'active'}

function read(server: unknown, name = 'memory') {
  return readRoutes(JSON.stringify({version: 3, release: 'r', servers: {[name]: server}}), 'routes.json')
}

test('what is left out has its default', () => {
  assert.deepEqual(read({endpoint: '/mcp', copies: [copy]}).servers.memory, {
    endpoint: '/mcp',
    health: null,
    hosts: [],
    probe: null,
    bearer: null,
    cutover: 'blue-green',
    copies: [copy],
    hold: null,
    drainMs: 30_000,
  })
})

test('what is wrong is named with its place', () => {
  const bad: [unknown, RegExp, string?][] = [
    [{copies: []}, /servers\.memory\.endpoint: should be a path that begins with \/, got nothing/],
    [
      {endpoint: '/mcp', copies: [{...copy, state: 'live'}]},
      /copies\[0\]\.state: should be "active" or .*, got "live"/,
    ],
    [{endpoint: '/mcp', copies: [{...copy, url: 'ftp://x'}]}, /copies\[0\]\.url: should be an http URL/],
    [{endpoint: '/mcp', copies: [copy, {...copy, id: 'b'}]}, /at most one is active/],
    [{endpoint: '/mcp', copies: [copy, {...copy, state: 'ended'}]}, /ids of their own/],
    [{endpoint: '/mcp', copies: [], hold: {maximumRequests: -1}}, /hold\.maximumRequests: should be a whole number/],
    [{endpoint: '/mcp', copies: []}, /servers\.health: should be named otherwise/, 'health'],
    [[], /servers\.memory: should be an object, got \[\]/],
  ]
  for (const [server, message, name] of bad) assert.throws(() => read(server, name), message)
  assert.throws(() => readRoutes('{"version":', 'routes.json'), /routes\.json: should be JSON/)
  assert.throws(
    () => readRoutes('{"version":1,"release":"r"}', 'routes.json'),
    /servers: should be an object, got nothing/,
  )
})
