// Servers that misbehave, each in its own way: what the run says of each, and that nothing of them stays.
import assert from 'node:assert/strict'
import {describe, test} from 'node:test'
import {healthy, makeRig} from '../rig.ts'

const probe = {tool: 'echo', arguments: {message: 'ahoy'}, expect: {text: 'ahoy'}}

/** What the run must say of each server that does not come up, the cause first, then the end of its log. */
const causes: Record<string, {says: RegExp; log: string; [key: string]: unknown}> = {
  'exits-at-once': {
    says: /ends by itself: \d+ times so far, last exit 1/,
    log: 'fatal: DATABASE_URL is not set',
  },
  'never-listens': {says: /rung tcp .*refused/, log: 'warming up'},
  'answers-500': {says: /rung open .*HTTP 500 .*internal error: no backend/, log: 'listening on'},
  'rpc-error': {says: /HTTP 200, JSON-RPC error -32603 "Not connected"/, log: 'listening on'},
  'tools-fail': {says: /rung call .*the tool reports an error .*"browser is not installed"/, log: 'listening on'},
  hangs: {says: /rung open .*no complete answer within [\d.]+ ms/, log: 'listening on'},
  'endless-stream': {says: /rung open .*no complete answer within [\d.]+ ms/, log: 'listening on'},
  'too-large': {says: /rung call .*the answer is larger than 1000000 bytes/, log: 'listening on'},
  'dies-in-call': {
    says: /rung call .*closed before the answer was complete|ends by itself/,
    log: 'panic: out of memory',
  },
  'wrong-shape': {says: /rung call .*outputSchema: \/message must be string/, log: 'listening on'},
  'not-json': {says: /not JSON-RPC \(content type text\/html\)/, log: 'listening on'},
  'needs-auth': {says: /HTTP 401, authentication is required/, log: 'listening on', env: {TOKEN: 'of-the-server'}},
  silent: {says: /ended after .* without a response/, log: 'listening on'},
  slow: {says: /no complete answer within [\d.]+ ms/, log: 'listening on', env: {SLOW_MS: '60000'}},
}

const quiet = ['exits-at-once', 'never-listens', 'hangs', 'endless-stream', 'silent', 'slow', 'dies-in-call']

describe('servers that misbehave', {concurrency: 2}, () => {
  // In two halves, since all of them at once keep a small machine too busy for the limits of a test.
  for (const [half, names] of Object.entries({
    'say nothing': quiet,
    'say something wrong': Object.keys(causes).filter(name => !quiet.includes(name)),
  })) {
    test(`A2 C4 X1 servers that ${half}: exit 1, each with its cause and its last log lines`, async context => {
      const servers = names.map(fixture => {
        const {says: _, log: __, ...more} = causes[fixture] ?? {}
        return [fixture, {fixture, probe, ...more}]
      })
      const rig = await makeRig(context, {
        servers: {...Object.fromEntries(servers), good: healthy, next: {...healthy, after: [names[0]]}},
        limits: {startupSeconds: 8, healthMs: 1500, responseBytes: 1_000_000},
        client: {timeoutMs: 1500},
      })
      const ended = await rig.staging()
      assert.equal(ended.code, 1, ended.said)
      assert.match(ended.stdout, /NOT READY \(fail\)/)
      const checks = rig.checks()
      const hidden: string[] = []
      for (const server of names) {
        const {says = /never/, log = ''} = causes[server] ?? {}
        const check = checks.find(one => one.check === 'deploy/ready' && one.server === server)
        assert.equal(check?.verdict, 'fail', server)
        if (!says.test(check.detail)) hidden.push(`${server}: ${check.detail}`)
        assert.ok(check.evidence?.includes(log), `the log of ${server}: ${check.evidence}`)
        assert.ok(ended.stdout.includes(`deploy/ready ${server}`), server)
      }
      // The very last try may have had only a moment left before the deadline, and then shows no more than that.
      for (const detail of hidden) assert.match(detail, /no complete answer within \d{1,3}\b/)
      assert.ok(hidden.length <= 2, hidden.join('\n'))
      assert.equal(rig.verdict('deploy/ready', 'good'), 'pass')
      assert.equal(
        rig.verdict('deploy/ready', 'next'),
        undefined,
        'what depends on a server that failed is not started',
      )
      assert.equal(rig.verdict('rehearsal/live-unchanged'), 'pass')
      assert.ok(rig.report('report.md').includes(causes[names[0] ?? '']?.log ?? 'never'))
      assert.match(ended.stdout, /not begun, since a step before it failed/)
    })
  }

  test('A2 C4 a server that dies after it was ready fails health, with its restarts and its exit code', async context => {
    const rig = await makeRig(context, {
      servers: {good: healthy, mortal: {...healthy, fixture: 'dies-after', env: {DIE_AFTER_MS: '2500'}}},
      limits: {steadySeconds: 4},
    })
    const ended = await rig.staging()
    assert.equal(ended.code, 1, ended.said)
    const restarts = rig.checks().find(one => one.check === 'health/restarts' && one.server === 'mortal')
    assert.equal(restarts?.verdict, 'fail')
    assert.match(restarts.detail, /[1-9]\d* restarts.*last exit 3/)
    assert.equal(rig.verdict('health/restarts', 'good'), 'pass')
    assert.match(ended.stdout, /✗ health\/restarts mortal/)
  })

  test('X1 a server that ignores SIGTERM, and one whose supervisor is gone, are ended all the same', async context => {
    const rig = await makeRig(context, {servers: {stubborn: {...healthy, fixture: 'ignores-sigterm'}, good: healthy}})
    const running = rig.startStaging()
    await rig.begun('70-health')
    const supervisor = rig.processes().find(({argv}) => argv.includes('supervise.sh') && argv.includes('healthy.mjs'))
    process.kill(supervisor?.pid ?? 0, 'SIGKILL')
    const ended = await running.ended
    assert.equal(rig.verdict('deploy/ready', 'stubborn'), 'pass', ended.said)
    assert.deepEqual(rig.processes(), [])
  })
})
