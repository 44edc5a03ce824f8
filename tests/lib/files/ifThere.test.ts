import assert from 'node:assert/strict'
import {symlinkSync} from 'node:fs'
import {join} from 'node:path'
import {test} from 'node:test'
import {entriesIfThere, lstatIfThere, namesIfThere, readIfThere} from '../../../scripts/lib/files/ifThere.ts'
import {temporaryFolder} from '../temporaryFolder.ts'

test('X14 what is not there is nothing', test => {
  const folder = temporaryFolder(test, {'kept/file': 'text'})
  assert.equal(readIfThere(join(folder, 'absent')), undefined)
  assert.deepEqual(namesIfThere(join(folder, 'absent')), [])
  assert.deepEqual(entriesIfThere(join(folder, 'absent')), [])
  assert.equal(lstatIfThere(join(folder, 'absent')), undefined)
  assert.equal(readIfThere(join(folder, 'kept/file')), 'text')
  assert.deepEqual(namesIfThere(join(folder, 'kept')), ['file'])
  assert.deepEqual(
    entriesIfThere(join(folder, 'kept')).map(({name}) => name),
    ['file'],
  )
  assert.equal(lstatIfThere(join(folder, 'kept/file'))?.isFile(), true)
})

test('X14 what cannot be read is never taken for absent', test => {
  const folder = temporaryFolder(test, {file: 'text'})
  symlinkSync('loop', join(folder, 'loop'))
  assert.throws(() => readIfThere(folder), {code: 'EISDIR'})
  assert.throws(() => readIfThere(join(folder, 'loop')), {code: 'ELOOP'})
  assert.throws(() => namesIfThere(join(folder, 'file')), {code: 'ENOTDIR'})
  assert.throws(() => entriesIfThere(join(folder, 'file')), {code: 'ENOTDIR'})
})
