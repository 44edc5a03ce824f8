// The words that start a server: its command with every file found in its release, and the placeholders filled at start.
import {readFileSync, statSync} from 'node:fs'
import {extname, join} from 'node:path'
import {UserError} from '../errors/userError.ts'
import type {FleetServer} from '../fleet/resolveFleet.ts'
import {nearest} from '../text/nearest.ts'
import {packageSpec} from './packageSpec.ts'

/** Where the trees are now, so that files can be looked for. */
export interface BuiltTrees {
  server: string
  bridge?: string
}

type Launched = Pick<FleetServer, 'name' | 'source' | 'bridge' | 'command' | 'confineToLoopback'>

/** Words with the placeholders of `ReleasedServer.argv`. Throws a `UserError` when the first word is found nowhere. */
export function serverArgv(server: Launched, trees: BuiltTrees): string[] {
  const own = {place: `servers.${server.name}.command`, words: server.command, tree: trees.server, at: '{server}'}
  const words = located(server.source.npm === undefined ? own : {...own, npm: server.source.npm})
  const all = server.bridge === undefined ? words : bridged(server, server.bridge, words, trees.bridge ?? '')
  return server.confineToLoopback ? all.flatMap(word => (word === '{runtime}' ? [word, ...confined] : [word])) : all
}

// Not --import: that takes a URL, and a path may hold characters that mean something else there.
const confined = ['--require', '{release}/preload/loopback.mjs']

function bridged(server: Launched, bridge: FleetServer['bridge'] & {}, words: string[], tree: string): string[] {
  const {key} = packageSpec(bridge.npm, '')
  const place = `servers.${server.name}.bridge.command`
  const argv = located({place, words: bridge.command, tree, at: `{release}/bridges/${key}`, npm: bridge.npm})
  return argv.flatMap(word => (word === '{command}' ? words : [word]))
}

interface Command {
  place: string
  words: string[]
  /** The tree now, and its placeholder later. */
  tree: string
  at: string
  npm?: string
}

function located(command: Command): string[] {
  const {words, tree, at, npm} = command
  const [first = '', ...rest] = words
  if (first === 'node') return ['{runtime}', ...withScript(rest, tree, at)]
  // A word that says where it is, in the release or on the host, is taken as it stands.
  if (first.startsWith('{') || first.startsWith('/')) return words
  const file = npm === undefined ? fileOfFolder(command, first) : binOfPackage(command, npm, first)
  return isForNode(join(tree, file)) ? ['{runtime}', `${at}/${file}`, ...rest] : [`${at}/${file}`, ...rest]
}

// `node server.mjs`: the script is a file of the tree, since a server does not run in the folder of its code.
function withScript(words: string[], tree: string, at: string): string[] {
  const index = words.findIndex(word => !word.startsWith('-') && isFile(join(tree, word)))
  return index < 0 ? words : words.with(index, `${at}/${words[index]}`)
}

function fileOfFolder({place, tree}: Command, first: string): string {
  const file = first.replace(/^\.\//, '')
  if (isFile(join(tree, file))) return file
  throw new UserError(
    `${place}: should begin with a file of the built folder or with node, got ${first}, which is not there`,
    'write the path of a file that the build makes, such as main.mjs',
  )
}

function binOfPackage({place, tree}: Command, npm: string, first: string): string {
  const {name} = packageSpec(npm, '')
  const folder = `node_modules/${name}`
  const {bin = {}} = JSON.parse(readFileSync(join(tree, folder, 'package.json'), 'utf8'))
  // A package with one bin may give it as a string; its name is then the package's, without the scope.
  const bins: Record<string, string> = typeof bin === 'string' ? {[name.replace(/^@.*\//, '')]: bin} : bin
  const file = bins[first]
  if (file !== undefined) return `${folder}/${file.replace(/^\.\//, '')}`
  const known = Object.keys(bins)
  throw new UserError(
    `${place}: should begin with a bin of ${npm}, got ${first}`,
    `${nearest(first, known)}known: ${known.join(', ') || 'none: write node {server}/node_modules/…'}`,
  )
}

function isForNode(path: string): boolean {
  if (['.js', '.mjs', '.cjs', '.ts', '.mts'].includes(extname(path))) return true
  return /^#!.*\bnode\b/.test(readFileSync(path, 'utf8').slice(0, 200))
}

function isFile(path: string): boolean {
  return statSync(path, {throwIfNoEntry: false})?.isFile() ?? false
}

export interface StartPlace {
  /** Absolute path of the release in its environment. */
  release: string
  server: string
  host: string
  port: number
  /** Absolute path of the server's state folder. */
  state: string
}

/** Fills the placeholders of a released server's words. */
export function fillArgv(argv: readonly string[], {release, server, host, port, state}: StartPlace): string[] {
  const values: Record<string, string> = {
    runtime: `${release}/runtime/node`,
    release,
    server: `${release}/servers/${server}`,
    host,
    port: String(port),
    state,
  }
  return argv.map(word => word.replaceAll(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole))
}
