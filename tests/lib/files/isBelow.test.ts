import assert from 'node:assert/strict'
import {mkdirSync, symlinkSync} from 'node:fs'
import {join} from 'node:path'
import {test} from 'node:test'
import {isBelow, isSamePlace} from '../../../scripts/lib/files/isBelow.ts'
import {temporaryFolder} from '../temporaryFolder.ts'

test('X14 a path lies below a folder by where links lead, and not by its text', t => {
  const folder = temporaryFolder(t, {'root/file': ''})
  const root = join(folder, 'root')
  mkdirSync(join(folder, 'outside'))
  symlinkSync(join(folder, 'outside'), join(root, 'out'))
  symlinkSync('round', join(root, 'round'))
  symlinkSync(root, join(folder, 'by-link'))
  const below = (path: string) => isBelow(root, path)
  assert.deepEqual(
    ['a/b', 'file', 'out', 'out/a', 'out/a/b', 'round/a', 'file/a', `${'n'.repeat(300)}/a`].filter(path =>
      below(join(root, path)),
    ),
    ['a/b', 'file'],
  )
  assert.deepEqual(
    [root, folder, `${root}-other/a`, join(folder, 'outside'), `${root}/a/../../outside`, 'root/a'].filter(below),
    [],
  )
  // The root may be reached by way of a link, from either side.
  assert.ok(isBelow(join(folder, 'by-link'), join(root, 'a')) && below(join(folder, 'by-link', 'a')))
  assert.ok(isSamePlace(root, join(folder, 'by-link')) && !isSamePlace(root, join(root, 'out')))
})
