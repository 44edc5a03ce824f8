import assert from 'node:assert/strict'
import {appendFileSync, mkdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {test} from 'node:test'
import {prepareInstance} from '../../../scripts/lib/cutover/prepareInstance.ts'
import {unguarded} from '../../../scripts/lib/files/changes.ts'
import {serverOf} from '../../../scripts/lib/target/instance.ts'
import {local} from '../../../scripts/targets/local.ts'
import {copyRig} from '../instance/copyRig.ts'

test('X1 a rehearsal that writes through a link of its state does not write into live', async t => {
  const {instance, live, root, shell, signal} = await copyRig(t, 'healthy', {state: {paths: ['.']}})
  const [{state}, rehearsed] = [serverOf(live, 'one'), serverOf(instance, 'one')]
  mkdirSync(state, {recursive: true})
  writeFileSync(join(state, 'ledger-1.txt'), 'first line\n')
  symlinkSync('ledger-1.txt', join(state, 'current'))
  const common = {target: local, fleetFolder: root, shell, signal, changes: unguarded}
  await prepareInstance({...common, instance, stateOf: live})
  appendFileSync(join(rehearsed.state, 'current'), 'WRITTEN BY A REHEARSAL\n')
  assert.equal(readFileSync(join(state, 'ledger-1.txt'), 'utf8'), 'first line\n')
  assert.equal(readFileSync(join(rehearsed.state, 'ledger-1.txt'), 'utf8'), 'first line\nWRITTEN BY A REHEARSAL\n')
})

test('a seed is copied with its links, from a folder that may be linked, and one that does not exist is refused', async t => {
  const {instance, root, shell, signal} = await copyRig(t, 'healthy', {state: {paths: ['.'], seed: 'seed'}})
  const common = {target: local, fleetFolder: root, shell, signal, changes: unguarded, instance, stateOf: undefined}
  await assert.rejects(
    prepareInstance(common),
    /servers\.one\.state\.seed: .*seed should be a folder, it does not exist/,
  )
  mkdirSync(join(root, 'seeds'))
  writeFileSync(join(root, 'seeds', 'first.txt'), 'first')
  symlinkSync('first.txt', join(root, 'seeds', 'current'))
  symlinkSync('seeds', join(root, 'seed'))
  await prepareInstance(common)
  assert.equal(readlinkSync(join(serverOf(instance, 'one').state, 'current')), 'first.txt')
  assert.equal(readFileSync(join(serverOf(instance, 'one').state, 'current'), 'utf8'), 'first')
})
