// One built tree in the build folder, kept by the digest of what it was made from, so that the same is not built again.
import {chmodSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {makeWhole} from './makeWhole.ts'
import {shortDigest} from './release.ts'
import {treeEntries} from './tree.ts'
import {treeManifest} from './treeManifest.ts'

/** What an artifact would be made from, and how; nothing is done yet. */
export interface ArtifactPlan {
  /** The folder name of a package spec, or the name of a server whose code is a folder. */
  key: string
  origin: string
  version: string
  /** Packages whose install scripts run, as name@version. */
  scripts?: readonly string[]
  /** Digest of all that decides what the tree will be. */
  inputDigest: string
  /** Fills `tree` and gives the bill of materials of what it put there, if it knows one. */
  make(tree: string, signal: AbortSignal): Promise<unknown>
}

export interface Artifact extends Pick<ArtifactPlan, 'key' | 'origin' | 'version' | 'scripts'> {
  tree: string
  digest: string
  /** Path of the tree's manifest. */
  manifest: string
  /** CycloneDX, as npm wrote it; undefined for a folder. */
  sbom: unknown
}

/** Layout: `<artifacts>/<key>-<input digest>/` with `tree/`, `manifest.txt` and `artifact.json`. */
export async function makeArtifact(
  artifacts: string,
  plan: ArtifactPlan,
  signal: AbortSignal,
): Promise<{artifact: Artifact; made: boolean}> {
  const folder = join(artifacts, `${plan.key}-${shortDigest(plan.inputDigest)}`)
  const done = await makeWhole(folder, async temporary => {
    const tree = join(temporary, 'tree')
    const sbom = await plan.make(tree, signal)
    makeReadOnly(tree)
    const {text, digest} = await treeManifest(tree, signal)
    writeFileSync(join(temporary, 'manifest.txt'), text)
    writeFileSync(join(temporary, 'artifact.json'), JSON.stringify({digest, sbom}))
  })
  const {digest, sbom} = JSON.parse(readFileSync(join(folder, 'artifact.json'), 'utf8'))
  const {key, origin, version, scripts} = plan
  const artifact = {
    key,
    origin,
    version,
    scripts,
    digest,
    sbom,
    tree: join(folder, 'tree'),
    manifest: join(folder, 'manifest.txt'),
  }
  return {artifact, made: done === 'made'}
}

// Releases share these files by hard links, so a server that writes into its own code would change them all.
function makeReadOnly(tree: string): void {
  for (const entry of treeEntries(tree)) {
    if (entry.kind === 'file') chmodSync(join(tree, entry.path), entry.executable ? 0o555 : 0o444)
  }
}
