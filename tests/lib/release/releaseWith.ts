// A release as data, for tests that need one that is read back but not built.
import {type Release, releaseDigest, releaseSchema} from '../../../scripts/lib/release/release.ts'

/** Its digest fits its content. */
export function releaseWith(more: Partial<Omit<Release, 'digest'>> = {}): Release {
  const part = {sha256: 'f'.repeat(64)}
  const content: Omit<Release, 'digest'> = {
    schema: releaseSchema,
    fleet: 'harbour',
    raw: {},
    runtime: {node: process.version, platform: `${process.platform}-${process.arch}`, ...part},
    ingress: part,
    preload: part,
    sbom: part,
    bridges: {},
    servers: {},
    secretNames: [],
    contracts: {},
    ...more,
  }
  return {...content, digest: releaseDigest(content)}
}
