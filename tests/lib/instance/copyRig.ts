// A rehearsal of one fixture server in a folder of the test's own, whose extra copies are started for real.
import {cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import type {TestContext} from 'node:test'
import {copyStarter} from '../../../scripts/lib/cutover/startCopy.ts'
import {writeAtomically} from '../../../scripts/lib/files/writeAtomically.ts'
import type {Fleet} from '../../../scripts/lib/fleet/resolveFleet.ts'
import {server as serverSchema} from '../../../scripts/lib/fleet/schema.ts'
import {planInstance} from '../../../scripts/lib/instance/planInstance.ts'
import type {Instance} from '../../../scripts/lib/target/instance.ts'
import {createShell} from '../../../scripts/lib/target/shell.ts'
import {canonicalJson} from '../../../scripts/lib/text/canonicalJson.ts'
import {climbServer} from '../../../scripts/phases/climbServer.ts'
import {local} from '../../../scripts/targets/local.ts'
import {killed, processesWith} from '../../rigProcesses.ts'
import {releaseWith} from '../release/releaseWith.ts'

const fixtures = join(import.meta.dirname, '..', '..', 'fixtures', 'servers')

/** The server is called `one`; `declared` is added to its entry of the fleet file. Whatever is left of it ends with the test. */
export async function copyRig(test: TestContext, fixture: string, declared: Record<string, unknown> = {}) {
  const root = mkdtempSync(join(tmpdir(), 'seaworthy-copy-'))
  const releaseFolder = join(root, 'release')
  mkdirSync(join(releaseFolder, 'runtime'), {recursive: true})
  symlinkSync(process.execPath, join(releaseFolder, 'runtime', 'node'))
  cpSync(fixtures, join(releaseFolder, 'servers', 'one'), {recursive: true})
  const {env, ...rest} = declared as {env?: Record<string, string>}
  const settings = serverSchema.parse({
    source: {folder: 'one'},
    command: ['node'],
    env: {PORT: '{port}', ...env},
    secrets: {API_KEY: {}},
    isolation: {none: 'its code lies in the checkout'},
    probe: {tool: 'add', arguments: {a: 1, b: 2}, expect: {text: '3'}},
    ...rest,
  })
  const fleet = {
    name: 'harbour',
    environment: 'staging',
    target: 'local',
    folder: root,
    root,
    ingress: {port: 8700, hosts: ['localhost'], origins: []},
    servers: [{name: 'one', ...settings}],
  } as unknown as Fleet
  const argv = ['{runtime}', join('{server}', `${fixture}.mjs`)]
  const release = releaseWith({servers: {one: {origin: 'one', version: '1.0.0', digest: 'a'.repeat(64), argv}}})
  writeAtomically(join(releaseFolder, 'release.json'), canonicalJson(release))
  const plan = (name: string): Instance =>
    planInstance({fleet, release, releaseFolder, name, copy: 'a', ports: {ingress: 1, servers: {one: 1}}})
  const instance = plan('rehearsal-20260101-000000-staging-beef')
  for (const folder of local.folders(instance)) mkdirSync(folder, {recursive: true})
  for (const {path, text, mode} of local.files(instance)) writeAtomically(path, text, mode)
  const signal = new AbortController().signal
  const secrets = {API_KEY: 'correct horse'}
  const shell = createShell({record: () => undefined, signal, secrets})
  const starter = (of: Instance) =>
    copyStarter({
      instance: of,
      fleet,
      target: local,
      shell,
      attempt: (server, timeoutMs) => climbServer(server, server.endpoint, {secrets, signal}, undefined, timeoutMs),
    })
  test.after(() => {
    for (const {pid} of processesWith(dirname(instance.folder))) killed(pid)
    rmSync(root, {recursive: true, force: true, maxRetries: 3})
  })
  const live = plan('live')
  return {root, instance, live, shell, secrets, signal, startCopy: starter(instance), liveStarter: starter(live)}
}
