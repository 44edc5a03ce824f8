// A release that was read once and looks the same is whole; whatever looks otherwise is read again.
import assert from 'node:assert/strict'
import {appendFileSync, existsSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {test} from 'node:test'
import {buildRelease} from '../../../scripts/lib/release/buildRelease.ts'
import {placeRelease} from '../../../scripts/lib/release/placeRelease.ts'
import {treeStamp} from '../../../scripts/lib/release/treeStamp.ts'
import {wholeRelease} from '../../../scripts/lib/release/wholeRelease.ts'
import {folderFiles, own, temporaryFolder, testBuild} from './testFleet.ts'

const {signal} = new AbortController()

test('B12 a release is read whole once, and again when something of it looks otherwise', async t => {
  const folder = temporaryFolder(t, folderFiles)
  const built = await buildRelease(testBuild(folder, [own]))
  const {path} = await placeRelease({path: built.path, root: join(folder, 'root'), signal})
  const main = join(path, 'servers', 'own', 'package.json')
  const faults = () => wholeRelease(path, signal)

  assert.deepEqual(await faults(), [])
  assert.ok(existsSync(join(path, 'seen')))
  assert.deepEqual(await faults(), [], 'what remembers the look is no extra file')

  // The proof that the second look reads nothing: a change that keeps size, time and inode is not seen by it.
  const text = readFileSync(main, 'utf8')
  const at = new Date(1_700_000_000_000)
  utimesSync(main, at, at)
  assert.deepEqual(await faults(), [])
  writeFileSync(main, text.replace('{', '['))
  assert.deepEqual(await faults(), ['servers/own/package.json changed'])
  utimesSync(main, at, at)
  assert.deepEqual(await faults(), [])
  writeFileSync(main, text)
  assert.deepEqual(await faults(), [])

  appendFileSync(main, ' ')
  assert.deepEqual(await faults(), ['servers/own/package.json changed'])
  assert.deepEqual(await faults(), ['servers/own/package.json changed'], 'a fault is not remembered as whole')
  writeFileSync(main, text)
  assert.deepEqual(await faults(), [])
  renameSync(main, `${main}.away`)
  assert.deepEqual((await faults()).toSorted(), [
    'servers/own/package.json is missing',
    'servers/own/package.json.away is extra',
  ])
  renameSync(`${main}.away`, main)
  writeFileSync(join(path, 'note.txt'), 'extra')
  assert.deepEqual(await faults(), ['note.txt is extra'])
  rmSync(join(path, 'note.txt'))
  writeFileSync(join(path, 'rollback.sh.4711.new'), 'half of a script, left by a kill')
  assert.deepEqual(await faults(), [])
})

test('a stamp says nothing of a folder beyond what is in it, and nothing of names that are left out', t => {
  const folder = temporaryFolder(t)
  writeFileSync(join(folder, 'one'), '1')
  const before = treeStamp(folder, ['seen'])
  writeFileSync(join(folder, 'seen'), 'x')
  assert.equal(treeStamp(folder, ['seen']), before)
  assert.notEqual(treeStamp(folder), before)
})
