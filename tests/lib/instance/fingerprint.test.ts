// X1: whatever changes in a live instance is seen, what does not is not, and looking changes nothing itself.

import assert from 'node:assert/strict'
import {appendFileSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {test} from 'node:test'
import {fingerprintDifferences, fingerprintLive} from '../../../scripts/lib/instance/fingerprint.ts'
import {saveInstance} from '../../../scripts/lib/instance/savedInstance.ts'
import {folderDocuments} from '../../../scripts/lib/records/folderDocuments.ts'
import {folderRecords} from '../../../scripts/lib/records/folderRecords.ts'
import {local} from '../../../scripts/targets/local.ts'
import {eventually, prepared} from '../../targets/localInstance.ts'
import {temporaryFolder} from '../temporaryFolder.ts'

test('each part that changes is named, and nothing else', {timeout: 40_000}, async t => {
  const {instance, shell, start, stop, status} = prepared(t, ['sleep', '60'], {state: {paths: ['.']}})
  const root = dirname(dirname(instance.folder))
  const state = instance.servers[0]?.state ?? ''
  const records = folderRecords(root)
  const documents = folderDocuments(root)
  await saveInstance(documents, instance)
  const routes = local.routes(instance, {version: 1, release: instance.release, hosts: [], origins: [], servers: {}})
  writeFileSync(routes.path, routes.text)
  writeFileSync(join(state, 'a'), 'one')
  await start()
  await eventually(async () => ((await status()).running ? true : undefined), 'it to run')

  const look = () => fingerprintLive(instance, local, shell, records)
  let before = await look()
  assert.deepEqual(fingerprintDifferences(before, await look()), [])
  assert.ok(Object.keys(before).length >= 9, Object.keys(before).join(', '))

  const record = {release: 'r', fleet: 'f', servers: {}, placedAt: 'now', rehearsals: []}
  const changes: [string, () => unknown][] = [
    ['pointer', () => records.setLive({release: 'r', since: 'now', run: 'x'})],
    ['records', () => records.setRelease(record)],
    ['file ingress/routes.json', () => writeFileSync(routes.path, routes.text.replace('1', '2'))],
    ['file ingress/config.json', () => appendFileSync(join(instance.ingress.folder, 'config.json'), ' ')],
    ['file stop.sh', () => appendFileSync(join(instance.folder, 'stop.sh'), '#')],
    ['file instance.json', () => saveInstance(documents, {...instance, release: 'other'})],
    ['state one', () => writeFileSync(join(state, 'a'), 'two')],
    ['state one', () => mkdirSync(join(state, 'deep')) ?? writeFileSync(join(state, 'deep', 'b'), '')],
    ['state one', () => symlinkSync('a', join(state, 'link'))],
    [
      'state one',
      () =>
        mkdirSync(Buffer.from(`${state}/caf\xe9`, 'latin1')) ??
        writeFileSync(Buffer.from(`${state}/caf\xe9/\xff`, 'latin1'), ''),
    ],
    ['state one', () => writeFileSync(Buffer.from(`${state}/caf\xe9/\xff`, 'latin1'), 'other')],
    ['state one', () => rmSync(join(state, 'link')) ?? symlinkSync('deep', join(state, 'link'))],
  ]
  for (const [part, change] of changes) {
    await change()
    const after = await look()
    assert.deepEqual(
      fingerprintDifferences(before, after).map(line => line.split(': ')[0]),
      [part],
    )
    before = after
  }

  await stop()
  await start()
  await eventually(async () => ((await status()).running ? true : undefined), 'it to run again')
  const [difference, ...others] = fingerprintDifferences(before, await look())
  assert.match(difference ?? '', /^process one: \d+@\d+ → \d+@\d+$/)
  assert.deepEqual(others, [])
})

test('where nothing is live, that is the fingerprint', async t => {
  const root = join(temporaryFolder(t), 'root')
  const never = {run: () => assert.fail('nothing is to be looked at')}
  const seen = await fingerprintLive(undefined, local, never, folderRecords(root))
  assert.deepEqual([seen.pointer, seen.instance], ['null', 'none'])
  assert.throws(() => readdirSync(root), /ENOENT/)
})

test('parts that come and go are differences too', () => {
  assert.deepEqual(fingerprintDifferences({a: '1', b: '2'}, {b: '3', c: '4'}), [
    'a: 1 → absent',
    'b: 2 → 3',
    'c: absent → 4',
  ])
})
