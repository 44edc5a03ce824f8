// The jobs of ci.yml, played with bash in a copy of the project: what they find fails them, and coverage is kept.
import assert from 'node:assert/strict'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import {delimiter, join, relative, sep} from 'node:path'
import {describe, type TestContext, test} from 'node:test'
import {workflowFiles} from '../../../pipelines/workflows/workflowFiles.ts'
import {type PlayedJob, playJob} from './playJob.ts'

const project = join(import.meta.dirname, '..', '..', '..')
const text = workflowFiles({fleetPath: 'fleet.yaml', raw: {}}).find(({name}) => name === 'ci.yml')?.text ?? ''

/** What no checkout has, or what would take long to copy. */
const left = ['node_modules', '.git', '.runs', '.build', '.coverage', '.runner', 'backups']
const parts = ['chromium', 'shellcheck', 'busybox', 'age', 'nginx']

interface Copy {
  /** The tests that it has, whole folders among them; absent, all. */
  tests?: readonly string[]
  /** What is not on the machine. */
  missing?: readonly string[]
}

/** A checkout on a machine where npx installs nothing, and only writes down what it should have. */
function copyOfProject(context: TestContext, {tests, missing = []}: Copy = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'ci-'))
  context.after(() => rmSync(folder, {recursive: true}))
  cpSync(project, folder, {
    recursive: true,
    filter: path => {
      const [first = '', ...rest] = relative(project, path).split(sep)
      return !left.includes(first) && (first !== 'tests' || rest.length === 0 || isWanted(rest.join('/'), tests))
    },
  })
  symlinkSync(join(project, 'node_modules'), join(folder, 'node_modules'))
  const bin = join(folder, '.runner', 'bin')
  mkdirSync(bin, {recursive: true})
  const program = (name: string, body: string) => {
    writeFileSync(join(bin, name), `#!/bin/sh\n${body}\n`)
    chmodSync(join(bin, name), 0o755)
  }
  for (const name of ['npx', 'npm', 'sudo']) program(name, `echo "$@" >> "${join(bin, name)}.said"`)
  program('sha512sum', `cat >/dev/null; echo "$@" >> "${join(bin, 'sha512sum')}.said"`)
  for (const name of parts.filter(part => !missing.includes(part))) program(name, 'exit 0')
  const said = (name: string) =>
    existsSync(join(bin, `${name}.said`)) ? readFileSync(join(bin, `${name}.said`), 'utf8') : ''
  const PATH = [bin, '/usr/bin', '/bin'].join(delimiter)
  const play = (job: string, contexts = {}) =>
    playJob({text, job, folder, env: {PATH, HOME: folder, RUNNER_TEMP: bin}, contexts})
  return {folder, play, said}
}

function isWanted(path: string, tests: readonly string[] | undefined): boolean {
  return tests === undefined || tests.some(one => one.startsWith(`${path}/`) || `${path}/`.startsWith(`${one}/`))
}

const told = ({steps}: PlayedJob) => steps.map(({name, outcome, said}) => `${name}: ${outcome}\n${said}`).join('\n')
const outcomes = ({steps}: PlayedJob) => steps.map(({outcome}) => outcome)

describe('the job lint', () => {
  test('C10 X13 is good for the project as it is', async context => {
    const copy = copyOfProject(context)
    const played = await copy.play('lint')
    assert.equal(played.status, 'success', told(played))
    assert.ok(outcomes(played).every(outcome => outcome === 'success'))
    assert.match(copy.said('npx'), /^-y \S+\/pnpm-12\.\d+\.\d+\.tgz install --frozen-lockfile$/m)
    assert.equal(copy.said('sha512sum'), '--check --quiet\n')
  })

  test('C10 installs nothing with a pnpm that has other bytes than package.json names', async context => {
    const copy = copyOfProject(context, {tests: ['checkIds.ts']})
    const bin = join(copy.folder, '.runner', 'bin')
    rmSync(join(bin, 'sha512sum'))
    writeFileSync(join(bin, 'npm'), '#!/bin/sh\necho changed >"$4/$(echo "$5" | tr @ -).tgz"\n')
    const played = await copy.play('lint')
    assert.match(played.steps[1]?.said ?? '', /pnpm-12\.\d+\.\d+\.tgz: FAILED/)
    assert.equal(copy.said('npx'), '')
    assert.equal(played.status, 'failure')
  })

  const faults: [what: string, path: string, spoil: (text: string) => string, step: string, says: RegExp][] = [
    [
      'a type that does not fit',
      'scripts/lib/text/version.ts',
      was => `${was}\nexport const wrong: number = 'a text'\n`,
      'Check the types',
      /version\.ts\(\d+,\d+\): error TS2322/,
    ],
    ['bad style', 'scripts/lib/text/version.ts', was => `${was}\n\n\n`, 'Check the style', /version\.ts format/],
    [
      'a workflow that was edited',
      '.github/workflows/watch.yml',
      was => was.replace('timeout-minutes: 20', 'timeout-minutes: 21'),
      'Check that the workflows are those of the pipelines',
      /watch\.yml:\d+ should be/,
    ],
  ]
  for (const [what, path, spoil, step, says] of faults)
    test(`C10 X13 ends at the first step that finds ${what}`, async context => {
      const copy = copyOfProject(context, {tests: ['checkIds.ts']})
      const file = join(copy.folder, path)
      writeFileSync(file, spoil(readFileSync(file, 'utf8')))
      const played = await copy.play('lint')
      assert.equal(played.status, 'failure', told(played))
      const at = played.steps.findIndex(({name}) => name === step)
      assert.match(played.steps[at]?.said ?? '', says)
      assert.deepEqual(outcomes(played).slice(at), [
        'failure',
        ...outcomes(played)
          .slice(at + 1)
          .map(() => 'skipped'),
      ])
      assert.ok(
        outcomes(played)
          .slice(0, at)
          .every(outcome => outcome === 'success'),
      )
    })
})

const isInstalled = (part: string) => ['/usr/bin', '/bin'].some(folder => existsSync(join(folder, part)))

// The pattern of the job finds every test of the copy, so the copy has a small one only: this test would play itself.
const small = ['phases/leak/theilSen.test.ts']

describe('the job test', () => {
  test('C10 the oldest Node: the tests run once, without coverage', async context => {
    const copy = copyOfProject(context, {tests: small})
    const played = await copy.play('test', {matrix: {node: '18'}})
    assert.equal(played.status, 'success', told(played))
    const setUp = played.steps.find(({name}) => name === 'Set up the Node that starts pnpm')
    assert.deepEqual(setUp?.given, {'node-version': '18'})
    assert.equal(played.outcome('Run the tests'), 'success')
    assert.match(told(played), /tests [1-9]\d*\n.*suites \d+\n.*pass [1-9]/)
    assert.equal(played.outcome('Run the tests and count what they cover'), 'skipped')
    assert.equal(played.outcome('Keep the coverage'), 'skipped')
    assert.equal(copy.said('sudo'), '', 'nothing is missing, so nothing is installed')
  })

  test('C10 the newest Node: the tests run once, and what they cover is kept', async context => {
    const copy = copyOfProject(context, {tests: small, missing: parts})
    const played = await copy.play('test', {matrix: {node: 'current'}, github: {run_id: 7, run_attempt: 1}})
    assert.equal(played.status, 'success', told(played))
    assert.equal(played.outcome('Run the tests'), 'skipped')
    for (const part of parts)
      assert.ok(
        isInstalled(part) || copy.said('sudo').includes(`install -y -qq --no-install-recommends ${part}\n`),
        part,
      )
    const kept = played.steps.find(({name}) => name === 'Keep the coverage')
    assert.equal(kept?.given?.name, 'coverage-7-1')
    const covered = readFileSync(join(copy.folder, kept?.given?.path ?? ''), 'utf8')
    assert.match(covered, /^SF:scripts\/phases\/leak\/theilSen\.ts$/m)
    assert.doesNotMatch(covered, /^SF:tests\//m)
  })

  test('C10 a test that fails fails the job, and the coverage is kept all the same', async context => {
    const copy = copyOfProject(context, {tests: small})
    const failing = "import {test} from 'node:test'\ntest('no', () => {\n  throw new Error('it is wrong')\n})\n"
    writeFileSync(join(copy.folder, 'tests', 'wrong.test.ts'), failing)
    const played = await copy.play('test', {matrix: {node: 'current'}})
    assert.equal(played.status, 'failure', told(played))
    assert.match(told(played), /it is wrong/)
    assert.equal(played.outcome('Keep the coverage'), 'success')
    assert.ok(existsSync(join(copy.folder, '.coverage', 'lcov.info')))
    const older = await copy.play('test', {matrix: {node: '18'}})
    assert.equal(older.status, 'failure', told(older))
  })
})
