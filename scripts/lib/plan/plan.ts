// The difference between a release and what is live, as data with a hash: what deploy applies, never a wish.
import {createHash} from 'node:crypto'
import {isDeepStrictEqual} from 'node:util'
import {type ContractDifference, contractDifferences} from '../contract/contractDifferences.ts'
import {countText} from '../contract/differenceLines.ts'
import type {Recorded} from '../records/recordedContract.ts'
import type {LivePointer} from '../records/records.ts'
import {type Release, shortDigest} from '../release/release.ts'
import {canonicalJson} from '../text/canonicalJson.ts'

export interface Change {
  server: string
  change: 'added' | 'removed' | 'version' | 'configuration' | 'contract' | 'none'
  from?: string
  to?: string
  detail: string
  /** How the contracts on record differ, the worst first. */
  differences?: ContractDifference[]
}

export interface Plan {
  release: string
  /** What was live when the plan was made; the plan does not fit anything else. */
  live: string | undefined
  changes: Change[]
  summary: string
  /** SHA-256 of everything above. */
  sha256: string
}

export interface Side {
  release: Release
  /** What is on record of the contract of each server. */
  contracts: ReadonlyMap<string, Recorded>
}

export function makePlan(next: Side, liveSide: Side | undefined, pointer: LivePointer | undefined): Plan {
  const {release} = next
  const live = liveSide?.release
  const names = [...new Set([...Object.keys(release.servers), ...Object.keys(live?.servers ?? {})])].sort()
  const changes = names.flatMap(name => [...changesOf(name, release, live), ...contractChange(name, next, liveSide)])
  const real = changes.filter(change => change.change !== 'none')
  const summary = summarise(release, live, real, pointer)
  const plan = {release: release.digest, live: pointer?.release, changes, summary}
  return {...plan, sha256: createHash('sha256').update(canonicalJson(plan)).digest('hex')}
}

function changesOf(server: string, release: Release, live: Release | undefined): Change[] {
  const now = live?.servers[server]
  const next = release.servers[server]
  if (next === undefined) return [{server, change: 'removed', from: now?.version, detail: `${now?.origin} goes`}]
  if (now === undefined) return [{server, change: 'added', to: next.version, detail: `${next.origin} is new`}]
  const changes: Change[] = []
  if (now.digest !== next.digest) {
    const detail =
      now.version === next.version
        ? `${next.origin}: the same version with other files`
        : `${now.version} → ${next.version}`
    changes.push({server, change: 'version', from: now.version, to: next.version, detail})
  }
  const keys = changedKeys(configurationOf(live, server), configurationOf(release, server))
  if (keys.length > 0) changes.push({server, change: 'configuration', detail: keys.join(', ')})
  return changes.length > 0 ? changes : [{server, change: 'none', detail: `${next.version} stays`}]
}

// A contract is known when it is committed, or once a rehearsal saw it; before that there is nothing to compare.
function contractChange(server: string, next: Side, live: Side | undefined): Change[] {
  const before = live?.contracts.get(server)
  const after = next.contracts.get(server)
  if (before === undefined || after === undefined || !('contract' in before) || !('contract' in after)) return []
  if (before.contract.digest === after.contract.digest) return []
  const differences = contractDifferences(before.contract, after.contract)
  return [
    {
      server,
      change: 'contract',
      from: before.contract.digest.slice(0, 12),
      to: after.contract.digest.slice(0, 12),
      detail: countText(differences),
      differences,
    },
  ]
}

function configurationOf(release: Release | undefined, server: string): Record<string, unknown> {
  const servers = (release?.raw as {servers?: Record<string, Record<string, unknown>>} | undefined)?.servers
  return servers?.[server] ?? {}
}

function changedKeys(before: Record<string, unknown>, after: Record<string, unknown>): string[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  return keys.filter(key => !isDeepStrictEqual(before[key], after[key]))
}

function summarise(
  release: Release,
  live: Release | undefined,
  real: readonly Change[],
  pointer: LivePointer | undefined,
): string {
  if (live === undefined && pointer !== undefined)
    return `${shortDigest(pointer.release)} is live and cannot be read: all ${real.length} servers count as new`
  if (live === undefined) return `nothing is live: all ${real.length} servers are new`
  if (live.digest === release.digest) return `nothing to do: ${shortDigest(release.digest)} is live already`
  if (real.length === 0) return `no server changes, but the release does: environments, ingress or runtime differ`
  return `${real.length === 1 ? 'one change' : `${real.length} changes`} against ${shortDigest(live.digest)}`
}
