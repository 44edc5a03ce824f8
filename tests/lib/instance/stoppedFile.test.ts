// That live was stopped is on record until it is started again, wherever the documents are kept.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {UserError} from '../../../scripts/lib/errors/userError.ts'
import {forgetStopped, readStopped, saveStopped, stoppedBy} from '../../../scripts/lib/instance/stoppedFile.ts'
import {folderDocuments} from '../../../scripts/lib/records/folderDocuments.ts'
import {memoryDocuments} from '../../../scripts/lib/records/memoryDocuments.ts'
import {temporaryFolder} from '../temporaryFolder.ts'

const at = new Date('2026-11-20T10:00:00.000Z')

test('who stopped live and when is on record until it is forgotten', async t => {
  const root = temporaryFolder(t)
  for (const documents of [folderDocuments(root), memoryDocuments({kept: new Map()})]) {
    const folder = `${root}/instances/live`
    assert.equal(await readStopped(documents, folder), undefined)
    await saveStopped(documents, folder, {at, run: 'r'})
    assert.deepEqual(await documents.list('instances/live/'), ['instances/live/stopped.json'])
    const stopped = await readStopped(documents, folder)
    assert.ok(stopped)
    assert.match(stoppedBy(stopped), /^stopped at 2026-11-20T10:00:00\.000Z by \S+@\S+ \(run r\)$/)
    assert.equal(await readStopped(documents, `${root}/instances/rehearsal-1`), undefined)
    await forgetStopped(documents, folder)
    assert.equal(await readStopped(documents, folder), undefined)
  }
})

test('a damaged record of the stop is an error with the command that takes it away', async t => {
  const root = temporaryFolder(t, {'instances/live/stopped.json': '{}'})
  const path = `${root}/instances/live/stopped.json`
  await assert.rejects(
    () => readStopped(folderDocuments(root), `${root}/instances/live`),
    (error: unknown) =>
      error instanceof UserError &&
      error.message.startsWith(`${path}: should be who stopped this environment, but `) &&
      error.remedy === `rm -r ${path}; then pnpm resume starts what does not run`,
  )
})
