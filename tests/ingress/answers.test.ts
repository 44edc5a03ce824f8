import assert from 'node:assert/strict'
import {test} from 'node:test'
import {endsRunningWork, sessionNotFound} from '../../ingress/answers.ts'

const body = (value: unknown) => Buffer.from(JSON.stringify(value))

test('the error for an ended session answers the request by its id', () => {
  const answer = (id: unknown) => ({jsonrpc: '2.0', id, error: {code: -32001, message: 'Session not found'}})
  assert.deepEqual(sessionNotFound(body({jsonrpc: '2.0', id: 'x', method: 'ping'})), answer('x'))
  assert.deepEqual(sessionNotFound(body({id: 0})), answer(0))
  for (const unreadable of [undefined, Buffer.from('{'), body([1]), body({id: {}})]) {
    assert.deepEqual(sessionNotFound(unreadable), answer(null))
  }
})

test('answers to the server, notifications and the end of a session do not wait; requests do', () => {
  assert.ok(endsRunningWork('POST', body({jsonrpc: '2.0', id: 1, result: {}})))
  assert.ok(endsRunningWork('POST', body({jsonrpc: '2.0', method: 'notifications/cancelled'})))
  assert.ok(endsRunningWork('DELETE', undefined))
  assert.ok(!endsRunningWork('POST', body({jsonrpc: '2.0', id: 1, method: 'tools/call'})))
  assert.ok(!endsRunningWork('POST', Buffer.from('nonsense')))
  assert.ok(!endsRunningWork('GET', undefined))
})
