import assert from 'node:assert/strict'
import {chmodSync, lchownSync, readdirSync, symlinkSync} from 'node:fs'
import {join} from 'node:path'
import {test} from 'node:test'
import {drillRestore} from '../../../scripts/lib/backup/drillRestore.ts'
import {createShell} from '../../../scripts/lib/target/shell.ts'
import {local} from '../../../scripts/targets/local.ts'
import {digests, liveEnvironment, signal} from './environment.ts'

const shell = createShell({record: () => undefined, signal, secrets: {}})
const how = {target: local, shell, run: 'a-run', now: new Date(), signal}

test('X11 state is backed up and restored beside itself with the same digests, and nothing of that stays', async t => {
  const {instance, state} = liveEnvironment(t, {state: {'memory.jsonl': 'one\n', 'data/two': 'two', empty: ''}})
  symlinkSync('data/two', join(state, 'link'))
  const before = digests(instance.folder)
  const drilled = await drillRestore({...how, instance})
  assert.deepEqual([drilled?.files, drilled?.bytes, drilled?.differing], [3, 'one\n'.length + 'two'.length, []])
  assert.ok((drilled?.backupMs ?? 0) > 0 && (drilled?.restoreMs ?? 0) > 0)
  assert.deepEqual(digests(instance.folder), before)
})

test('X11 only declared state counts, and a fleet without any has nothing to drill', async t => {
  const {instance, state} = liveEnvironment(t, {paths: ['kept'], state: {kept: 'k', cache: 'c'}})
  assert.equal((await drillRestore({...how, instance}))?.files, 1)
  const servers = instance.servers.map(server => ({...server, settings: {...server.settings, state: undefined}}))
  assert.equal(await drillRestore({...how, instance: {...instance, servers}}), undefined)
  assert.deepEqual(readdirSync(state), ['cache', 'kept'])
})

test('X11 state that cannot be read fails the drill and leaves nothing behind', async t => {
  const {instance, state, folder} = liveEnvironment(t, {state: {secret: 's'}})
  chmodSync(join(state, 'secret'), 0)
  const before = readdirSync(instance.folder)
  await notAsRoot(folder, () => assert.rejects(drillRestore({...how, instance}), /EACCES/))
  assert.deepEqual(readdirSync(instance.folder), before)
  chmodSync(join(state, 'secret'), 0o600)
})

const nobody = 65534

/** Root reads everything, so it becomes somebody else meanwhile, to whom the folder belongs. */
async function notAsRoot(folder: string, body: () => Promise<void>): Promise<void> {
  if (process.getuid?.() !== 0) return body()
  for (const name of ['.', ...readdirSync(folder, {encoding: 'utf8', recursive: true})])
    lchownSync(join(folder, name), nobody, nobody)
  process.seteuid?.(nobody)
  try {
    await body()
  } finally {
    process.seteuid?.(0)
  }
}
