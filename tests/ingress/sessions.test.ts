import assert from 'node:assert/strict'
import {test} from 'node:test'
import {makeSessions} from '../../ingress/sessions.ts'

test('a session is found with its server only, and counted for its copy', () => {
  const sessions = makeSessions({maximum: 10, idleMs: 1000}, () => 0)
  const [one, two] = [{sessions: 0}, {sessions: 0}]
  sessions.remember('memory', 's', one)
  assert.equal(sessions.find('memory', 's'), one)
  assert.equal(sessions.find('files', 's'), undefined)
  sessions.remember('memory', 's', two)
  assert.deepEqual([one.sessions, two.sessions, sessions.size()], [0, 1, 1])
  sessions.forget('memory', 's')
  sessions.forget('memory', 's')
  assert.deepEqual([two.sessions, sessions.size()], [0, 0])
})

test('beyond the bound the session idle for longest is forgotten', () => {
  let time = 0
  const sessions = makeSessions({maximum: 2, idleMs: 1_000_000}, () => time)
  const copy = {sessions: 0}
  sessions.remember('m', 'a', copy)
  sessions.remember('m', 'b', copy)
  time = 2000
  sessions.find('m', 'a')
  sessions.remember('m', 'c', copy)
  assert.deepEqual(
    ['a', 'b', 'c'].map(id => sessions.find('m', id) !== undefined),
    [true, false, true],
  )
  assert.equal(copy.sessions, 2)
})

test('idle sessions are swept, used ones are kept, and endless ids are not remembered', () => {
  let time = 0
  const sessions = makeSessions({maximum: 10, idleMs: 5000}, () => time)
  const copy = {sessions: 0}
  sessions.remember('m', 'a', copy)
  sessions.remember('m', 'b', copy)
  sessions.remember('m', 'x'.repeat(513), copy)
  time = 4000
  sessions.find('m', 'a')
  time = 6000
  sessions.sweep()
  assert.deepEqual([sessions.size(), copy.sessions, sessions.find('m', 'a')], [1, 1, copy])
})
