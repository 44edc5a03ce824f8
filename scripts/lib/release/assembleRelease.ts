// Puts the parts of a release into its folder, by hard links where the file system allows.
import {mkdirSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import type {Artifact} from './artifact.ts'
import {linkOrCopy, linkTree} from './linkTree.ts'
import {makeWhole} from './makeWhole.ts'
import {type Release, shortDigest} from './release.ts'

export interface AssembleRelease {
  release: Release
  servers: Record<string, {artifact: Artifact; bridge?: Artifact}>
  /** Texts by path in the release. */
  texts: Record<string, string>
  /** Folder that holds all releases. */
  releases: string
  signal: AbortSignal
}

/** Gives the path of the release's folder, which is there already when the same was assembled before. */
export async function assembleRelease(options: AssembleRelease): Promise<string> {
  const {release, servers, texts, releases, signal} = options
  const path = join(releases, shortDigest(release.digest))
  const bridges = Object.values(servers).flatMap(({bridge}) => bridge ?? [])
  const trees = new Map([
    ...Object.entries(servers).map(([name, {artifact}]) => [`servers/${name}`, artifact] as const),
    ...bridges.map(bridge => [`bridges/${bridge.key}`, bridge] as const),
  ])
  await makeWhole(path, async temporary => {
    for (const [place, artifact] of trees) {
      const manifest = join(temporary, manifestPath(place))
      mkdirSync(dirname(manifest), {recursive: true})
      linkOrCopy(artifact.manifest, manifest)
      await linkTree({from: artifact.tree, to: join(temporary, place), signal})
    }
    mkdirSync(join(temporary, 'runtime'))
    linkOrCopy(process.execPath, join(temporary, 'runtime', 'node'))
    for (const [file, text] of Object.entries({...texts, 'release.json': `${JSON.stringify(release, null, 2)}\n`})) {
      mkdirSync(dirname(join(temporary, file)), {recursive: true})
      writeFileSync(join(temporary, file), text)
    }
  })
  return path
}

/** Where a release keeps the manifest of one of its trees, such as `servers/memory`. */
export function manifestPath(tree: string): string {
  return `manifests/${tree}.txt`
}
