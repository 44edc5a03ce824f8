// The actions that our workflows use, each pinned by commit hash, since a tag can be moved to other code.
// A hash is held against its tag by `git ls-remote https://github.com/<name> refs/tags/<version>`.

export interface PinnedAction {
  name: string
  /** The commit that the version's tag names. */
  hash: string
  version: string
}

export const actions = {
  checkout: {name: 'actions/checkout', hash: 'de0fac2e4500dabe0009e67214ff5f5447ce83dd', version: 'v6.0.2'},
  setupNode: {name: 'actions/setup-node', hash: '48b55a011bda9f5d6aeb4c2d9c7362e8dae4041e', version: 'v6.4.0'},
  uploadArtifact: {
    name: 'actions/upload-artifact',
    hash: '043fb46d1a93c77aae656e7c1c64a875d1fc6a0a',
    version: 'v7.0.1',
  },
  attest: {name: 'actions/attest', hash: '1e69f48acb82d1966a394da916b4c1698aa569d6', version: 'v4.2.2'},
} as const satisfies Record<string, PinnedAction>

/** As a step's `uses` wants it; the version goes into a comment behind it. */
export function pinned({name, hash}: PinnedAction): string {
  return `${name}@${hash}`
}
