// What a release is: code, configuration, routes, contracts and names of secrets, addressed by one digest.
import {createHash} from 'node:crypto'
import {canonicalJson} from '../text/canonicalJson.ts'

/** Raised when the meaning of a release file changes. */
export const releaseSchema = 1

/** A folder of the release and where it came from. */
export interface ReleasedTree {
  /** `npm` name@version, or the folder beside the fleet file. */
  origin: string
  version: string
  /** SHA-256 of the tree's manifest: paths, executable bits, link targets and contents. */
  digest: string
  /** Packages in it whose install scripts were run, as name@version; absent where none was. */
  scripts?: readonly string[]
}

/** The tree is `servers/<name>/`. */
export interface ReleasedServer extends ReleasedTree {
  /**
   * How to start it, bridge included. Words may hold {runtime} (the release's own node), {release} (the release's
   * folder), {server} (the server's folder in it), {host}, {port} and {state}; `fillArgv` fills them.
   */
  argv: string[]
}

/** `sha256` is that of the file, `digest` that of the contract in it. */
export interface ReleasedContract {
  sha256: string
  digest: string
}

export interface Release {
  schema: typeof releaseSchema
  /** SHA-256 of the canonical JSON of everything else in this object. */
  digest: string
  fleet: string
  /** The fleet file before variables were filled in. */
  raw: unknown
  runtime: {node: string; platform: string; sha256: string}
  ingress: {sha256: string}
  preload: {sha256: string}
  sbom: {sha256: string}
  /** By key, such as mcp-proxy@6.7.19; the tree is `bridges/<key>/` and is shared by the servers that use it. */
  bridges: Record<string, ReleasedTree>
  servers: Record<string, ReleasedServer>
  secretNames: string[]
  /** By server, those that are committed beside the fleet file; each is `contracts/<name>.json`. */
  contracts: Record<string, ReleasedContract>
}

/** The first twelve characters: enough for people, and for folder names. */
export function shortDigest(digest: string): string {
  return digest.slice(0, 12)
}

/** The digest that a release with this content has. */
export function releaseDigest({digest: _, ...content}: Omit<Release, 'digest'> & {digest?: string}): string {
  return createHash('sha256').update(canonicalJson(content)).digest('hex')
}
