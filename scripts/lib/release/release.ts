// What a release is: code, configuration, routes, contracts and names of secrets, addressed by one digest.

/** Raised when the meaning of a release file changes. */
export const releaseSchema = 1

export interface ReleasedServer {
  /** `npm` name@version, or the folder beside the fleet file. */
  origin: string
  version: string
  /** SHA-256 over the tree below `servers/<name>/`: paths, modes, link targets and contents. */
  digest: string
  /**
   * How to start it, bridge included. Words may hold {runtime} (the release's own node), {server} (its folder in the
   * release), {host}, {port} and {state}.
   */
  argv: string[]
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
  servers: Record<string, ReleasedServer>
  secretNames: string[]
  /** Tool contracts by server, as last observed on a rehearsal; empty until one was. */
  contracts: Record<string, unknown>
}

/** The first twelve characters: enough for people, and for folder names. */
export function shortDigest(digest: string): string {
  return digest.slice(0, 12)
}
