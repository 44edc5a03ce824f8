// How the contracts of a run differ from those that clients know: as observed, or else as the plan says of those on record.

import type {Contract} from '../../lib/contract/contract.ts'
import {contractDifferences} from '../../lib/contract/contractDifferences.ts'
import {sideText} from '../../lib/contract/differenceLines.ts'
import type {Entry} from '../../lib/journal/entry.ts'
import {entriesOf, fact} from '../../lib/journal/facts.ts'
import {z} from '../../lib/saved/zod.ts'

export interface ContractChange {
  server: string
  kind: 'breaking' | 'unknown' | 'compatible'
  pointer: string
  what: string
  reason: string
  before: string
  after: string
  /** Kinds of clients that it concerns. */
  views: string[]
  /** It is text that steers models. */
  steers: boolean
}

export interface ContractChanges {
  /** Whether servers were asked, or only what is on record was compared. */
  seen: 'observed' | 'planned' | 'not compared'
  changes: ContractChange[]
}

const difference = z.object({
  kind: z.enum(['breaking', 'unknown', 'compatible']),
  pointer: z.string(),
  what: z.string().default(''),
  reason: z.string(),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
  views: z.array(z.string()).default([]),
  steers: z.boolean().optional(),
})

const contract = z.looseObject({
  digest: z.string(),
  views: z.record(z.string(), z.string()),
  surfaces: z.record(z.string(), z.looseObject({tools: z.array(z.looseObject({name: z.string()}))})),
})

const observed = z.object({
  place: z.object({contract}),
  earlier: z.object({release: z.string()}),
  ofEarlier: z.union([z.object({state: z.literal('same')}), z.object({state: z.literal('differs'), contract})]),
})

const plan = z.object({
  changes: z.array(z.object({server: z.string(), differences: z.array(difference).optional()})),
})

/** Reads without trust, as all facts: what has another shape counts as missing. */
export function contractChanges(entries: readonly Entry[]): ContractChanges {
  const prefix = 'observed.contract.'
  const names = new Set(entriesOf(entries, 'fact').flatMap(({name}) => (name.startsWith(prefix) ? [name] : [])))
  const seen = [...names].flatMap(name => {
    const {data} = observed.safeParse(fact(entries, name))
    return data === undefined ? [] : [{server: name.slice(prefix.length), data}]
  })
  if (seen.length > 0) return {seen: 'observed', changes: seen.flatMap(({server, data}) => changesOf(server, data))}
  const planned = plan.safeParse(fact(entries, 'plan')).data?.changes ?? []
  const changes = planned.flatMap(({server, differences}) => (differences ?? []).map(one => change(server, one)))
  return {seen: changes.length > 0 ? 'planned' : 'not compared', changes}
}

function changesOf(server: string, {place, ofEarlier}: z.infer<typeof observed>): ContractChange[] {
  if (ofEarlier.state === 'same') return []
  try {
    const differences = contractDifferences(
      ofEarlier.contract as unknown as Contract,
      place.contract as unknown as Contract,
    )
    return differences.map(one => change(server, one))
  } catch {
    // A journal may be of another version: the report goes without.
    // A contract of an older form: the checks of the run say what was found then.
    return []
  }
}

type Difference = z.infer<typeof difference>

function change(server: string, one: Difference): ContractChange {
  const {kind, pointer, what, reason, before, after, views, steers} = one
  const sides = {before: sideText(before), after: sideText(after)}
  return {server, kind, pointer, what, reason, ...sides, views, steers: steers === true}
}
