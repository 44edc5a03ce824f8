// Plans the tree of a server whose code is a folder: built by the folder's own command, or copied.
import {hash} from 'node:crypto'
import {existsSync, mkdirSync, readdirSync, readFileSync, statSync} from 'node:fs'
import {delimiter, dirname, join, resolve} from 'node:path'
import {UserError} from '../errors/userError.ts'
import {readIfThere} from '../files/ifThere.ts'
import {linkEscape} from '../files/linkEscape.ts'
import {linkReader} from '../files/linkReader.ts'
import type {ArtifactPlan} from './artifact.ts'
import {linkTree} from './linkTree.ts'
import {buildDeadlineMs, type RunCommand} from './npm.ts'
import {treeEntries} from './tree.ts'
import {treeManifest} from './treeManifest.ts'

export interface FolderArtifact {
  server: string
  source: {folder: string; build?: string[]}
  /** Folder of the fleet file. */
  fleetFolder: string
  /** Node version and platform, as `v26.10.0 linux-x64`. */
  machine: string
  environment: Readonly<Record<string, string | undefined>>
  run: RunCommand
}

/** Reads the folder, so that its plan has the digest of its files. Throws a `UserError` when there is no such folder. */
export async function folderArtifact(options: FolderArtifact, signal: AbortSignal): Promise<ArtifactPlan> {
  const {server, source, fleetFolder, machine} = options
  const folder = resolve(fleetFolder, source.folder)
  const place = `servers.${server}.source.folder`
  if (!statSync(folder, {throwIfNoEntry: false})?.isDirectory()) {
    throw new UserError(`${place}: ${source.folder} should be a folder beside the fleet file, there is none`)
  }
  refuseOutwardLinks(place, folder)
  const files = await treeManifest(folder, signal, isSource)
  // What a build command takes from node_modules is pinned by the nearest lock, in the folder or above it.
  const pinned = source.build === undefined ? '' : nearestLock(folder)
  const inputs = [files.text, source.build ?? [], pinned, machine]
  const inputDigest = hash('sha256', JSON.stringify(inputs), 'hex')
  return {
    key: server,
    origin: source.folder,
    version: versionOf(folder) ?? `0.0.0+${files.digest.slice(0, 12)}`,
    inputDigest,
    async make(tree, stop) {
      if (source.build === undefined) await linkTree({from: folder, to: tree, signal: stop, keep: isSource, by: 'copy'})
      else await build({...options, folder, command: source.build, tree}, stop)
      return undefined
    },
  }
}

/** What is taken along of a folder: neither what is installed there nor hidden files, which may hold secrets. */
function isSource(name: string): boolean {
  return name !== 'node_modules' && !name.startsWith('.')
}

interface Build extends FolderArtifact {
  folder: string
  command: string[]
  tree: string
}

async function build({server, folder, command, tree, environment, run}: Build, signal: AbortSignal): Promise<void> {
  mkdirSync(tree)
  const place = `servers.${server}.source.build`
  const bins = [join(folder, 'node_modules', '.bin'), ...ownBins(), dirname(process.execPath)]
  const path = [...bins, environment.PATH ?? ''].join(delimiter)
  const why = `build ${server}`
  const outcome = await run(
    {why, argv: command, folder, environment: {...environment, PATH: path, OUTPUT: tree}, deadlineMs: buildDeadlineMs},
    signal,
  )
  if (outcome.ended === 'deadline') {
    throw new UserError(
      `${place}: ${command.join(' ')} should end within ${buildDeadlineMs / 1000} s, the deadline passed`,
    )
  }
  if (outcome.exitCode !== 0) {
    const said = `${outcome.stdout}\n${outcome.stderr}`.trim().split('\n').slice(-20).join('\n')
    throw new UserError(`${place}: ${command.join(' ')} ended with exit code ${outcome.exitCode ?? 'none'}\n${said}`)
  }
  if (readdirSync(tree).length === 0) {
    throw new UserError(
      `${place}: ${command.join(' ')} should write into the folder named by the variable OUTPUT, it wrote nothing there`,
    )
  }
}

// So that a build command may use what this project installs, such as esbuild.
function ownBins(): string[] {
  return [join(import.meta.dirname, '..', '..', '..', 'node_modules', '.bin')].filter(existsSync)
}

function refuseOutwardLinks(place: string, folder: string): void {
  const targetOf = linkReader(folder)
  for (const entry of treeEntries(folder, isSource)) {
    if (entry.kind !== 'link') continue
    const outside = linkEscape({path: entry.path, target: entry.target, targetOf})
    if (outside === undefined) continue
    const way = outside === entry.target ? '' : `, which leads to ${outside}`
    throw new UserError(
      `${place}: ${entry.path} should be a file or a link within the folder, it links to ${entry.target}${way}`,
      'put a copy of the file there',
    )
  }
}

function nearestLock(folder: string): string {
  const found = lockNames.map(name => join(folder, name)).find(existsSync)
  if (found !== undefined) return readFileSync(found, 'utf8')
  const above = dirname(folder)
  return above === folder ? '' : nearestLock(above)
}

const lockNames = ['pnpm-lock.yaml', 'package-lock.json', 'yarn.lock', 'bun.lock', 'uv.lock']

function versionOf(folder: string): string | undefined {
  const text = readIfThere(join(folder, 'package.json'))
  if (text === undefined) return undefined
  try {
    return JSON.parse(text).version
  } catch {
    // What is no JSON is none of ours to refuse: the server may not be a package at all.
    return undefined
  }
}
