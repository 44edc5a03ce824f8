import assert from 'node:assert/strict'
import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {test} from 'node:test'
import {gzipSync} from 'node:zlib'
import {manifestText} from '../../../scripts/lib/backup/manifestText.ts'
import {readManifest} from '../../../scripts/lib/backup/readManifest.ts'
import {verifyBackup} from '../../../scripts/lib/backup/verifyBackup.ts'
import {temporaryFolder} from '../temporaryFolder.ts'
import {signal} from './environment.ts'
import {tarOf} from './forged.ts'

test('a manifest is collected up to its limits, also where a chunk ends within a character', () => {
  const text = manifestText({bytes: 20, values: 5})
  const bytes = Buffer.from('{"größe": [1,2]}')
  assert.equal(text.add(bytes.subarray(0, 5)), undefined)
  assert.equal(text.add(bytes.subarray(5)), undefined)
  assert.equal(text.end(), '{"größe": [1,2]}')
  assert.match(manifestText({bytes: 20, values: 5}).add(Buffer.alloc(21)) ?? '', /at most 20 bytes/)
  assert.match(manifestText({bytes: 20, values: 5}).add(Buffer.from('[,,,{},')) ?? '', /at most 5 values/)
})

test('B12 a small archive whose manifest would fill the memory is refused before it is parsed', async t => {
  const file = join(temporaryFolder(t), 'bomb.tar.gz')
  writeFileSync(file, gzipSync(tarOf(`{"entries":[${'{},'.repeat(1_100_000)}{}]}`, []), {level: 1}))
  const read = await verifyBackup({file, signal})
  assert.match('fault' in read ? read.fault : 'whole', /manifest\.json should have at most 2000000 values/)
  assert.match(String(readManifest(`{"entries":[${'0,'.repeat(200_000)}0]}`)), /should have at most 200000 entries/)
})
