// Whatever is in a state file, whoever reads it gets a whole value or one clear error, and nothing outside of the root changes.
// FUZZ=full makes 2,000 mutations, and 90 runs of commands.
import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {createHash} from 'node:crypto'
import {existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {test} from 'node:test'
import {readIndex} from '../../../scripts/lib/backup/backupIndex.ts'
import {readRestore} from '../../../scripts/lib/backup/restorePlan.ts'
import {newestVerified} from '../../../scripts/lib/cutover/earlierRelease.ts'
import {readStandby} from '../../../scripts/lib/cutover/standbyFile.ts'
import {readTransition} from '../../../scripts/lib/cutover/transitionFile.ts'
import {wayBack} from '../../../scripts/lib/cutover/wayBack.ts'
import {explain} from '../../../scripts/lib/errors/explain.ts'
import {readInstance} from '../../../scripts/lib/instance/savedInstance.ts'
import {finalState} from '../../../scripts/lib/journal/finalState.ts'
import {readJournal} from '../../../scripts/lib/journal/readJournal.ts'
import {readLock, told} from '../../../scripts/lib/lock/holder.ts'
import {stateOf} from '../../../scripts/lib/lock/holderState.ts'
import {lastToken} from '../../../scripts/lib/lock/token.ts'
import {folderDocuments} from '../../../scripts/lib/records/folderDocuments.ts'
import {folderRecords} from '../../../scripts/lib/records/folderRecords.ts'
import {readRelease} from '../../../scripts/lib/release/readRelease.ts'
import {releaseLines} from '../../../scripts/lib/status/releaseLines.ts'
import {pinsOf} from '../../../scripts/lib/tidy/pins.ts'
import {reportFiles} from '../../../scripts/reporters/index.ts'
import {local} from '../../../scripts/targets/local.ts'
import {killed, processesWith} from '../../rigProcesses.ts'
import {type LiveEnvironment, liveEnvironment} from '../backup/environment.ts'
import {damaged, numbers} from './mutations.ts'

const full = process.env.FUZZ === 'full'
const template = readFileSync(new URL('../../../templates/report.md', import.meta.url), 'utf8')
const checklist = readFileSync(new URL('../../../templates/checklist.md', import.meta.url), 'utf8')
const scripts = join(import.meta.dirname, '..', '..', '..', 'scripts')
const sample = new URL('../../fixtures/journals/', import.meta.url)

/** Each kind of file by its path in the root, with a good text, and all that is done with what is read from it. */
function kinds(live: LiveEnvironment) {
  const {root, instance} = live
  const [records, documents] = [folderRecords(root), folderDocuments(root)]
  const release = instance.release
  const transition = {
    run: 'r',
    purpose: 'deploy',
    from: instance,
    to: instance,
    changes: [{server: 'memory', kind: 'replace', strategy: 'blue-green'}],
    stages: {memory: 'held'},
  }
  const use = (found: typeof instance | undefined) => {
    if (found === undefined) return
    for (const server of found.servers)
      JSON.stringify([local.startServer(found, server.name), local.stopServer(found, server.name)])
    JSON.stringify([local.files(found), local.startIngress(found), local.inspect.command(found)])
  }
  const text = (value: unknown) => JSON.stringify(value)
  const there = (path: string) => readFileSync(join(root, path), 'utf8')
  const journal = readdirSync(sample).filter(name => name.endsWith('.jsonl'))[0] ?? ''
  return [
    ['live.json', there('live.json'), async () => (await records.live())?.release.slice(0, 12)],
    [
      `records/${release}.json`,
      there(`records/${release}.json`),
      async () => {
        const [known, pointer] = [await records.releases(), await records.live()]
        releaseLines({environment: 'staging', records: known, live: pointer, elsewhere: {}, unread: []})
        newestVerified(known)
      },
    ],
    ['instances/live/instance.json', text(instance), async () => use(await readInstance(documents, root, 'live'))],
    [
      'instances/live/standby.json',
      text({instance, until: '2026-11-20T10:00:00.000Z'}),
      async () => use((await readStandby(documents, root))?.instance),
    ],
    [
      'transition.json',
      text(transition),
      async () => {
        const found = await readTransition(documents, root)
        if (found === undefined) return
        const back = await wayBack(found, {run: 'x', records}, undefined)
        for (const side of [back.from, back.to]) use(side)
      },
    ],
    [
      'restore.json',
      text({
        ...{file: '/b.tar.gz', sha256: '0'.repeat(64), bytes: 1, fleet: 'harbour', environment: 'staging', release},
        ...{at: '2026-11-20T10:00:00.000Z', folder: join(root, 'restore'), servers: [], notes: []},
        moves: [{part: 'pointer', target: join(root, 'live.json'), previous: join(root, 'restore/previous/live.json')}],
      }),
      () => readRestore(root),
    ],
    [
      'lock.json',
      text({
        run: 'x',
        purpose: 'deploy',
        user: 'u',
        host: 'h',
        pid: 1,
        pidStart: '1',
        since: 'x',
        token: 5,
        leaseSeconds: 60,
      }),
      () => {
        const lock = readLock(root)
        if (lock !== undefined) assert.doesNotMatch(told(lock) + stateOf(root, lock, new Date()).state, /\p{Cc}/u)
      },
    ],
    ['lock.token', '5\n', () => assert.ok(Number.isSafeInteger(lastToken(root)))],
    [
      'backups.json',
      text([
        {
          path: '/b',
          host: 'h',
          release,
          run: 'r',
          at: '2026-11-20T10:00:00.000Z',
          bytes: 1,
          sha256: '0'.repeat(64),
          withCode: false,
        },
      ]),
      () => readIndex(documents),
    ],
    [
      `releases/${release.slice(0, 12)}/release.json`,
      there(`releases/${release.slice(0, 12)}/release.json`),
      () => readRelease(instance.releaseFolder),
    ],
    [
      'journal.jsonl',
      readFileSync(new URL(journal, sample), 'utf8'),
      () => {
        const entries = readJournal(join(root, 'journal.jsonl'))
        finalState(entries)
        reportFiles(entries, {template, checklist, during: '95-report', fleetFile: 'fleet.yaml', serverLines: {}})
      },
    ],
  ] as const satisfies readonly (readonly [string, string, () => unknown])[]
}

/** A journal is damaged in one of its lines. */
function damagedText(path: string, text: string, random: () => number): string {
  if (!path.endsWith('.jsonl')) return damaged(text, random)
  const lines = text.split('\n')
  const at = Math.floor(random() * (lines.length - 1))
  lines[at] = damaged(lines[at] ?? '{}', random)
  return lines.join('\n')
}

test('X14 a damaged state file is a whole value or one clear error, for each kind of file', async t => {
  const live = liveEnvironment(t)
  const random = numbers(7)
  const all = kinds(live)
  for (const [path, , use] of all) {
    if (existsSync(join(live.root, path))) await use()
  }
  const outcomes = {whole: 0, refused: 0}
  const stacks: string[] = []
  for (let count = 0; count < (full ? 2000 : 400); count += 1) {
    const [path, text, use] = all[count % all.length] ?? assert.fail()
    const file = join(live.root, path)
    const before = existsSync(file) ? readFileSync(file) : undefined
    mkdirSync(dirname(file), {recursive: true})
    const changed = damagedText(path, text, random)
    put(file, changed, random())
    try {
      await use()
      await pinsOf(live.root, {records: folderRecords(live.root), documents: folderDocuments(live.root)})
      outcomes.whole += 1
    } catch (thrown) {
      const said = explain(thrown)
      if (/\n\s+at /.test(said)) stacks.push(`${path}: ${said}\n${changed.slice(0, 300)}`)
      else assert.match(said, /\n→ \S/, said)
      outcomes.refused += 1
    }
    rmSync(file, {recursive: true, force: true})
    if (before !== undefined) writeFileSync(file, before)
  }
  t.diagnostic(JSON.stringify(outcomes))
  assert.deepEqual(stacks, [])
  assert.ok(outcomes.refused > outcomes.whole / 4 && outcomes.whole > 10, JSON.stringify(outcomes))
})

// Also what is no text at all: a folder in its place, a file that cannot be read, a link to nothing.
function put(file: string, text: string, chance: number): void {
  rmSync(file, {recursive: true, force: true})
  if (chance < 0.03) mkdirSync(file)
  else if (chance < 0.06) symlinkSync('/proc/self/mem', file)
  else if (chance < 0.09) symlinkSync('no-such-file', file)
  else writeFileSync(file, text)
}

const common = ['03-status', '97-stop', '50-backup', '07-releases', '04-logs', '95-report']
// They may start what is described, which takes its time to come to nothing.
const slow = ['15-resume', '90-rollback', '40-plan']

test('X14 a command that meets a damaged state file ends with an error of its own, and changes nothing outside of the root', t => {
  const live = liveEnvironment(t)
  const {folder, root} = live
  t.after(() => {
    for (const {pid} of processesWith(folder)) killed(pid)
  })
  mkdirSync(join(folder, 'beside'))
  writeFileSync(join(folder, 'beside', 'precious'), 'precious')
  const random = numbers(11)
  const all = kinds(live).filter(([path]) => path !== 'journal.jsonl')
  const programs = full ? [...common, ...slow] : common
  const outside = () => digestOf(['fleet.yaml', 'locks', 'beside'].map(name => join(folder, name)))
  const before = outside()
  const codes: Record<string, number> = {}
  for (let count = 0; count < (full ? 90 : 6); count += 1) {
    const [path, text] = all[Math.floor(random() * all.length)] ?? assert.fail()
    const program = programs[count % programs.length] ?? assert.fail()
    const file = join(root, path)
    const whole = existsSync(file) ? readFileSync(file) : undefined
    mkdirSync(dirname(file), {recursive: true})
    put(file, damagedText(path, text, random), random())
    const words = [join(scripts, `${program}.ts`), '--env', 'staging', '--fleet', join(folder, 'fleet.yaml')]
    const {status, signal, stdout, stderr} = spawnSync(
      process.execPath,
      [...words, ...(program === '04-logs' ? ['memory'] : [])],
      {
        cwd: folder,
        env: {PATH: process.env.PATH, HOME: folder, API_KEY: 'correct horse'},
        encoding: 'utf8',
        timeout: 180_000,
      },
    )
    const said = `${stdout}\n${stderr}`
    const place = `${count}: ${program} with ${path}`
    assert.equal(signal, null, `${place} did not end: ${said}`)
    assert.ok(status !== null && status <= 3, `${place}: ${status}`)
    assert.doesNotMatch(said, /\n\s+at .*(\.ts|node:)|TypeError|RangeError|TimeoutNaN/, `${place}: ${said}`)
    codes[status] = (codes[status] ?? 0) + 1
    rmSync(file, {recursive: true, force: true})
    if (whole !== undefined) writeFileSync(file, whole)
    for (const left of ['lock.json', 'transition.json', 'restore.json'])
      rmSync(join(root, left), {recursive: true, force: true})
  }
  assert.equal(outside(), before)
  t.diagnostic(JSON.stringify(codes))
})

function digestOf(paths: readonly string[]): string {
  const hash = createHash('sha256')
  const walk = (path: string) => {
    const found = lstatSync(path)
    if (found.isDirectory()) for (const name of readdirSync(path).sort()) walk(join(path, name))
    else if (found.isFile()) hash.update(`${path}\0${readFileSync(path)}`)
  }
  for (const path of paths) walk(path)
  return hash.digest('hex')
}
