import assert from 'node:assert/strict'
import {test} from 'node:test'
import {server as schema} from '../../scripts/lib/fleet/schema.ts'
import type {InstanceServer} from '../../scripts/lib/target/instance.ts'
import {witnessTarget} from '../../scripts/phases/continuityTarget.ts'

function instanceServer(probe: unknown): InstanceServer {
  const settings = schema.parse({
    source: {npm: 'example@1.0.0'},
    command: ['example'],
    auth: {bearer: 'API_KEY'},
    client: {timeoutMs: 1234},
    probe,
  })
  return {name: 'one', through: 'http://127.0.0.1:8700/one/mcp', settings} as unknown as InstanceServer
}

const secrets = {API_KEY: 'k3y'}

test('clients use the address of the ingress, the token and the deadline of the server', () => {
  const target = witnessTarget(instanceServer({tool: 'echo', arguments: {message: 'ahoy'}}), {secrets})
  assert.deepEqual(
    [target.server, target.url, target.headers, target.timeoutMs, target.probe?.tool, target.probe?.arguments],
    ['one', 'http://127.0.0.1:8700/one/mcp', {authorization: 'Bearer k3y'}, 1234, 'echo', {message: 'ahoy'}],
  )
})

test('what the fleet file expects of the probe is expected of every call', () => {
  const {probe} = witnessTarget(instanceServer({tool: 'echo', expect: {text: 'Echo: ahoy'}}), {secrets})
  assert.deepEqual(probe?.expect?.({content: [{type: 'text', text: 'Echo: ahoy'}]}), [])
  assert.equal(probe?.expect?.({content: [{type: 'text', text: 'something else'}]}).length, 1)
})

test('without a probe, or with one that is declared to fail, the tools are listed instead', () => {
  assert.equal(witnessTarget(instanceServer(undefined), {secrets}).probe, undefined)
  const failing = {tool: 'nope', expect: {outcome: 'tool-error'}}
  assert.equal(witnessTarget(instanceServer(failing), {secrets}).probe, undefined)
})
