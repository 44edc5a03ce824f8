// Keeps what a run saw of the contracts of a release that was judged good, so that the next one can be compared with it.

import {type Contract, contractDigest, contractFormat} from '../contract/contract.ts'
import type {Entry} from '../journal/entry.ts'
import {entriesOf} from '../journal/facts.ts'
import type {Records} from './records.ts'

/** Servers with the digest of their contract. Nothing is kept of a server whose contract the run could not tell. */
export async function recordContracts(
  entries: readonly Entry[],
  release: string,
  servers: readonly string[],
  records: Records,
): Promise<Record<string, string>> {
  const observed = observedContracts(entries, servers)
  for (const contract of observed) await records.setContract(release, contract)
  return Object.fromEntries(observed.map(({server, digest}) => [server, digest]))
}

/** The newest observation of each server in a journal. */
export function observedContracts(entries: readonly Entry[], servers: readonly string[]): Contract[] {
  const facts = entriesOf(entries, 'fact')
  return servers.flatMap(server => {
    const found = facts.findLast(({name}) => name === `observed.contract.${server}`)?.value
    const contract = (found as {place?: {contract?: Contract}} | undefined)?.place?.contract
    if (contract?.format !== contractFormat) return []
    // A journal has no secrets; where one was taken out, the text has another digest.
    return [{...contract, digest: contractDigest(contract)}]
  })
}
