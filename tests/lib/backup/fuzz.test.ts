// Whatever an archive says: it is refused in plain words or restored, and nothing outside of the root changes. SWEEP=full
// tries 2,000 of each kind; FUZZ_SEED chooses others.
import assert from 'node:assert/strict'
import {execFileSync} from 'node:child_process'
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {type TestContext, test} from 'node:test'
import {restoreBackup} from '../../../scripts/lib/backup/restoreBackup.ts'
import {stageRestore} from '../../../scripts/lib/backup/stageRestore.ts'
import {verifyBackup} from '../../../scripts/lib/backup/verifyBackup.ts'
import {endLeftRestore} from '../../../scripts/lib/cutover/endLeftRestore.ts'
import {explain} from '../../../scripts/lib/errors/explain.ts'
import {UserError} from '../../../scripts/lib/errors/userError.ts'
import {shortDigest} from '../../../scripts/lib/release/release.ts'
import {digests, type LiveEnvironment, liveEnvironmentIn, signal, write} from './environment.ts'
import {type GoodArchive, hostileTexts, mutation, pick, type Random, randomOf} from './mutations.ts'

const count = process.env.SWEEP === 'full' ? 2000 : 300
const seed = Number(process.env.FUZZ_SEED ?? 10)

interface Surroundings {
  live: LiveEnvironment
  file: string
  good: GoodArchive
  /** What lies there, but for the archive itself. */
  seen: () => Record<string, string>
  /** Makes the root what it was before anything was restored. */
  reset: () => void
}

/** In memory where that is possible: a restore puts every file onto the disk, which takes most of its time here. */
function quickFolder(t: TestContext): string {
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'seaworthy-test-'))
  t.after(() => rmSync(folder, {recursive: true, force: true}))
  return folder
}

/** A live environment with neighbours, and a good backup of it with code, taken apart. */
async function surroundings(t: TestContext): Promise<Surroundings> {
  const live = liveEnvironmentIn(quickFolder(t), {
    state: {'memory.jsonl': 'one\n', 'data/deep/file': 'two', 'data/empty': ''},
  })
  symlinkSync('data/deep', join(live.state, 'inside'))
  const made = await live.backUp({withCode: true})
  const apart = join(live.folder, 'apart')
  mkdirSync(apart)
  execFileSync('tar', ['-xzf', made.path, '-C', apart])
  const files = made.manifest.entries.filter(({kind}) => kind === 'file')
  const contents = new Map(files.map(({path}) => [path, readFileSync(join(apart, path))]))
  rmSync(apart, {recursive: true})
  write(live.folder, {'sibling/live.json': 'precious', 'planted/none': '', 'home/.ssh/authorized_keys': 'owner'})
  write(live.state, {'memory.jsonl': 'later', 'data/later': 'later'})
  const pristine = join(live.folder, 'pristine')
  cpSync(live.root, pristine, {recursive: true, verbatimSymlinks: true})
  const file = join(live.folder, 'evil.tar.gz')
  return {
    live,
    file,
    good: {manifest: made.manifest, contents},
    seen: () => Object.fromEntries(Object.entries(digests(live.folder)).filter(([path]) => path !== 'evil.tar.gz')),
    reset: () => {
      for (const path of readdirSync(live.root)) rmSync(join(live.root, path), {recursive: true, force: true})
      cpSync(pristine, live.root, {recursive: true, verbatimSymlinks: true})
    },
  }
}

/** Why it was refused; undefined when it was carried out. Anything but an expected fault would print a stack trace. */
async function refusal(act: () => unknown): Promise<string | undefined> {
  try {
    await act()
    return undefined
  } catch (thrown) {
    assert.doesNotMatch(explain(thrown), /\n\s+at /, 'a stack trace')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not reach a terminal.
    assert.doesNotMatch(explain(thrown), /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/)
    return explain(thrown)
  }
}

function changedPaths(before: Record<string, string>, after: Record<string, string>): string[] {
  return Object.keys({...before, ...after}).filter(path => before[path] !== after[path])
}

test(`B12 ${count} mutations of archives: each is refused without a stack trace or restored, nothing outside changes`, async t => {
  const {live, file, good, seen, reset} = await surroundings(t)
  const before = seen()
  const release = shortDigest(good.manifest.release)
  const own = new RegExp(
    `^root/(live\\.json|records(/.*)?|releases/${release}(/.*)?|instances/live/(instance\\.json|ingress/routes\\.json|state(/memory(/.*)?)?))$`,
    's',
  )
  const tally = {refused: 0, restored: 0}
  for (let number = 0; number < count; number++) {
    const {what, bytes} = mutation(good, randomOf(seed * 1_000_000 + number))
    const hint = `mutation ${number} of seed ${seed}: ${what}`
    writeFileSync(file, bytes)
    try {
      const fault = await refusal(async () => {
        const read = await verifyBackup({file, signal})
        if ('fault' in read) throw new UserError(read.fault)
      })
      const why = await refusal(() => restoreBackup({...live.here, file}))
      const changed = changedPaths(before, seen())
      if (why === undefined) assert.equal(fault, undefined, 'what a restore takes, verify takes')
      assert.deepEqual(why === undefined ? changed.filter(path => !own.test(path)) : changed, [], String(why))
      tally[why === undefined ? 'restored' : 'refused']++
      if (changed.length > 0) reset()
    } catch (thrown) {
      throw new Error(hint, {cause: thrown})
    }
  }
  t.diagnostic(JSON.stringify(tally))
  assert.ok(tally.refused > count / 2 && tally.restored > count / 100, JSON.stringify(tally))
})

/** Puts a link somewhere below the root, in place of what is there: to a neighbour, or to another place inside. */
function plantLink({live}: Surroundings, random: Random): string {
  const names = digests(live.root)
  const at = join(
    live.root,
    pick(
      random,
      Object.keys(names).filter(path => !/^(backups|releases\/\w+\/)/.test(path)),
    ),
  )
  const target = pick(random, [
    join(live.folder, 'sibling'),
    join(live.folder, 'home'),
    live.state,
    '.',
    '..',
    'nowhere',
  ])
  rmSync(at, {recursive: true, force: true})
  symlinkSync(target, at)
  return `${at} → ${target}`
}

test(`X14 ${count / 10} links planted below the root: a good archive changes nothing outside`, async t => {
  const around = await surroundings(t)
  const {live, file, good, reset} = around
  // Not of the root, where a planted link may lead round and round.
  const outside = () => ['sibling', 'home', 'planted', 'backups'].map(name => digests(join(live.folder, name)))
  const before = outside()
  writeFileSync(file, readFileSync(join(live.folder, backupOf(live))))
  assert.ok(good.manifest.entries.length > 0)
  for (let number = 0; number < count / 10; number++) {
    const what = plantLink(around, randomOf(seed * 2_000_000 + number))
    try {
      await refusal(() => restoreBackup({...live.here, file}))
      assert.deepEqual(outside(), before)
    } catch (thrown) {
      throw new Error(what, {cause: thrown})
    }
    reset()
  }
})

test(`X14 ${count} mutations of restore.json: nothing is carried out that a restore of this root would not do`, async t => {
  const {live, file, seen, reset} = await surroundings(t)
  writeFileSync(file, readFileSync(join(live.folder, backupOf(live))))
  rmSync(join(live.root, 'records', `${live.instance.release}.json`))
  const plan = await stageRestore({...live.here, file})
  const path = join(live.root, 'restore.json')
  const text = readFileSync(path, 'utf8')
  rmSync(join(live.root, 'restore.json'))
  const before = seen()
  const outside = (all: Record<string, string>) =>
    Object.entries(all).filter(([path]) => !/^root\/restore(\/|$)/.test(path))
  let refused = 0
  for (let number = 0; number < count; number++) {
    const random = randomOf(seed * 3_000_000 + number)
    const forgedText = forgedPlan(plan, text, random)
    writeFileSync(path, forgedText)
    try {
      const why = await refusal(() => endLeftRestore(live.root))
      rmSync(path, {force: true})
      if (why === undefined) {
        assert.deepEqual(outside(seen()), outside(before))
        reset()
        rmSync(join(live.root, 'records', `${live.instance.release}.json`))
        await stageRestore({...live.here, file})
        rmSync(path)
      } else {
        refused++
        assert.deepEqual(seen(), before)
      }
    } catch (thrown) {
      throw new Error(`mutation ${number} of seed ${seed}: ${forgedText.slice(0, 2000)}`, {cause: thrown})
    }
  }
  t.diagnostic(`${refused} refused`)
  assert.ok(refused > count / 3 && refused < count, `${refused} refused`)
})

function forgedPlan(plan: object, text: string, random: Random): string {
  if (random() < 0.3) {
    const at = Math.floor(random() * text.length)
    return random() < 0.5
      ? text.slice(0, at)
      : `${text.slice(0, at)}${pick(random, ['"', '}', '0', 'x', '/..'])}${text.slice(at)}`
  }
  const forged = structuredClone(plan)
  let holder = forged as Record<string, unknown>
  for (;;) {
    const key = pick(random, Object.keys(holder))
    const inner = holder[key]
    if (typeof inner !== 'object' || inner === null || Object.keys(inner).length === 0 || random() < 0.1) {
      holder[key] = pick<unknown>(
        random,
        random() < 0.7 ? hostileTexts : [null, 1, -1, [], {}, true, [{}], 'state', 'code'],
      )
      return JSON.stringify(forged)
    }
    holder = inner as Record<string, unknown>
  }
}

function backupOf({folder}: LiveEnvironment): string {
  const below = 'backups/harbour/staging'
  const name = readdirSync(join(folder, below)).find(one => lstatSync(join(folder, below, one)).isFile())
  return join(below, name ?? assert.fail('there is no backup'))
}
