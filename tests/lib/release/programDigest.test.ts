// The digest of this program: every file that decides what a phase sees changes it, and nothing else does.
import assert from 'node:assert/strict'
import {mkdirSync, renameSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {test} from 'node:test'
import {programDigest} from '../../../scripts/lib/release/programDigest.ts'
import {temporaryFolder} from '../temporaryFolder.ts'

test('code, scripts of targets and installed versions change it, a document does not', context => {
  const folder = temporaryFolder(context)
  for (const part of ['scripts/phases', 'templates', 'docs']) mkdirSync(join(folder, part), {recursive: true})
  const write = (path: string, text: string) => writeFileSync(join(folder, path), text)
  write('scripts/phases/truth.ts', 'one')
  write('templates/stop.sh', 'one')
  write('pnpm-lock.yaml', 'one')
  const digests = [programDigest(folder)]
  write('docs/checks.md', 'one')
  assert.equal(programDigest(folder), digests[0])
  for (const path of ['scripts/phases/truth.ts', 'templates/stop.sh', 'pnpm-lock.yaml', 'scripts/new.ts']) {
    write(path, 'two')
    digests.push(programDigest(folder))
  }
  renameSync(join(folder, 'scripts/new.ts'), join(folder, 'scripts/newer.ts'))
  digests.push(programDigest(folder))
  assert.equal(new Set(digests).size, 6, digests.join('\n'))
})

test('it is that of this checkout where none is named', () => {
  assert.match(programDigest(), /^[0-9a-f]{64}$/)
  assert.equal(programDigest(), programDigest(join(import.meta.dirname, '..', '..', '..')))
})
