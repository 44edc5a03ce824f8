// X1: a rehearsal is judged by what changed in live, and live's own clients are not blamed on it.
import assert from 'node:assert/strict'
import {appendFileSync} from 'node:fs'
import {join} from 'node:path'
import {test} from 'node:test'
import {changesByItself} from '../../../scripts/lib/instance/changesByItself.ts'
import {changedUncalled, judgeUnchanged} from '../../../scripts/lib/instance/judgeUnchanged.ts'
import {calledBetween, countByServer} from '../../../scripts/lib/instance/liveTraffic.ts'
import {temporaryFolder} from '../temporaryFolder.ts'

const before = {pointer: 'a', 'process memory': '7@1', 'state memory': 'x', 'state files': 'y'}

test('nothing changed: pass, with the number of parts', () => {
  const {check, unproved} = judgeUnchanged(before, {...before}, [])
  assert.equal(check.verdict, 'pass')
  assert.match(check.detail, /^4 parts/)
  assert.deepEqual(unproved, [])
})

test('state that changed while nobody called the server is the rehearsal’s doing', () => {
  const {check} = judgeUnchanged(before, {...before, 'state memory': 'z'}, ['files'])
  assert.equal(check.verdict, 'fail')
  assert.match(check.detail, /state memory: x → z/)
})

test('state of a server that live’s own clients called is told as unproved, and not judged', () => {
  const {check, unproved} = judgeUnchanged(before, {...before, 'state memory': 'z'}, ['memory'])
  assert.equal(check.verdict, 'pass')
  assert.match(check.detail, /^3 parts/)
  assert.deepEqual(
    unproved.map(entry => entry.value),
    [{what: 'that the rehearsal left the state memory alone', why: 'its own clients called it meanwhile'}],
  )
})

test('X1 state of a server that writes by itself is reported as unproved, and no other', () => {
  const after = {...before, 'state memory': 'z', 'state files': 'z'}
  assert.deepEqual(changedUncalled(before, after, ['files']), ['memory'])
  const {check, unproved} = judgeUnchanged(before, after, [], ['memory'])
  assert.equal(check.verdict, 'fail')
  assert.match(check.detail, /as before: state files: y → z$/)
  assert.deepEqual(
    unproved.map(entry => entry.value),
    [
      {
        what: 'that the rehearsal left the state memory alone',
        why: 'it changes without a call: also after the rehearsal was over',
      },
    ],
  )
})

test('X1 a server that writes without a call is found by what it writes, and one that does not is not', async t => {
  const folder = temporaryFolder(t, {'busy/beat': '', 'idle/file': ''})
  const writer = setInterval(() => appendFileSync(join(folder, 'busy', 'beat'), 'x'), 20)
  t.after(() => clearInterval(writer))
  const servers = ['busy', 'idle'].map(name => ({name, state: join(folder, name)}))
  const {signal} = new AbortController()
  assert.deepEqual(await changesByItself({servers, withinMs: 1000, signal}), ['busy'])
})

test('calls excuse nothing but state', () => {
  const {check} = judgeUnchanged(before, {...before, 'process memory': '8@2'}, ['memory'])
  assert.equal(check.verdict, 'fail')
})

test('requests are added up by server from the metrics of the ingress', () => {
  const metrics = [
    '# TYPE ingress_requests_total counter',
    'ingress_requests_total{server="memory",method="POST",status="200"} 7',
    'ingress_requests_total{server="memory",method="DELETE",status="200"} 2',
    'ingress_requests_total{server="files",method="POST",status="200"} 1',
    'ingress_response_bytes_total{server="files"} 900',
  ].join('\n')
  const counts = countByServer(metrics)
  assert.deepEqual(counts, {memory: 9, files: 1})
  assert.deepEqual(calledBetween({memory: 8, files: 1}, counts), ['memory'])
})
