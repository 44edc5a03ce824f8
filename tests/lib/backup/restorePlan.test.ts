// restore.json is carried out only when it says what a restore of this root would do; anything else changes nothing.
import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {existsSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {type TestContext, test} from 'node:test'
import {clearRestore} from '../../../scripts/lib/backup/clearRestore.ts'
import {type RestorePlan, readRestore} from '../../../scripts/lib/backup/restorePlan.ts'
import {stageRestore} from '../../../scripts/lib/backup/stageRestore.ts'
import {endLeftRestore} from '../../../scripts/lib/cutover/endLeftRestore.ts'
import {digests, type LiveEnvironment, liveEnvironment, write} from './environment.ts'

const project = join(import.meta.dirname, '..', '..', '..')

/** A restore that was begun and killed before it moved anything, with something precious beside the root. */
async function begun(t: TestContext) {
  const live = liveEnvironment(t)
  const {path} = await live.backUp()
  write(live.state, {'memory.jsonl': 'later'})
  rmSync(join(live.root, 'records', `${live.instance.release}.json`))
  write(live.folder, {'precious/file': 'precious'})
  const plan = await stageRestore({...live.here, file: path, parts: ['records', 'state']})
  const file = join(live.root, 'restore.json')
  return {live, plan, file, precious: join(live.folder, 'precious')}
}

const [first, second] = [0, 1]

test('X14 a forged or damaged restore.json is an error that names the place, and nothing is moved or removed', async t => {
  const {live, plan, file, precious} = await begun(t)
  assert.deepEqual(
    plan.moves.map(({part}) => part),
    ['state', 'records'],
  )
  const moved = (index: number, more: object) => ({
    ...plan,
    moves: plan.moves.map((move, at) => (at === index ? {...move, ...more} : move)),
  })
  const forgeries: Record<string, [value: unknown, message: RegExp]> = {
    'a folder outside': [{...plan, folder: precious}, /, but folder should be .*restore, got/],
    'another folder inside': [{...plan, folder: join(live.root, 'releases')}, /, but folder should be/],
    'a folder that is relative': [
      {...plan, folder: '../precious'},
      /folder should be an absolute path, got "\.\.\/precious"/,
    ],
    'a target outside': [
      moved(first, {target: precious}),
      /moves\.0\.target ".*precious" is no place of its part state/,
    ],
    'a target that goes up': [
      moved(first, {target: `${live.state}/../../../../../precious`}),
      /moves\.0\.target .* is no place of its part/,
    ],
    'a target of another server': [moved(first, {server: 'other'}), /moves\.0\.target .* is no place of its part/],
    'a server that is a path': [moved(first, {server: '../memory'}), /moves\.0\.server should be lower-case letters/],
    'a record in the place of state': [moved(second, {target: live.state}), /moves\.1\.target .* of its part records/],
    'something staged outside': [moved(second, {staged: precious}), /moves\.1\.staged .*precious" should be/],
    'a previous outside': [moved(first, {previous: precious}), /moves\.0\.previous .*precious" should be/],
    'a part that is none': [moved(first, {part: 'anything'}), /moves\.0\.part should be one of pointer,/],
    'no moves': [{...plan, moves: undefined}, /moves is required/],
    'counts that are text': [
      {...plan, servers: [{server: 'memory', added: 'x', removed: 0, changed: 0}]},
      /added should be/,
    ],
    'an empty object': [{}, /file is required/],
    'a list': [[], /it should be a map/],
    null: [null, /it should be a map/],
  }
  for (const [what, [value, message]] of Object.entries(forgeries)) {
    writeFileSync(file, JSON.stringify(value))
    refused(live, what, message)
  }
  for (const text of ['', '{', 'no JSON', '\0'.repeat(100)]) {
    writeFileSync(file, text)
    refused(live, JSON.stringify(text), /should be the restore under way/)
  }
  rmSync(file)
  mkdirSync(file)
  refused(live, 'a folder in its place', /is a folder/)
  rmSync(file, {recursive: true})
  writeFileSync(file, JSON.stringify(plan))
  assert.deepEqual(readRestore(live.root), JSON.parse(JSON.stringify(plan)) as RestorePlan)
  assert.equal(endLeftRestore(live.root), true)
})

function refused(live: LiveEnvironment, what: string, message: RegExp): void {
  const before = digests(live.folder)
  for (const act of [readRestore, endLeftRestore])
    assert.throws(
      () => act(live.root),
      thrown => {
        assert.ok(thrown instanceof Error && thrown.name === 'UserError', `${what}: ${thrown}`)
        assert.match(thrown.message, message, what)
        assert.match(String((thrown as {remedy?: string}).remedy), /pnpm status works without it; .* then pnpm resume/)
        return true
      },
      what,
    )
  assert.deepEqual(digests(live.folder), before, what)
}

test('X14 what a killed restore had replaced stays where it cannot be set aside', async t => {
  const live = liveEnvironment(t)
  const {path} = await live.backUp()
  const kept = 'restore/previous/instances/live/state/memory/memory.jsonl'
  write(live.root, {[kept]: 'the only copy', 'set-aside': 'a file in the way'})
  await assert.rejects(stageRestore({...live.here, file: path}))
  assert.equal(readFileSync(join(live.root, kept), 'utf8'), 'the only copy')
})

test('X14 what a killed restore had replaced is set aside whatever the bytes of its names are', async t => {
  const live = liveEnvironment(t)
  const latin = (path: string) => Buffer.from(join(live.root, path, 'caf\xe9'), 'latin1')
  const below = 'previous/instances/live/state/memory'
  mkdirSync(latin(`restore/${below}`), {recursive: true})
  writeFileSync(Buffer.concat([latin(`restore/${below}`), Buffer.from('/one.txt')]), 'the only copy')
  clearRestore(live.root)
  const kept = Buffer.concat([latin(`set-aside/restore-left-1/${below.slice(9)}`), Buffer.from('/one.txt')])
  assert.equal(readFileSync(kept, 'utf8'), 'the only copy')
})

test('X14 pnpm resume carries out nothing of a forged restore.json, and goes on once it is moved away', async t => {
  const {live, plan, file, precious} = await begun(t)
  writeFileSync(file, JSON.stringify({...plan, folder: precious}))
  // As if the kill had been after the state was moved: what was replaced is the only copy.
  write(live.root, {'restore/previous/instances/live/state/memory/memory.jsonl': 'the only copy'})
  rmSync(join(live.root, 'instances/live/instance.json'))
  const resume = () => {
    const words = ['scripts/15-resume.ts', '--env', 'staging', '--fleet', join(live.folder, 'fleet.yaml')]
    const {status, stdout, stderr} = spawnSync(process.execPath, words, {
      cwd: project,
      env: {PATH: process.env.PATH, HOME: live.folder},
      encoding: 'utf8',
    })
    return {status, said: stdout + stderr}
  }
  const stopped = resume()
  assert.equal(stopped.status, 2, stopped.said)
  assert.match(stopped.said, /restore\.json: should be the restore under way into .*, but folder should be/)
  assert.match(stopped.said, /→ nothing of it was carried out; pnpm status/)
  assert.doesNotMatch(stopped.said, /^\s+at /m)
  assert.equal(readFileSync(join(precious, 'file'), 'utf8'), 'precious')
  assert.ok(existsSync(join(live.root, 'restore/previous')))

  rmSync(file)
  const resumed = resume()
  assert.equal(resumed.status, 0, resumed.said)
  assert.equal(existsSync(join(live.root, 'restore')), false)
  const kept = join(live.root, 'set-aside/restore-left-1/instances/live/state/memory/memory.jsonl')
  assert.equal(readFileSync(kept, 'utf8'), 'the only copy')
})
