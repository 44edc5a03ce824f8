// Everything that GitHub is told, held against GitHub's own description; and a GitHub that refuses, limits, cuts and hangs.
import assert from 'node:assert/strict'
import {createServer} from 'node:http'
import {describe, test} from 'node:test'
import {type CheckRun, type GitHub, openGitHub} from '../../../scripts/lib/github/github.ts'
import {NotHeard} from '../../../scripts/lib/notify/told.ts'
import {type Misbehaviour, serveGitHub, token} from '../../github/server.ts'

const deployment = {
  environment: 'production',
  task: 'deploy',
  description: 'x'.repeat(200),
  run: '20261120-103000-production-e2bd',
  isTransient: false,
  isProduction: true,
}

function check(annotations: number): CheckRun {
  const annotation = {path: 'fleet.yaml', start_line: 3, end_line: 3, annotation_level: 'failure', title: 't'} as const
  return {
    name: 'production: health',
    run: 'run',
    conclusion: 'failure',
    title: '1 of 2 checks passed',
    summary: 's'.repeat(70_000),
    annotations: Array.from({length: annotations}, (_, index) => ({...annotation, message: `m${index}`})),
  }
}

const issue = {marker: '<!-- m -->', title: 'Not well', body: 'because'}

describe('what GitHub is told', {concurrency: true}, () => {
  for (const description of ['api.github.com', 'ghes-3.19'] as const)
    test(`X13 ${description} finds nothing wrong with any request`, async context => {
      const served = await serveGitHub(context, {description})
      const github = await openGitHub(served.place())
      const id = await github.createDeployment(deployment)
      await github.setDeployment(id, 'queued', 'waits')
      await github.setDeployment(id, 'success', 'y'.repeat(300), 'http://127.0.0.1:8800')
      assert.equal(await github.findDeployment('production', deployment.run), id)
      assert.equal(await github.findDeployment('production', 'another run'), undefined)
      await github.createCheck(check(1))
      assert.equal(await github.closeIssue(issue.marker, 'well'), false)
      await github.putIssue(issue)
      await github.putIssue({...issue, body: 'still'})
      await github.closeIssue(issue.marker, 'well again')
      assert.equal(await github.putComment(5, {marker: '<!-- c -->', body: 'one'}, false), false)
      await github.putComment(5, {marker: '<!-- c -->', body: 'one'}, true)
      await github.putComment(5, {marker: '<!-- c -->', body: 'two'}, true)
      const release = {tag: 'production-3e7d96b8ac0c', name: 'production 3e7d96b8ac0c', body: 'notes'}
      await github.putRelease(release)
      await github.putRelease({...release, body: 'more notes'})

      assert.deepEqual(served.faults(), [])
      assert.ok(served.seen.every(({authorization}) => authorization === `token ${token}`))
      const {issues, comments, releases} = served
      // Opened once, brought up to date, closed with a last word.
      assert.deepEqual(
        issues.map(({state, body, labels}) => [state, body, labels]),
        [['closed', '<!-- m -->\nstill', ['seaworthy']]],
      )
      assert.deepEqual(
        comments.map(({body}) => body),
        ['well again', '<!-- c -->\ntwo'],
      )
      assert.deepEqual(
        releases.map(({body, tag_name}) => [tag_name, body]),
        [[release.tag, 'more notes']],
      )
      const [created, , status] = served.seen
      assert.equal(String(created?.body.description).length, 140)
      assert.equal(String(served.seen[2]?.body.description).length, 140)
      assert.equal(status?.body.log_url, 'https://github.com/octo/fleet/actions/runs/7')
      assert.equal(served.told()[1], 'POST /deployments/{deployment_id}/statuses')
    })

  test('X13 120 annotations are sent 50 at a time, in order, each once', async context => {
    const served = await serveGitHub(context)
    const github = await openGitHub(served.place())
    await github.createCheck(check(120))
    assert.deepEqual(served.faults(), [])
    const batches = served.seen.map(({body}) => (body.output as {annotations: {message: string}[]}).annotations)
    assert.deepEqual(
      batches.map(batch => batch.length),
      [50, 50, 20],
    )
    assert.deepEqual(
      batches.flat().map(({message}) => message),
      Array.from({length: 120}, (_, index) => `m${index}`),
    )
  })
})

/** Answers the first request in that way, and the others as GitHub does. */
const atFirst = (wrong: Misbehaviour) => (_: unknown, number: number) => (number === 1 ? wrong : undefined)
const always = (wrong: Misbehaviour) => () => wrong

const tellIssue = (github: GitHub) => github.setDeployment(1, 'success', 'good')

describe('a GitHub that misbehaves', {concurrency: true}, () => {
  const inSeconds = (seconds: number) => String(Math.ceil(Date.now() / 1000) + seconds)
  const heals: [string, () => Misbehaviour][] = [
    ['500', () => ({status: 500, message: 'Server Error'})],
    ['a cut connection', () => 'cut'],
    [
      '403 with the limit reached and a reset in a second',
      () => ({
        status: 403,
        message: 'API rate limit exceeded',
        headers: {'x-ratelimit-remaining': '0', 'x-ratelimit-reset': inSeconds(1)},
      }),
    ],
    [
      '403 with a secondary limit',
      () => ({
        status: 403,
        message: 'You have exceeded a secondary rate limit',
        headers: {'retry-after': '1'},
      }),
    ],
    ['429', () => ({status: 429, message: 'secondary rate limit', headers: {'retry-after': '1'}})],
  ]
  for (const [name, wrong] of heals)
    test(`X13 ${name}, then well: told at the second try`, async context => {
      const served = await serveGitHub(context, {behave: atFirst(wrong())})
      await tellIssue(await openGitHub(served.place()))
      assert.deepEqual([served.seen.length, served.faults()], [2, []])
    })

  const refusals: [status: number, message: string][] = [
    [401, 'Bad credentials'],
    [403, 'Resource not accessible by integration'],
    [404, 'Not Found'],
    [422, 'Validation Failed'],
  ]
  for (const [status, message] of refusals)
    test(`X13 ${status} is told once, in a sentence without the token`, async context => {
      const served = await serveGitHub(context, {behave: always({status, message})})
      const github = await openGitHub(served.place())
      await assert.rejects(tellIssue(github), (thrown: NotHeard) => {
        assert.ok(thrown instanceof NotHeard)
        assert.equal(thrown.message, `set a deployment to success: ${status} ${message}`)
        assert.equal(thrown.inDoubt, false)
        return true
      })
      assert.equal(served.seen.length, 1)
      // A token that is refused once is not offered again; another refusal is of one thing only.
      await assert.rejects(tellIssue(github), NotHeard)
      assert.equal(served.seen.length, status === 401 ? 1 : 2)
    })

  test('X13 a limit that ends after the deadline is not waited for', async context => {
    const headers = {'x-ratelimit-remaining': '0', 'x-ratelimit-reset': inSeconds(3600)}
    const served = await serveGitHub(context, {behave: always({status: 403, message: 'rate limit', headers})})
    await assert.rejects(tellIssue(await openGitHub(served.place())), /403 rate limit/)
    assert.equal(served.seen.length, 1)
  })

  test('X13 500 for good ends after three tries', async context => {
    const served = await serveGitHub(context, {behave: always({status: 500, message: 'Server Error'})})
    await assert.rejects(tellIssue(await openGitHub(served.place())), /500 Server Error/)
    assert.equal(served.seen.length, 3)
  })

  test('X13 a hang ends at the deadline of the request, and GitHub is not asked again', async context => {
    const served = await serveGitHub(context, {behave: always('hang')})
    const github = await openGitHub(served.place(), {requestMs: 200})
    await assert.rejects(tellIssue(github), (thrown: NotHeard) => {
      assert.match(thrown.message, /no answer within 200 ms/)
      assert.equal(thrown.inDoubt, true)
      return true
    })
    await assert.rejects(tellIssue(github), /not asked, since GitHub did not answer before/)
    assert.equal(served.seen.length, 1)
  })

  test('X13 all that is to be told has one deadline, waits included', async context => {
    const served = await serveGitHub(context, {behave: always('hang')})
    const github = await openGitHub(served.place(), {requestMs: 60_000, deadlineMs: 300})
    await assert.rejects(tellIssue(github), /no answer within 300 ms for all that was to be told/)
  })

  test('X13 an answer that never ends is none', async context => {
    const server = createServer((_, response) => void response.writeHead(201).write('{'))
    server.listen(0, '127.0.0.1')
    await new Promise(resolve => server.once('listening', resolve))
    context.after(() => {
      server.closeAllConnections()
      server.close()
    })
    const served = await serveGitHub(context)
    const {port} = server.address() as {port: number}
    const github = await openGitHub(served.place({apiUrl: `http://127.0.0.1:${port}`}), {requestMs: 300})
    await assert.rejects(tellIssue(github), /no answer within 300 ms/)
  })

  test('X13 a cancelled step tells nothing more', async context => {
    const served = await serveGitHub(context, {behave: always('hang')})
    const controller = new AbortController()
    const github = await openGitHub(served.place(), {signal: controller.signal})
    const asked = assert.rejects(tellIssue(github), /cancelled/)
    controller.abort()
    await asked
  })
})
