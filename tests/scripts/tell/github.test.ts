// The programs that tell GitHub, as processes: of whole runs, of cancelled ones, and of ends that were written by hand.
import assert from 'node:assert/strict'
import {readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, test} from 'node:test'
import type {EntryBody} from '../../../scripts/lib/journal/entry.ts'
import {entriesOf, stepEnds} from '../../../scripts/lib/journal/facts.ts'
import {filesWith} from '../../filesWith.ts'
import {type ServedGitHub, serveGitHub, token} from '../../github/server.ts'
import {windowOf} from '../../pipelines/windows.ts'
import {healthy, makeRig} from '../../rig.ts'
import {allProcesses} from '../../rigProcesses.ts'
import {digest, failedCheck, runEnds, writtenRun} from './writtenRun.ts'

const contacts = [{name: 'Ada', role: 'first', reach: '+1 555 0100'}]

/** The states of the one deployment, in the order in which they were set. */
const statesOf = ({seen}: ServedGitHub) =>
  seen.flatMap(({operation, body}) => (operation.endsWith('/statuses') ? [body.state] : []))
const checksOf = ({seen}: ServedGitHub) =>
  seen.filter(({operation}) => operation.endsWith('/check-runs')).map(({body}) => body)
const count = ({told}: ServedGitHub, operation: string) => told().filter(one => one === operation).length

describe('GitHub is told', {concurrency: 4}, () => {
  test('X13 A9 of a rehearsal: a deployment to its end, a check a phase, and the token is nowhere', async context => {
    const served = await serveGitHub(context)
    const rig = await makeRig(context, {env: served.variables()})
    const seen = new Set<string>()
    const timer = setInterval(() => {
      for (const {argv} of allProcesses()) seen.add(argv)
    }, 20)
    const ended = await rig.staging([], {env: {GITHUB_WORKSPACE: rig.folder}})
    clearInterval(timer)
    assert.equal(ended.code, 0, ended.said)
    assert.deepEqual(served.faults(), [])
    assert.deepEqual(statesOf(served), ['queued', 'in_progress', 'success'])
    const [deployment] = served.seen
    assert.deepEqual([deployment?.body.environment, deployment?.body.task], ['staging', 'rehearsal'])
    assert.equal(deployment?.body.transient_environment, true)
    const phases = new Set(rig.checks().map(({phase}) => phase))
    assert.deepEqual(
      new Set(checksOf(served).map(({name}) => String(name))),
      new Set([...phases].map(phase => `staging: ${phase}`)),
    )
    const wrong = checksOf(served).filter(({conclusion}) => conclusion !== 'success' && conclusion !== 'skipped')
    assert.deepEqual(wrong, [])
    assert.deepEqual(
      [...seen].filter(argv => argv.includes(token)),
      [],
    )
    assert.equal(ended.said.includes(token), false)
    assert.deepEqual(filesWith(rig.folder, token), [])
  })

  test('X13 without a token it is said once in CI, nothing is started for it, and the run is what it was', async context => {
    const rig = await makeRig(context, {text: 'fleet: [\n'})
    assert.doesNotMatch((await rig.staging()).said, /GitHub/, "on one's own machine nobody expects it")
    const ended = await rig.staging([], {env: {CI: 'true'}})
    assert.equal(ended.code, 2, ended.said)
    assert.equal(ended.said.split('GitHub is not notified: GITHUB_TOKEN is not set').length, 2)
    const steps = entriesOf(rig.journal(), 'step').map(({step}) => step)
    assert.deepEqual(
      steps.filter(step => /announce|github|notify/.test(step)),
      [],
    )
    assert.ok(steps.includes('95-report'))
  })

  test('X13 a GitHub that refuses everything changes no exit code, and is reported', async context => {
    const served = await serveGitHub(context, {behave: () => ({status: 401, message: 'Bad credentials'})})
    const bad = {fixture: 'exits-at-once', probe: healthy.probe}
    const rig = await makeRig(context, {servers: {bad}, env: served.variables()})
    const ended = await rig.staging()
    assert.equal(ended.code, 1, ended.said)
    assert.match(rig.report('report.md'), /that GitHub was told: .*401 Bad credentials/)
    assert.equal(stepEnds(rig.journal()).get('12-announce')?.verdict, 'pass')
    assert.equal(stepEnds(rig.journal()).get('92-github')?.verdict, 'pass')
    // One request each by the two programs: a token that was refused is not offered again.
    assert.equal(served.seen.length, 2)
  })

  test('X13 a GitHub that answers after 30 s holds a step up for 8 s, is not asked again, and changes no exit code', async context => {
    const served = await serveGitHub(context, {behave: () => 'hang'})
    const rig = await makeRig(context, {env: served.variables()})
    const run = writtenRun(rig, 'production')
    const ended = await rig.good('92-github', ['--run', run])
    assert.match(ended.stdout, /GitHub was not notified: a deployment: create a deployment: no answer within 8000 ms/)
    assert.equal(served.seen.length, 1)
    assert.equal(stepEnds(rig.journal(run)).get('92-github')?.verdict, 'pass')
  })

  test('X13 B8 a cancelled run leaves its deployment in a final state, before its clean-up begins', async context => {
    const cleanedUp: boolean[] = []
    const served = await serveGitHub(context, {
      behave: ({body}) => {
        if (body.state === 'inactive')
          cleanedUp.push(entriesOf(rig.journal(), 'step').some(({step}) => step === '99-cleanup'))
        return undefined
      },
    })
    const rig = await makeRig(context, {...windowOf('70-health'), env: served.variables()})
    const running = rig.startStaging()
    await rig.begun('70-health')
    running.interrupt()
    const ended = await running.ended
    assert.equal(ended.code, 130, ended.said)
    assert.deepEqual(statesOf(served), ['queued', 'in_progress', 'inactive', 'inactive'])
    assert.deepEqual(cleanedUp, [false, true])
    assert.deepEqual(served.faults(), [])
  })

  test('X13 B15 every end has its final state, and an issue calls who is needed', async context => {
    const final = {
      good: 'success',
      failed: 'failure',
      unjudged: 'error',
      'rollback-failed': 'failure',
      cancelled: 'inactive',
    }
    const served = await serveGitHub(context)
    const rig = await makeRig(context, {fleet: {contacts}, env: served.variables({GITHUB_WORKSPACE: '/elsewhere'})})
    // One of each outcome, since GitHub wants a second between two things that it is told.
    const ends = runEnds.filter(([, , , outcome], index) => runEnds.findIndex(one => one[3] === outcome) === index)
    assert.equal(ends.length, 5)
    for (const [what, name, how, outcome] of ends) {
      const before = statesOf(served).length
      await rig.good('92-github', ['--run', writtenRun(rig, name, how)])
      assert.deepEqual(statesOf(served).slice(before), [final[outcome as keyof typeof final]], what)
    }
    assert.deepEqual(served.faults(), [])
    // A second one that failed does not open a second issue.
    await rig.good('92-github', ['--run', writtenRun(rig, 'rollback', {ends: {'90-rollback': 3}})])
    assert.equal(served.issues.length, 1)
    const [issue] = served.issues
    assert.equal(issue?.title, 'Rollback failed: staging of rig')
    assert.match(String(issue?.body), /\| Ada \| first \| \\\+1 555 0100 \|/)
    assert.match(String(issue?.body), /pnpm status/)
    // Release notes are of what was deployed and verified.
    assert.deepEqual(
      served.releases.map(({tag_name}) => tag_name),
      [`staging-${digest.slice(0, 12)}`],
    )
    // The fleet file is not in the repository, so there is no line to write at.
    assert.ok(checksOf(served).every(({output}) => (output as {annotations: unknown[]}).annotations.length === 0))
  })

  test('X13 problems stand at the line of their server, and a step that runs twice tells nothing twice', async context => {
    const served = await serveGitHub(context)
    const rig = await makeRig(context, {env: served.variables()})
    const run = writtenRun(rig, 'production', {ends: {'70-health': 1, '90-rollback': 0}, more: [failedCheck]})
    await rig.good('12-announce', ['--run', run])
    await rig.good('12-announce', ['--run', run])
    await rig.good('92-github', ['--run', run])
    await rig.good('92-github', ['--run', run])
    assert.deepEqual(served.faults(), [])
    assert.equal(count(served, 'POST /deployments'), 1)
    assert.equal(checksOf(served).length, 1)
    const [check] = checksOf(served)
    assert.equal(check?.conclusion, 'failure')
    const line =
      readFileSync(rig.fleetPath, 'utf8')
        .split('\n')
        .findIndex(text => text.includes('"good": {')) + 1
    const {annotations} = (check?.output ?? {}) as {annotations?: object[]}
    assert.deepEqual(annotations, [
      {
        path: 'fleet.yaml',
        start_line: line,
        end_line: line,
        annotation_level: 'failure',
        title: 'health/restarts good',
        message: '5 restarts\n→ it crashes: its log has the reason',
      },
    ])
  })

  test('X13 a deployment whose answer was lost is found, not created again', async context => {
    const served = await serveGitHub(context)
    const rig = await makeRig(context, {env: served.variables()})
    const run = writtenRun(rig, 'production')
    await rig.good('12-announce', ['--run', run])
    // As after a kill between the request and its answer.
    const journal = readFileSync(rig.journalFile(run), 'utf8').split('\n')
    writeFileSync(rig.journalFile(run), `${journal.filter(line => !line.includes('"state":"done"')).join('\n')}`)
    await rig.good('92-github', ['--run', run])
    assert.equal(count(served, 'POST /deployments'), 1)
    assert.deepEqual(statesOf(served), ['queued', 'in_progress', 'success'])
  })

  test('X13 B11 a watch keeps one issue while live is not well, and closes it when it is', async context => {
    const served = await serveGitHub(context)
    const rig = await makeRig(context, {env: served.variables()})
    const watch = (more?: EntryBody[]) =>
      rig.good('92-github', [
        '--run',
        writtenRun(rig, 'watch', more === undefined ? {} : {ends: {'70-health': 1}, more}),
      ])
    await watch()
    assert.equal(served.issues.length, 0)
    await watch([failedCheck])
    await watch([{...failedCheck, detail: '6 restarts'} as EntryBody])
    assert.deepEqual(
      served.issues.map(({title, state}) => [title, state]),
      [['Not well: staging of rig', 'open']],
    )
    assert.match(String(served.issues[0]?.body), /6 restarts/)
    await watch()
    assert.equal(served.issues[0]?.state, 'closed')
    assert.match(String(served.comments[0]?.body), /Well again/)
    await watch([failedCheck])
    assert.equal(served.issues.length, 2, 'what starts over is reported again')
    // It judges live and no commit.
    assert.deepEqual([count(served, 'POST /deployments'), checksOf(served).length], [0, 0])
    assert.deepEqual(served.faults(), [])
  })

  test('X13 a pull request has one comment on contracts, brought up to date, and checks on its own commit', async context => {
    const served = await serveGitHub(context)
    const rig = await makeRig(context)
    const event = join(rig.folder, 'event.json')
    const head = 'beef'.padEnd(40, '0')
    writeFileSync(event, JSON.stringify({pull_request: {number: 5, head: {sha: head}}}))
    const env = served.variables({GITHUB_EVENT_PATH: event})
    const difference = {
      kind: 'breaking',
      pointer: '/tools/add',
      what: 'The tool is gone.',
      reason: 'Clients call it.',
      before: {},
      views: [],
    }
    const tell = (differences: object[]) => {
      const value = {summary: '1 change', changes: [{server: 'good', change: 'changed', differences}]}
      const run = writtenRun(rig, 'staging', {more: [{type: 'fact', name: 'plan', value}]})
      return rig.step('92-github', ['--run', run], {env})
    }
    await tell([])
    assert.equal(served.comments.length, 0, 'nothing to say, and nothing said before')
    await tell([difference])
    await tell([difference, {...difference, pointer: '/tools/sub'}])
    assert.equal(served.comments.length, 1)
    assert.match(String(served.comments[0]?.body), /2 breaking[\s\S]*\/tools\/sub/)
    await tell([])
    assert.equal(served.comments.length, 1)
    assert.doesNotMatch(String(served.comments[0]?.body), /breaking/)
    assert.ok(checksOf(served).every(({head_sha}) => head_sha === head))
    assert.deepEqual(served.faults(), [])
  })

  test('X13 a wrong repository, commit or address is told, and no request is made', async context => {
    const served = await serveGitHub(context)
    const rig = await makeRig(context)
    const run = writtenRun(rig, 'production')
    const wrong: [name: string, value: string][] = [
      ['GITHUB_REPOSITORY', 'fleet'],
      ['GITHUB_SHA', 'main'],
      ['GITHUB_API_URL', 'http://github.example.org/api/v3'],
    ]
    for (const [name, value] of wrong) {
      const ended = await rig.step('92-github', ['--run', run], {env: served.variables({[name]: value})})
      assert.equal(ended.code, 0)
      assert.match(ended.stdout, new RegExp(`GitHub was not notified: how the run ended: ${name} should`))
    }
    assert.equal(served.seen.length, 0)
  })

  test('X13 a build command of a server does not get the token', async context => {
    const served = await serveGitHub(context)
    const build = ['sh', '-c', 'cp *.mjs "$OUTPUT"; env > "$OUTPUT/environment.txt"']
    const rig = await makeRig(context, {
      servers: {good: {...healthy, source: {folder: 'servers/good', build}}},
      env: served.variables(),
    })
    await rig.good('20-build')
    const written = readdirSync(join(rig.folder, '.build'), {recursive: true, encoding: 'utf8'}).filter(path =>
      path.endsWith('environment.txt'),
    )
    assert.ok(written.length > 0)
    for (const path of written)
      assert.doesNotMatch(readFileSync(join(rig.folder, '.build', path), 'utf8'), /GITHUB_TOKEN/)
  })
})
