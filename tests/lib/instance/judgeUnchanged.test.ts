// X1: a rehearsal is judged by what changed in live, and live's own clients are not blamed on it.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {judgeUnchanged} from '../../../scripts/lib/instance/judgeUnchanged.ts'
import {calledBetween, countByServer} from '../../../scripts/lib/instance/liveTraffic.ts'

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
