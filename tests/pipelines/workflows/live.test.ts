// The workflows that change live or look after it, played with bash and compared with the same pipelines under the runner.
import assert from 'node:assert/strict'
import {appendFileSync, existsSync, mkdirSync, readFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {test} from 'node:test'
import {entriesOf, fact} from '../../../scripts/lib/journal/facts.ts'
import {keepLease} from '../../../scripts/lib/lock/lease.ts'
import {freePorts} from '../../../scripts/lib/target/freePorts.ts'
import {acquire} from '../../lib/lock/holding.ts'
import {healthy, makeRig, type Rig, type RigOptions} from '../../rig.ts'
import {checkout, workflowText} from './checkout.ts'
import {type PlayedJob, playJob} from './playJob.ts'
import {told} from './told.ts'

const last = ({steps}: PlayedJob) => steps.find(({name}) => name === 'Say how the run ended')
const said = ({steps}: PlayedJob) => steps.map(step => `${step.name}: ${step.outcome}\n${step.said}`).join('\n')

/** A rig whose fleet has the environments staging and production, the latter of which ends with the test. */
async function liveRig(
  context: Parameters<typeof makeRig>[0],
  options: RigOptions = {},
  more: Record<string, unknown> = {},
): Promise<Rig> {
  const [port = 0, rehearsed = 0] = await freePorts(2)
  const limits = {startupSeconds: 15, steadySeconds: 0.2, healthMs: 8000, stopSeconds: 1, memoryMegabytes: 500, ...more}
  const production = {target: 'local', ingress: {port}, limits, client: {timeoutMs: 8000}}
  const staging = {...production, ingress: {port: rehearsed}}
  const rig = await makeRig(context, {...options, fleet: {environments: {staging, production}}})
  rig.before(async () => {
    await rig.start('scripts/97-stop.ts', ['--env', 'production', '--fleet', rig.fleetPath]).ended
  })
  return rig
}

const pipeline = (rig: Rig, name: string, more: readonly string[] = []) =>
  rig.start('pipelines/run.ts', [name, '--env', 'production', '--fleet', rig.fleetPath, ...more]).ended

test('X13 production.yml with a deploy that fails: live is put back as by the runner, and a reason is no code', async context => {
  const options = {servers: {good: healthy, broken: {fixture: 'exits-at-once'}}}
  // What a shell would run, were it part of the command line's text.
  const reason = '"; touch made #$(touch made)'
  const runner = await liveRig(context, options)
  const ended = await pipeline(runner, 'production', ['--override', reason])
  assert.equal(ended.code, 1, ended.said)
  assert.equal(entriesOf(runner.journal(), 'step').at(-1)?.step, '95-report')

  const rig = await liveRig(context, options)
  const played = await playJob({
    ...checkout(rig, 'production.yml'),
    job: 'production',
    contexts: {github: {event: {inputs: {override: reason}}, token: ''}},
  })
  assert.equal(last(played)?.code, 1, said(played))
  assert.deepEqual(told(rig), told(runner), said(played))
  assert.equal(played.outcome('Roll back'), 'success')
  assert.ok(
    rig.journal().some(entry => JSON.stringify(entry).includes('touch made')),
    'the reason is recorded',
  )
  assert.equal(existsSync(join(rig.folder, 'made')), false)
})

test('X13 B8 production.yml that is cancelled while it changes live puts live back, as Ctrl-C does', async context => {
  const options = {servers: {good: healthy, late: {fixture: 'never-listens', probe: healthy.probe}}}
  const startupSeconds = 60
  const runner = await liveRig(context, options, {startupSeconds})
  const running = runner.start('pipelines/run.ts', [
    ...['production', '--env', 'production', '--fleet', runner.fleetPath],
    ...['--override', 'a test'],
  ])
  await runner.begun('60-deploy')
  await runner.until('a server of live', () => changed(runner))
  running.interrupt()
  const ended = await running.ended
  assert.equal(ended.code, 130, ended.said)

  const rig = await liveRig(context, options, {startupSeconds})
  const played = await playJob({
    ...checkout(rig, 'production.yml'),
    job: 'production',
    contexts: {github: {event: {inputs: {override: 'a test'}}, token: ''}},
    cancels: async step => {
      if (step !== 'Deploy to live stack') return false
      await rig.until('a server of live', () => changed(rig))
      return true
    },
  })
  assert.equal(last(played)?.code, 130, said(played))
  assert.equal(played.outcome('Roll back'), 'success')
  assert.deepEqual(told(rig).steps, told(runner).steps)
})

/** Whether a server of the run has been started on live. */
const changed = (rig: Rig) =>
  entriesOf(rig.journal(), 'command').some(({why, state}) => state === 'finished' && why.includes('start good'))

test('X13 whoever tells GitHub and is not heard changes nothing of a run', async context => {
  const rig = await liveRig(context)
  const files = checkout(rig, 'rollback.yml')
  const [port = 0] = await freePorts(1)
  const env = {
    ...files.env,
    GITHUB_API_URL: `http://127.0.0.1:${port}`,
    GITHUB_REPOSITORY: 'owner/name',
    GITHUB_SHA: 'a'.repeat(40),
  }
  const github = {event: {inputs: {reason: 'a test'}}, token: 'a-token-of-a-workflow'}
  const played = await playJob({...files, env, job: 'programs', contexts: {github}})
  const ended = await pipeline(rig, 'rollback', ['--reason', 'a test'])
  assert.equal(last(played)?.code, ended.code, said(played))
  for (const name of ['Announce run on GitHub', 'Report result to GitHub'])
    assert.notEqual(played.outcome(name), 'skipped')
  assert.match(said(played), /GitHub was not notified/i)
})

test('X12 X13 production.yml refuses a release that was not asked for, and rolls nothing back', async context => {
  const rig = await liveRig(context)
  const played = await playJob({
    ...checkout(rig, 'production.yml'),
    job: 'production',
    contexts: {github: {event: {inputs: {release: '0123456789ab', override: 'it was never rehearsed'}}, token: ''}},
  })
  assert.equal(last(played)?.code, 2, said(played))
  assert.equal(played.outcome('Compare the release with the one that was asked for'), 'failure')
  assert.equal(played.outcome('Deploy to live stack'), 'skipped')
  assert.equal(played.outcome('Roll back'), 'skipped', 'there is nothing to put back')
  const plan = entriesOf(rig.journal(), 'step').find(({step}) => step === '40-plan')
  assert.match(plan?.detail ?? '', /was not begun, since the workflow failed before it/)
})

test('X13 X14 production.yml while another run is at work: refused once, nothing is put back, as by the runner', async context => {
  const rig = await liveRig(context)
  const root = join(dirname(rig.root), 'production')
  mkdirSync(root, {recursive: true})
  const {holder} = await acquire(root, 'another-run')
  const held = keepLease(root, holder)
  rig.before(held.release)

  const ended = await pipeline(rig, 'production', ['--override', 'a test'])
  assert.equal(ended.code, 2, ended.said)
  const byRunner = told(rig)
  const played = await playJob({
    ...checkout(rig, 'production.yml'),
    job: 'production',
    contexts: {github: {event: {inputs: {override: 'a test'}}, token: ''}},
  })
  assert.equal(last(played)?.code, 2, said(played))
  assert.deepEqual(told(rig), byRunner, said(played))
  for (const text of [ended.said, said(played)]) {
    assert.match(text, /run another-run holds the lock/)
    assert.doesNotMatch(text, /Roll back: (success|failure)|90-rollback/)
  }
  assert.deepEqual(
    byRunner.steps.filter(step => step.includes('90-rollback')),
    [],
  )
})

test('X12 X13 production.yml deploys the digest for which staging.yml succeeded, and no other', async context => {
  const rig = await liveRig(context)
  const files = checkout(rig, 'staging.yml')
  const github = {event: {inputs: {quick: 'true'}}, event_name: 'workflow_dispatch', token: ''}
  const rehearsed = await playJob({...files, job: 'staging', contexts: {github}})
  assert.equal(rehearsed.status, 'success', said(rehearsed))

  // As started by the end of staging: nothing is given by hand.
  const text = workflowText(rig, 'production.yml')
  const deploy = () =>
    playJob({...files, text, job: 'production', contexts: {github: {event: {}, event_name: 'workflow_run', token: ''}}})
  const deployed = await deploy()
  assert.equal(deployed.status, 'success', said(deployed))
  const digest = fact<{digest: string}>(rig.journal(), 'release')?.digest ?? ''
  assert.equal(pointer(rig), digest)

  appendFileSync(join(rig.folder, 'servers', 'good', 'healthy.mjs'), '\n// Changed since.\n')
  const other = await deploy()
  assert.equal(last(other)?.code, 2, said(other))
  assert.equal(other.outcome('Deploy to live stack'), 'failure')
  assert.match(said(other), /no passing rehearsal|was not rehearsed/)
  assert.equal(pointer(rig), digest)
})

/** The release that is live. */
function pointer(rig: Rig): string | undefined {
  return JSON.parse(readFileSync(join(dirname(rig.root), 'production', 'live.json'), 'utf8')).release
}

test('X13 B11 watch.yml and rollback.yml do on live what the runner does', async context => {
  const rig = await liveRig(context)
  const run = (step: string, more: readonly string[]) =>
    rig.start(`scripts/${step}.ts`, ['--env', 'production', '--fleet', rig.fleetPath, ...more]).ended
  await run('20-build', [])
  const [first = ''] = rig.runs()
  for (const [step, more] of [
    ['60-deploy', ['--apply', '--override', 'a test']],
    ['70-health', []],
    ['85-finish', []],
    ['99-cleanup', []],
  ] as const) {
    const ended = await run(step, ['--run', first, ...more])
    assert.equal(ended.code, 0, ended.said)
  }

  const watched = await pipeline(rig, 'watch')
  const byRunner = told(rig)
  const files = checkout(rig, 'watch.yml')
  const played = await playJob({...files, job: 'production'})
  assert.equal(last(played)?.code, watched.code, said(played))
  assert.deepEqual(told(rig), byRunner, said(played))
  assert.ok(byRunner.checks.includes('health/memory good pass'), 'resources are looked at')

  const known = rig.runs().length
  const again = await playJob({...files, job: 'production'})
  assert.equal(again.status, 'success', said(again))
  assert.equal(again.outcome('Name the run and begin its journal'), 'skipped')
  assert.match(again.steps.find(({name}) => name.includes('time for a look'))?.said ?? '', /^not yet: live since/)
  assert.equal(rig.runs().length, known)

  const reason = 'it answers "slowly"'
  const ended = await pipeline(rig, 'rollback', ['--reason', reason, '--wait', '600'])
  const rolled = told(rig)
  const text = workflowText(rig, 'rollback.yml')
  const inputs = {reason, way: 'programs'}
  const back = await playJob({...files, text, job: 'programs', contexts: {github: {event: {inputs}, token: ''}}})
  assert.equal(last(back)?.code, ended.code, said(back))
  assert.deepEqual(told(rig), rolled, said(back))

  // The way without a checkout: the script of the environment goes to the release beside whose script it is, which is live already.
  const digest = fact<{digest: string}>(rig.journal(first), 'release')?.digest ?? ''
  const shell = (release: string) =>
    playJob({...files, text, job: 'shell', contexts: {github: {event: {inputs: {release, reason}}, token: ''}}})
  const byShell = await shell(digest)
  assert.match(said(byShell), /is live already; nothing is to be done/)
  assert.equal(byShell.status, 'success')
  assert.match(said(await shell('../../x')), /release: should be the digest of a release, got \.\.\/\.\.\/x/)
  assert.match(
    said(await shell('0123456789ab')),
    /there is no release 0123456789ab here\n→ see which there are: sh .*\/rollback\.sh --list/,
  )
})
