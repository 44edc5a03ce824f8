// Compares a release folder, byte by byte, with what its release.json says of it.
import {existsSync, readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {contractPath} from '../contract/contractFile.ts'
import {explain} from '../errors/explain.ts'
import {manifestPath} from './assembleRelease.ts'
import {readRelease} from './readRelease.ts'
import type {Release} from './release.ts'
import {fileDigest} from './runtime.ts'
import {manifestFaults, treeManifest} from './treeManifest.ts'

/** The file in a release's folder that remembers what it looked like when it was last found whole. */
export const seenName = 'seen'

/** Sentences such as `servers/memory/main.mjs changed`; none when every file is what it was when it was built. */
export async function verifyRelease(path: string, signal: AbortSignal): Promise<string[]> {
  let release: Release
  try {
    release = readRelease(path)
  } catch (thrown) {
    return [explain(thrown)]
  }
  const trees = {...prefixed('servers', release.servers), ...prefixed('bridges', release.bridges)}
  const files = {
    'runtime/node': release.runtime.sha256,
    'ingress.mjs': release.ingress.sha256,
    'preload/loopback.mjs': release.preload.sha256,
    'sbom.cdx.json': release.sbom.sha256,
    ...Object.fromEntries(
      Object.entries(release.contracts).map(([name, {sha256}]) => [contractPath('', name), sha256]),
    ),
  }
  const known = [
    ...Object.keys(trees),
    ...Object.keys(trees).map(manifestPath),
    ...Object.keys(files),
    'release.json',
    'rollback',
    'rollback.sh',
    seenName,
  ]
  const faults = extraFaults(path, known)
  for (const [file, sha256] of Object.entries(files)) {
    if (!existsSync(join(path, file))) faults.push(`${file} is missing`)
    else if ((await fileDigest(join(path, file), signal)) !== sha256) faults.push(`${file} changed`)
  }
  for (const [tree, {digest}] of Object.entries(trees)) faults.push(...(await treeFaults(path, tree, digest, signal)))
  return faults
}

async function treeFaults(path: string, tree: string, digest: string, signal: AbortSignal): Promise<string[]> {
  if (!existsSync(join(path, tree))) return [`${tree} is missing`]
  const got = await treeManifest(join(path, tree), signal)
  if (got.digest === digest) return []
  try {
    const faults = manifestFaults(readFileSync(join(path, manifestPath(tree)), 'utf8'), got.text)
    if (faults.length > 0) return faults.map(fault => `${tree}/${fault}`)
  } catch {
    // Without a readable manifest the fault is still known, only not its file.
  }
  return [`${tree} changed`]
}

function extraFaults(path: string, known: readonly string[]): string[] {
  const parts = known.flatMap(one => one.split('/').map((_, index, words) => words.slice(0, index + 1).join('/')))
  const allowed = new Set(parts)
  const folders = ['', ...parts.filter(part => !known.includes(part))]
  return [...new Set(folders)].flatMap(folder => {
    if (!existsSync(join(path, folder))) return []
    const names = readdirSync(join(path, folder)).map(name => (folder === '' ? name : `${folder}/${name}`))
    // A kill in the middle of an atomic write leaves such a file, which nobody reads.
    const left = (name: string) => /\.\d+\.new$/.test(name)
    return names.filter(name => !allowed.has(name) && !left(name)).map(name => `${name} is extra`)
  })
}

function prefixed<Value>(folder: string, values: Record<string, Value>): Record<string, Value> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${folder}/${name}`, value]))
}
