// Proves that a folder is made whole or not at all: after a failure, a kill, a race and on a full disk.
import {strict as assert} from 'node:assert'
import {spawnSync} from 'node:child_process'
import {existsSync, mkdirSync, readdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {test} from 'node:test'
import {makeWhole} from '../../../scripts/lib/release/makeWhole.ts'
import {temporaryFolder} from './testFleet.ts'

test('C12 a folder appears with all its files, and what is there is not made again', async t => {
  const folder = join(temporaryFolder(t), 'parent', 'whole')
  const make = async (temporary: string) => {
    writeFileSync(join(temporary, 'one'), '')
    assert.ok(!existsSync(folder))
  }
  assert.equal(await makeWhole(folder, make), 'made')
  assert.deepEqual(readdirSync(folder), ['one'])
  assert.equal(await makeWhole(folder, () => Promise.reject(new Error('should not be called'))), 'there')
})

test('C12 nothing stays of a folder whose making failed', async t => {
  const parent = temporaryFolder(t)
  const failure = new Error('in the middle')
  const making = makeWhole(join(parent, 'half'), async temporary => {
    writeFileSync(join(temporary, 'one'), '')
    throw failure
  })
  await assert.rejects(making, thrown => thrown === failure)
  assert.deepEqual(readdirSync(parent), [])
})

test('C12 two that make the same folder at once both succeed, and one of them stays', async t => {
  const parent = temporaryFolder(t)
  const make = (text: string) => async (temporary: string) => writeFileSync(join(temporary, text), '')
  const folder = join(parent, 'same')
  const done = await Promise.all([makeWhole(folder, make('first')), makeWhole(folder, make('second'))])
  assert.deepEqual(done.toSorted(), ['made', 'there'])
  assert.deepEqual([readdirSync(parent), readdirSync(folder).length], [['same'], 1])
})

test('C12 what a killed run left is removed, what a running one makes is not', async t => {
  const parent = temporaryFolder(t)
  // Above the largest pid that Linux gives.
  mkdirSync(join(parent, '.partial-4194305.77-abcd'))
  // Our own pid with another start: it was taken over from a process that ended.
  mkdirSync(join(parent, `.partial-${process.pid}.1-abcd`))
  await makeWhole(join(parent, 'first'), async () => {
    await makeWhole(join(parent, 'second'), async () => {
      assert.equal(readdirSync(parent).filter(name => name.startsWith('.partial')).length, 2)
    })
  })
  assert.deepEqual(readdirSync(parent).toSorted(), ['first', 'second'])
})

test('C12 a full disk is told with what is left, and the temporary folder is removed', t => {
  const disk = temporaryFolder(t)
  const program = `
    import {readdirSync, writeFileSync} from 'node:fs'
    import {makeWhole} from ${JSON.stringify(join(import.meta.dirname, '../../../scripts/lib/release/makeWhole.ts'))}
    const write = async temporary => writeFileSync(temporary + '/large', Buffer.alloc(2_000_000))
    const thrown = await makeWhole(${JSON.stringify(join(disk, 'large'))}, write).catch(thrown => thrown)
    console.log(JSON.stringify([thrown.name, thrown.message, readdirSync(${JSON.stringify(disk)})]))`
  // A small disk of its own in a mount namespace, which ends with the process.
  const script = 'mount -t tmpfs -o size=1m none "$1" && exec "$2" --input-type=module --eval "$3"'
  const words = ['--user', '--map-root-user', '--mount', 'sh', '-c', script, 'sh', disk, process.execPath, program]
  const {stdout, stderr, status, error} = spawnSync('unshare', words, {encoding: 'utf8', timeout: 10_000})
  if (error !== undefined || (status !== 0 && /unshare|mount/.test(stderr))) {
    t.skip(`no small disk can be mounted here: ${error?.message ?? stderr.trim()}`)
    return
  }
  const [name, message, left] = JSON.parse(stdout || '[]')
  assert.equal(name, 'UserError', stderr)
  assert.match(message, /^large: the disk is full: [01] MB are left for \S+; nothing half-made was kept$/)
  assert.deepEqual(left, [])
})
