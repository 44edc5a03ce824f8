// Workflows that are not those of the pipelines are refused, and the difference is named.
import assert from 'node:assert/strict'
import {execFileSync, spawnSync} from 'node:child_process'
import {cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {test} from 'node:test'
import {parse} from 'yaml'
import {drift} from '../../../pipelines/workflows/drift.ts'
import {workflowFiles} from '../../../pipelines/workflows/workflowFiles.ts'
import {mark} from '../../../pipelines/workflows/writtenWorkflow.ts'

const project = join(import.meta.dirname, '..', '..', '..')
const folder = join(project, '.github', 'workflows')
const raw = parse(readFileSync(join(project, 'fleet.yaml'), 'utf8'))
const wanted = workflowFiles({fleetPath: 'fleet.yaml', raw})
const there = readdirSync(folder).map(name => ({name, text: readFileSync(join(folder, name), 'utf8')}))

test('X13 the workflows are those of the pipelines: else pnpm workflows', () => {
  assert.deepEqual(drift(wanted, there), [])
  for (const {text} of there) assert.ok(text.startsWith(mark))
})

test('X13 a changed pipeline, a file that is gone and one that is left are named', () => {
  const [first, second, ...rest] = wanted
  assert.ok(first && second)
  const changed = {...second, text: second.text.replace('scripts/20-build.ts', 'scripts/21-build.ts')}
  const left = {name: 'old.yml', text: `${mark}\nname: old\n`}
  const told = drift(wanted, [changed, ...rest, left, {name: 'own.yml', text: 'name: own\n'}])
  assert.equal(told.length, 3)
  assert.equal(told[0], `${first.name} is not there`)
  assert.match(told[1] ?? '', /^staging\.yml:\d+ should be ".*scripts\/20-build\.ts.*", is ".*scripts\/21-build\.ts/)
  assert.equal(told[2], 'old.yml is written no more, and still there')
  const longer = drift(
    wanted,
    wanted.map(file => (file === first ? {...file, text: `${file.text}more\n`} : file)),
  )
  assert.match(longer[0] ?? '', /^ci\.yml:\d+ should be "", is "more"$/)
})

test('X13 a secret of the fleet and somebody to notify change the workflows', () => {
  const {staging} = raw.environments
  const notify = [{channel: 'slack', secret: 'HOOK'}]
  const told = {...raw, environments: {...raw.environments, staging: {...staging, notify}}}
  const texts = workflowFiles({fleetPath: 'fleet.yaml', raw: told})
  const of = (name: string) => texts.find(file => file.name === name)?.text ?? ''
  assert.match(of('staging.yml'), /scripts\/94-notify\.ts/)
  assert.doesNotMatch(of('production.yml'), /scripts\/94-notify\.ts/)
  assert.match(of('staging.yml'), /HOOK: \$\{\{ secrets\.HOOK \}\}/)
  assert.doesNotMatch(wanted.find(({name}) => name === 'staging.yml')?.text ?? '', /94-notify/)
})

test('X13 the command writes them, and --check names what drifted and exits 1', () => {
  const checkout = mkdtempSync(join(tmpdir(), 'workflows-'))
  try {
    cpSync(join(project, 'fleet.yaml'), join(checkout, 'fleet.yaml'))
    const words = [join(project, 'pipelines', 'workflow.ts'), '--fleet', join(checkout, 'fleet.yaml')]
    const check = () => spawnSync(process.execPath, [...words, '--check'], {encoding: 'utf8'})
    const path = join(checkout, '.github', 'workflows', 'watch.yml')

    const missing = check()
    assert.equal(missing.status, 1)
    assert.match(missing.stderr, /^\.github\/workflows\/ci\.yml is not there$/m)
    execFileSync(process.execPath, words)
    assert.equal(readFileSync(path, 'utf8'), there.find(({name}) => name === 'watch.yml')?.text)
    assert.equal(check().status, 0)

    writeFileSync(path, readFileSync(path, 'utf8').replace('timeout-minutes: 20', 'timeout-minutes: 21'))
    writeFileSync(join(checkout, '.github', 'workflows', 'old.yml'), `${mark}\n`)
    const drifted = check()
    assert.equal(drifted.status, 1)
    assert.match(drifted.stderr, /watch\.yml:\d+ should be "timeout-minutes: 20", is "timeout-minutes: 21"/)
    assert.match(drifted.stderr, /old\.yml is written no more, and still there\n→ pnpm workflows/)
    execFileSync(process.execPath, words)
    assert.equal(check().status, 0)
  } finally {
    rmSync(checkout, {recursive: true})
  }
})
