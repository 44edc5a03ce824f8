import assert from 'node:assert/strict'
import {existsSync, mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {test} from 'node:test'
import {removeFolder} from '../../../scripts/lib/tidy/removeFolder.ts'
import {temporaryFolder} from '../temporaryFolder.ts'

test('a folder is removed whatever the bytes of the names in it', t => {
  const folder = join(temporaryFolder(t), 'copy')
  mkdirSync(Buffer.from(`${folder}/caf\xe9`, 'latin1'), {recursive: true})
  writeFileSync(Buffer.from(`${folder}/caf\xe9/\xff`, 'latin1'), 'four')
  assert.deepEqual(removeFolder(folder), {bytes: 4})
  assert.equal(existsSync(folder), false)
})
