// Renders the emergency rollback of the local target: another rendering of the same commands, for a machine without Node.
import {createHash} from 'node:crypto'
import {basename, dirname, join} from 'node:path'
import {instanceText, openInstance, portToken} from '../../lib/cutover/rollbackScriptInstance.ts'
import {quoted} from '../../lib/cutover/rollbackScriptQuote.ts'
import {namesPart, routeParts} from '../../lib/cutover/rollbackScriptRoute.ts'
import {startScript} from '../../lib/cutover/rollbackScriptStart.ts'
import type {Release} from '../../lib/release/release.ts'
import type {Command} from '../../lib/target/command.ts'
import type {Instance, InstanceServer} from '../../lib/target/instance.ts'
import type {RenderedFile, Target} from '../../lib/target/target.ts'
import {script} from './scripts.ts'

// In the order in which they are read aloud: later ones use earlier ones.
const parts = [
  'words',
  'processes',
  'sessions',
  'ports',
  'asking',
  'known',
  'releases',
  'lock',
  'secrets',
  'marks',
  'files',
  'ingress',
  'routes',
  'copies',
  'look',
]

/** The script as templates have it: one file, since at night one file is enough to look after. */
export function wholeScript(): string {
  return withParts('rollback.sh', parts)
}

/** The script at a fixed place of an environment, which chooses among those beside the releases. It depends on nothing. */
export function environmentScript(): string {
  return withParts('rollback-environment.sh', ['words', 'processes', 'releases', 'choose'])
}

/** A script that lies beside a release already, as it is now: only the folder of its data is its own. */
export function renewedScript(text: string): string | undefined {
  const [, name] = /^data=\$here\/rollback\/([0-9a-f]{12})$/m.exec(text) ?? []
  return name === undefined ? undefined : withData(name)
}

function withData(name: string): string {
  return wholeScript().replace('@data@', name)
}

function withParts(name: string, included: readonly string[]): string {
  return script(name).replace('# @parts@\n', () => included.map(part => script(`rollback/${part}.sh`)).join('\n'))
}

type Commands = Pick<Target, 'files' | 'startIngress' | 'startServer'>

/**
 * `rollback.sh` beside the release, last, and what it works from in `rollback/<digest of that>/`. A pure function of the
 * live instance that the release became; no file holds the value of a secret.
 */
export function rollbackScript(instance: Instance, release: Release, target: Commands): RenderedFile[] {
  const open = openInstance(instance, release)
  const data: Record<string, string> = {
    'about.sh': assignments(aboutInstance(open, target)),
    'instance.json': instanceText(open),
    names: namesPart(instance),
    'ingress/start.sh': startScript(target.startIngress(open), portToken('ingress')),
    ...Object.fromEntries(target.files(open).map(({path, text}) => [`files/${basename(path)}`, text])),
  }
  for (const server of open.servers) {
    const command = target.startServer(open, server.name)
    const {head, tail, hold} = routeParts(instance, server.name)
    Object.assign(data, {
      [`servers/${server.name}/about.sh`]: assignments(aboutServer(server, command)),
      [`servers/${server.name}/start.sh`]: startScript(command, portToken(server.name)),
      [`servers/${server.name}/route.head`]: head,
      [`servers/${server.name}/route.tail`]: tail,
      [`servers/${server.name}/hold`]: hold,
    })
  }
  const name = createHash('sha256').update(JSON.stringify(data)).digest('hex').slice(0, 12)
  const folder = join(instance.releaseFolder, 'rollback', name)
  const files = Object.entries(data).map(([path, text]) => ({
    path: join(folder, path),
    text,
    mode: path.endsWith('.sh') ? 0o700 : 0o600,
  }))
  return [...files, {path: join(instance.releaseFolder, 'rollback.sh'), text: withData(name), mode: 0o700}]
}

function aboutInstance(instance: Instance, target: Commands): Record<string, string> {
  const {ingress} = instance
  const {protocol, host} = new URL(ingress.url)
  return {
    root: dirname(dirname(instance.folder)),
    instance: instance.folder,
    ingress: ingress.folder,
    release: instance.release,
    release_folder: instance.releaseFolder,
    ingress_port: String(ingress.port),
    ingress_address: `${protocol}//${ingress.host}:${ingress.port}`,
    ingress_host: host,
    url: ingress.url,
    batches: instance.batches.map(names => names.join(' ')).join('\n'),
    ...secretNames('ingress_', target.startIngress(instance)),
  }
}

function aboutServer(server: InstanceServer, command: Command): Record<string, string> {
  const {limits, cutover, health, endpoint} = server.settings
  return {
    copy: server.copy,
    folder: server.folder,
    state: server.state,
    port: String(server.port),
    program: server.argv[0] ?? '',
    cutover,
    endpoint,
    health: health ?? '',
    startup_seconds: String(Math.ceil(limits.startupSeconds)),
    stop_seconds: String(Math.ceil(limits.stopSeconds)),
    ...secretNames('', command),
  }
}

function secretNames(prefix: string, {background}: Command): Record<string, string> {
  const all = [...new Set(background?.secrets)]
  const optional = all.filter(name => background?.optionalSecrets?.includes(name))
  const required = all.filter(name => !optional.includes(name))
  return {[`${prefix}required`]: required.join(' '), [`${prefix}optional`]: optional.join(' ')}
}

function assignments(values: Record<string, string>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${quoted(value)}\n`)
    .join('')
}
