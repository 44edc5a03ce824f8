// Preflight says where servers are not isolated: never as a failure, and never silently.
import assert from 'node:assert/strict'
import {readdirSync} from 'node:fs'
import {join} from 'node:path'
import {test} from 'node:test'
import {isolation} from '../../../scripts/lib/fleet/isolation.ts'
import {checkIsolation} from '../../../scripts/lib/instance/checkIsolation.ts'
import {createShell} from '../../../scripts/lib/target/shell.ts'
import {local} from '../../../scripts/targets/local.ts'
import {temporaryFolder} from '../temporaryFolder.ts'

const servers = [{name: 'one', isolation: isolation.parse({})}]
const fleet = {root: '/nowhere', servers}
const printing = (text: string) => ({run: async () => text})

test('X1 a machine that cannot isolate servers is named as not proved', async () => {
  const check = await checkIsolation(local, fleet, printing('unshare: Operation not permitted\n'))
  assert.deepEqual(
    [check.verdict, check.detail],
    ['skip', 'servers are not isolated on this machine: unshare: Operation not permitted'],
  )
  assert.equal((await checkIsolation({name: 'toy'}, fleet, printing(''))).verdict, 'skip')
})

test('X1 a server that the fleet file leaves out is named with its reason', async () => {
  const open = {name: 'two', isolation: isolation.parse({none: 'It controls the engine'})}
  const check = await checkIsolation(local, {...fleet, servers: [...servers, open]}, printing(''))
  assert.deepEqual(
    [check.verdict, check.detail],
    ['skip', 'by the fleet file these servers are not isolated: two (It controls the engine)'],
  )
  assert.equal((await checkIsolation(local, fleet, printing(''))).verdict, 'pass')
})

test('the machine is asked by a program that is started as a server would be, in its root, and leaves nothing there', async t => {
  const root = join(temporaryFolder(t), 'root')
  const shell = createShell({record: () => undefined, signal: new AbortController().signal, secrets: {}})
  const check = await checkIsolation(local, {root, servers}, shell)
  assert.ok(check.verdict === 'pass' || /not isolated on this machine: \S/.test(check.detail), check.detail)
  assert.deepEqual(readdirSync(root), [])
})
