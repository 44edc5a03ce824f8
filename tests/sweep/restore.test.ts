// Live goes back to a backup by one command: release, configuration and state, with its clients kept waiting and not lost; what
// cannot be restored is refused, and what does not come up is put back.

import assert from 'node:assert/strict'
import {existsSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join, relative} from 'node:path'
import {describe, test} from 'node:test'
import {readIndex} from '../../scripts/lib/backup/backupIndex.ts'
import {entriesOf} from '../../scripts/lib/journal/facts.ts'
import {folderDocuments} from '../../scripts/lib/records/folderDocuments.ts'
import {shortDigest} from '../../scripts/lib/release/release.ts'
import {ask} from './ask.ts'
import {callers} from './callers.ts'
import {inOrder} from './inOrder.ts'
import {editionA, editionB, type LiveRig, makeLiveRig, names, versionsOf} from './liveRig.ts'

describe('B12 X11 pnpm rollback --from-backup', {concurrency: 2}, () => {
  test('release, configuration and state are as in the backup; calls wait and are answered; and there is a way back', async t => {
    const rig = await makeLiveRig(t)
    const a = await rig.putLiveByHand(editionA)
    await keep(rig, 'before')
    const backup = await backUp(rig)
    const b = await rig.putLiveByHand(editionB)
    await keep(rig, 'after')
    const versions = {[a]: versionsOf(editionA), [b]: versionsOf(editionB)}
    const kept = rig.instance()?.servers.find(({name}) => name === names.kept)

    // As on another day: the code of the release is gone, and the fleet file says something else.
    rmSync(placed(rig, a), {recursive: true})
    rmSync(join(rig.folder, '.build'), {recursive: true})
    const calling = callers(rig, t, () => 'the restore', [names.kept, names.beside])
    const late = lateCalls(rig)
    const back = await rig.good('90-rollback', ['--from-backup', 'latest'])
    const {faults} = await calling.end()
    assert.deepEqual([faults, await late.end()], [[], []])
    assert.match(back.stdout, /is not here any more, so it is built again/)
    assert.match(back.stdout, new RegExp(`${shortDigest(a)} is live`))
    assert.equal(await inOrder(rig, versions, 'a restore'), a)
    // What the callers wrote comes after what the backup has, and nothing from between is there.
    const lines = state(rig)
    assert.equal(lines[0], 'before')
    assert.ok(!lines.includes('after'), lines.join())
    assert.deepEqual(
      lines.filter(line => late.answered().includes(line)).length + 1,
      lines.length,
      'a call that was answered after the switch is kept exactly once',
    )
    // Its state is none of the backup, and its copy is what the release asks for.
    assert.equal(rig.instance()?.servers.find(({name}) => name === names.kept)?.copy, kept?.copy)

    const [safety, restored] = [
      (await readIndex(folderDocuments(rig.root))).at(-1),
      entriesOf(rig.journal(), 'backup').at(-1),
    ]
    assert.deepEqual([restored?.event, join(rig.folder, restored?.path ?? '')], ['restored', backup])
    assert.equal(rig.checks().find(({check}) => check === 'restore/state')?.verdict, 'pass')
    assert.ok(safety !== undefined && safety.path !== backup, 'live was backed up before')
    // What was written up to the last moment is there as well.
    const aside = readdirSync(join(rig.root, 'set-aside')).filter(name => name.startsWith('restore-'))
    assert.equal(aside.length, 1)
    const replaced = join(rig.root, 'set-aside', aside[0] ?? '', 'instances/live/state', names.inPlace, 'kept')
    assert.deepEqual(readFileSync(replaced, 'utf8').split('\n').slice(0, 2), ['before', 'after'])

    await rig.good('90-rollback', ['--from-backup', safety.path.split('/').at(-1)?.slice(0, 19) ?? ''])
    assert.equal(await inOrder(rig, versions, 'the way back from a restore'), b)
    assert.deepEqual(state(rig).slice(0, 2), ['before', 'after'])
    assert.equal(existsSync(join(rig.root, 'restore')), false)
    assert.deepEqual(
      readdirSync(join(rig.root, 'set-aside')).filter(name => name.startsWith('restore-')).length,
      1,
      'only the last one is kept',
    )
  })

  test('the same release with other state: only that server changes, in its place; a second time nothing is to be done', async t => {
    const rig = await makeLiveRig(t)
    // Blue-green by declaration; with its state it changes like one that is alone with it.
    const edition = {...editionA, servers: {...editionA.servers, ...statefulBeside}}
    const a = await rig.putLiveByHand(edition)
    writeFileSync(join(besideState(rig), 'notes'), 'before')
    await backUp(rig)
    writeFileSync(join(besideState(rig), 'notes'), 'after')
    writeFileSync(join(besideState(rig), 'later'), 'later')
    const copies = () => Object.fromEntries(rig.instance()?.servers.map(({name, copy}) => [name, copy]) ?? [])
    const before = copies()
    const calling = callers(rig, t)
    await rig.good('90-rollback', ['--from-backup', 'latest'])
    const {faults} = await calling.end()
    assert.deepEqual(faults, [])
    assert.deepEqual(
      readdirSync(besideState(rig)).map(name => readFileSync(join(besideState(rig), name), 'utf8')),
      ['before'],
    )
    const versions = {[a]: versionsOf(edition)}
    assert.equal(await inOrder(rig, versions, 'a restore of state'), a)
    const after = copies()
    assert.notEqual(after[names.beside], before[names.beside])
    assert.equal(after.old, before.old)
    assert.equal(rig.record(a)?.rolledBack, undefined, 'a release is not bad because its state was')

    await backUp(rig)
    const again = await rig.good('90-rollback', ['--from-backup', 'latest', '--without-backup'])
    assert.match(again.stdout, /nothing is to be done/)
    assert.deepEqual(copies(), after)
  })

  test('state alone: the release stays, one server or all; latest typed twice is the same backup', async t => {
    const rig = await makeLiveRig(t)
    const [a, b] = [editionA, editionB].map(edition => ({...edition, servers: {...edition.servers, ...statefulBeside}}))
    if (a === undefined || b === undefined) return
    await rig.putLiveByHand(a)
    const notes = join(besideState(rig), 'notes')
    await keep(rig, 'before')
    writeFileSync(notes, 'before')
    const good = await backUp(rig)
    const live = await rig.putLiveByHand(b)
    const versions = {[live]: versionsOf(b)}
    await keep(rig, 'after')
    writeFileSync(notes, 'after')
    const copies = () => Object.fromEntries(rig.instance()?.servers.map(({name, copy}) => [name, copy]) ?? [])
    const first = copies()

    for (const [flags, message] of [
      [
        ['--from-backup', 'latest', '--server', 'kept'],
        /--server: .* has no state of kept\n→ it has state of beside, keeper;/,
      ],
      [['--state-only'], /--state-only belongs to --from-backup/],
      [['--server', names.beside], /--server belongs to --from-backup/],
    ] as const) {
      const refused = await rig.rollback(flags)
      assert.equal(refused.code, 2, refused.said)
      assert.match(refused.stderr, message)
    }
    assert.deepEqual(copies(), first)

    const one = await rig.good('90-rollback', ['--from-backup', 'latest', '--server', names.beside])
    assert.match(one.stdout, new RegExp(`${shortDigest(live)} is live`))
    assert.equal(readFileSync(notes, 'utf8'), 'before')
    assert.deepEqual(state(rig), ['before', 'after'])
    assert.equal(await inOrder(rig, versions, 'a restore of one server'), live)
    const second = copies()
    assert.deepEqual({...second, [names.beside]: first[names.beside]}, first, 'only the copy of that server changed')
    assert.notEqual(second[names.beside], first[names.beside])
    assert.equal(rig.record(live)?.rolledBack, undefined)

    // The newest backup is of what was just replaced.
    assert.notEqual((await readIndex(folderDocuments(rig.root))).at(-1)?.path, good)
    const all = await rig.good('90-rollback', ['--from-backup', 'latest', '--state-only'])
    assert.ok(all.stdout.includes(relative(rig.folder, good)), all.stdout)
    assert.deepEqual([state(rig), readFileSync(notes, 'utf8')], [['before'], 'before'])
    assert.equal(await inOrder(rig, versions, 'a restore of state'), live)
    assert.equal(copies()[names.beside], second[names.beside])
    const again = await rig.good('90-rollback', ['--from-backup', 'latest', '--state-only'])
    assert.match(again.stdout, /nothing is to be done/)
    assert.ok(again.stdout.includes(relative(rig.folder, good)), again.stdout)
  })

  test('nothing runs, as on a new machine: everything is started from the backup', async t => {
    const rig = await makeLiveRig(t)
    const a = await rig.putLiveByHand(editionA)
    await keep(rig, 'before')
    const file = await backUp(rig)
    await rig.good('97-stop')
    rmSync(rig.root, {recursive: true})
    const back = await rig.good('90-rollback', ['--from-backup', file])
    assert.match(back.stdout, /keeper: 1 files come back/)
    assert.equal(await inOrder(rig, {[a]: versionsOf(editionA)}, 'a restore on a new machine'), a)
    assert.deepEqual(state(rig), ['before'])
  })

  test('a release that does not come up on the state of the backup: everything is put back, exit 1', async t => {
    const rig = await makeLiveRig(t)
    await rig.putLiveByHand(editionA)
    await keep(rig, 'before')
    // The backup holds what A cannot read.
    const refuses = join(rig.state, 'refuses-A')
    const edition = {...editionA, servers: {...editionA.servers, keeper: {...keeperWith(['kept', 'refuses-A'])}}}
    const c = await rig.putLiveByHand(edition)
    writeFileSync(refuses, '')
    await backUp(rig)
    rmSync(refuses)
    await keep(rig, 'after')
    const calling = callers(rig, t)
    const ended = await rig.rollback(['--from-backup', 'latest'])
    assert.equal(ended.code, 1, ended.said)
    assert.match(ended.stdout, /the restore did not succeed: .*\n.*everything is put back/)
    assert.equal(await inOrder(rig, {[c]: versionsOf(edition)}, 'a restore that failed'), c)
    assert.deepEqual(state(rig).slice(0, 2), ['before', 'after'])
    assert.equal(existsSync(refuses), false)
    const {faults, lost} = await calling.end()
    assert.deepEqual([faults, lost], [[], []])
    for (const name of ['restore', 'restore.json']) assert.equal(existsSync(join(rig.root, name)), false, name)
  })

  test('what cannot be restored is refused before anything of live is touched', async t => {
    const rig = await makeLiveRig(t)
    const a = await rig.putLiveByHand(editionA)
    await keep(rig, 'before')
    const file = await backUp(rig)
    await keep(rig, 'after')
    const bytes = readFileSync(file)
    const other = join(rig.folder, 'other.tar.gz')
    const refused = async (flags: readonly string[], message: RegExp) => {
      const seen = () => JSON.stringify([rig.pointer(), rig.routes(), rig.instance(), state(rig)])
      const before = seen()
      const ended = await rig.rollback(flags)
      assert.equal(ended.code, 2, ended.said)
      assert.match(ended.stderr, message)
      assert.match(ended.stderr, /→ /, 'it says what to do')
      assert.equal(seen(), before)
      for (const name of ['transition.json', 'restore.json', 'restore', 'lock.json'])
        assert.equal(existsSync(join(rig.root, name)), false, name)
    }
    await refused(['--from-backup', file, '--to', a], /--to and --from-backup contradict each other/)
    await refused(['--from-backup', join(rig.folder, 'none')], /there should be a backup, there is none/)
    await refused(['--from-backup', '1999'], /1999: is no file and begins the name of no backup/)
    await refused(['--without-backup'], /belongs to --from-backup/)

    writeFileSync(other, bytes.subarray(0, bytes.length - 400))
    await refused(['--from-backup', other], /other\.tar\.gz: .*(ends early|damaged)/)
    const flipped = Buffer.from(bytes)
    flipped.writeUInt8(flipped.readUInt8(bytes.length >> 1) ^ 1, bytes.length >> 1)
    writeFileSync(other, flipped)
    await refused(['--from-backup', other], /other\.tar\.gz: .*(damaged|other contents|manifest)/)
    writeFileSync(other, 'no backup at all')
    await refused(['--from-backup', other], /other\.tar\.gz: .*damaged/)

    const fleet = readFileSync(rig.fleetPath, 'utf8')
    writeFileSync(rig.fleetPath, fleet.replace('"fleet": "rig"', '"fleet": "another"'))
    const elsewhere = await rig.rollback(['--from-backup', file])
    writeFileSync(rig.fleetPath, fleet)
    assert.equal(elsewhere.code, 2, elsewhere.said)
    assert.match(elsewhere.stderr, /should be a backup of another staging, is one of rig staging/)

    // The release is nowhere, and this checkout builds another.
    const b = await rig.putLiveByHand(editionB)
    rmSync(placed(rig, a), {recursive: true})
    rmSync(join(rig.folder, '.build'), {recursive: true})
    writeFileSync(join(rig.folder, 'servers', 'old', 'healthy.mjs'), '// other code\n')
    await refused(['--from-backup', file], /this checkout builds release [0-9a-f]{12}, the backup needs/)
    assert.equal(await inOrder(rig, {[b]: versionsOf(editionB)}, 'refusals'), b)
  })
})

const statefulBeside = {[names.beside]: {state: {paths: ['.']}}}

const keeperWith = (paths: readonly string[]) => ({
  command: ['node', '--import', '{server}/refuse-strangers.mjs', 'keeper.mjs'],
  env: {PORT: '{port}', VERSION: 'A', STATE: '{state}'},
  state: {paths},
  cutover: 'recreate',
})

function besideState(rig: LiveRig): string {
  return join(rig.root, 'instances', 'live', 'state', names.beside)
}

function placed(rig: LiveRig, release: string): string {
  return join(rig.root, 'releases', shortDigest(release))
}

async function keep(rig: LiveRig, mark: string): Promise<void> {
  assert.equal((await ask(rig.through(names.inPlace), `keep:${mark}`)).text, `keep:${mark}`)
}

function state(rig: LiveRig): string[] {
  return readFileSync(join(rig.state, 'kept'), 'utf8').trimEnd().split('\n')
}

async function backUp(rig: LiveRig): Promise<string> {
  await rig.good('50-backup')
  return (await readIndex(folderDocuments(rig.root))).at(-1)?.path ?? assert.fail('no backup was made')
}

/** Calls the server that is alone with its state all the time; faults are calls that were not answered. */
function lateCalls(rig: LiveRig) {
  const [answered, faults]: [string[], string[]] = [[], []]
  let goesOn = true
  const loop = async () => {
    for (let count = 0; goesOn; count += 1) {
      const {text, fault} = await ask(rig.through(names.inPlace), `keep:late-${count}`)
      if (text === `keep:late-${count}`) answered.push(`late-${count}`)
      else faults.push(fault ?? text ?? 'nothing')
      await new Promise(resolve => setTimeout(resolve, 30))
    }
  }
  const ended = loop()
  return {
    answered: () => answered,
    end: async () => {
      goesOn = false
      await ended
      return faults
    },
  }
}
