// Copies that go on standby at the same time are all on record, whatever the order in which their writes end.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {addStandby, forgetStandby, readStandby} from '../../../scripts/lib/cutover/standbyFile.ts'
import {saveInstance} from '../../../scripts/lib/instance/savedInstance.ts'
import {folderDocuments} from '../../../scripts/lib/records/folderDocuments.ts'
import type {Instance} from '../../../scripts/lib/target/instance.ts'
import {instanceIn} from '../../targets/localInstance.ts'
import {temporaryFolder} from '../temporaryFolder.ts'

const names = ['a', 'b', 'c', 'd']

test('copies that go on standby at the same time are all kept, and those of another release are not', async t => {
  const root = temporaryFolder(t)
  const documents = folderDocuments(root)
  const from = withServers(instanceIn(root, ['sleep', '60']), names)
  const until = '2026-11-20T10:00:00.000Z'
  await Promise.all(from.servers.map(server => addStandby({root, documents}, {from, server, until})))
  const kept = await readStandby(documents, root)
  assert.deepEqual(kept?.instance.servers.map(({name}) => name).sort(), names)

  const [one] = from.servers
  assert.ok(one)
  await addStandby({root, documents}, {from: {...from, release: 'f'.repeat(64)}, server: one, until})
  assert.deepEqual(
    (await readStandby(documents, root))?.instance.servers.map(({name}) => name),
    [one.name],
  )
  // What is live by now is not on standby.
  await saveInstance(documents, withServers(from, [one.name]))
  assert.deepEqual((await readStandby(documents, root))?.instance.servers, [])
  await forgetStandby(documents)
  assert.equal(await readStandby(documents, root), undefined)
})

function withServers(instance: Instance, names: readonly string[]): Instance {
  const [server] = instance.servers
  assert.ok(server)
  const folder = (name: string) => server.folder.replace(/[^/]+$/, `${name}.x`)
  return {...instance, servers: names.map(name => ({...server, name, folder: folder(name)}))}
}
