// Declared calls that do not answer what they should, calls that must not be sent, and what the fleet file accepts.
import assert from 'node:assert/strict'
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, test} from 'node:test'
import {healthy, makeRig} from '../rig.ts'

const until = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)
const calls = [
  {name: 'expects another text', tool: 'echo', arguments: {message: 'ahoy'}, expect: {text: 'goodbye'}},
  {name: 'names a tool that is not there', tool: 'format-disk'},
  {name: 'answers', tool: 'echo', arguments: {message: 'ahoy'}, expect: {text: 'ahoy'}},
]

describe('declared calls', {concurrency: 2}, () => {
  test('C2 C3 a wrong answer fails and an unknown tool is refused before it is sent', async context => {
    const isolation = {none: 'it writes down what it hears beside the fleet file'}
    const rig = await makeRig(context, {servers: {good: {...healthy, fixture: 'writes-down', calls, isolation}}})
    const ended = await rig.staging([], {
      env: {GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: join(rig.folder, 'summary.md')},
    })
    assert.equal(ended.code, 1, ended.said)
    const wrong = rig.checks().find(one => one.check === 'calls/expects-another-text')
    assert.equal(wrong?.verdict, 'fail')
    assert.match(wrong.detail, /goodbye/)
    const refused = rig.checks().find(one => one.check === 'calls/names-a-tool-that-is-not-there')
    assert.equal(refused?.verdict, 'fail')
    assert.match(refused.detail, /was not sent: the server has no tool format-disk; it has add, echo/)
    assert.equal(rig.verdict('calls/answers', 'good'), 'pass')
    assert.equal(rig.verdict('tools/declared-exist', 'good'), 'fail')
    // The server wrote down every message that reached it: the known calls are among them, the unknown one is not.
    const seen = readFileSync(join(rig.folder, 'seen.jsonl'), 'utf8')
    assert.match(seen, /"tools\/call".*"echo"/)
    assert.doesNotMatch(seen, /format-disk/)

    // Under GitHub Actions: plain lines, an annotation at the line of the server, and the job summary.
    assert.equal(ended.said.includes('\u001b'), false)
    const text = readFileSync(rig.fleetPath, 'utf8')
    const line = text.split('\n').findIndex(one => one.includes('"good": {')) + 1
    assert.match(ended.stdout, new RegExp(`^::error .*file=fleet\\.yaml,line=${line}.*calls/expects-another-text`, 'm'))
    assert.equal(readFileSync(join(rig.folder, 'summary.md'), 'utf8'), rig.report('report.md'))
  })

  test('A9 an accepted failure does not decide and is shown', async context => {
    const reason = 'the vendor fixes it in the next version'
    const rig = await makeRig(context, {
      servers: {good: {...healthy, calls: [calls[0], calls[2]]}},
      fleet: {accept: [{check: 'calls/expects-another-text', server: 'good', reason, until}]},
    })
    const ended = await rig.staging()
    assert.equal(ended.code, 0, ended.said)
    assert.match(ended.stdout, /READY/)
    assert.match(ended.stdout, new RegExp(`~ calls/expects-another-text good: .*${reason}`))
    const check = rig.checks().find(one => one.check === 'calls/expects-another-text')
    assert.deepEqual([check?.verdict, check?.accepted], ['fail', {reason, until}])
    assert.match(rig.report('report.md'), new RegExp(`Accepted findings[\\s\\S]*${reason}`))
  })

  test('A9 an acceptance that covers nothing fails the run', async context => {
    const rig = await makeRig(context, {
      fleet: {accept: [{check: 'calls/echoes', server: 'good', reason: 'it was broken once upon a time', until}]},
    })
    const ended = await rig.staging()
    assert.equal(ended.code, 1, ended.said)
    assert.match(
      ended.stdout,
      /✗ accept\/matches good: calls\/echoes is accepted in the fleet file, but did not fail: it is pass/,
    )
    assert.match(ended.stdout, /→ delete the entry below accept:/)
  })
})
