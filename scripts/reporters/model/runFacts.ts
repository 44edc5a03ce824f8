// The facts of a journal that reports know, read without trust: a fact of another shape counts as missing.
import {isDeepStrictEqual} from 'node:util'
import type {Entry} from '../../lib/journal/entry.ts'
import {entriesOf, fact} from '../../lib/journal/facts.ts'
import {z} from '../../lib/saved/zod.ts'

const release = z.object({
  digest: z.string(),
  version: z.string().optional(),
  servers: z
    .array(
      z.object({
        name: z.string(),
        package: z.string().optional(),
        version: z.string().optional(),
        digest: z.string().optional(),
      }),
    )
    .default([]),
  // Whatever the build calls the runtime of the servers, as one text.
  runtime: z.unknown().optional().transform(runtimeText),
})

const plan = z.object({
  summary: z.string(),
  changes: z
    .array(
      z.object({
        server: z.string(),
        change: z.string(),
        from: z.string().optional(),
        to: z.string().optional(),
        detail: z.string().optional(),
      }),
    )
    .default([]),
})

const instance = z.object({
  name: z.string(),
  url: z.string().optional(),
  servers: z
    .array(z.object({name: z.string(), endpoint: z.string().optional(), through: z.string().optional()}))
    .default([]),
})

const environment = z.object({
  target: z.string().optional(),
  os: z.string().optional(),
  cpus: z.number().optional(),
  memoryMB: z.number().optional(),
  tools: z.record(z.string(), z.string()).default({}),
})

const live = z.object({
  release: z.string(),
  rolledBackFrom: z.string().optional(),
  url: z.string(),
  ms: z.number(),
})

const unproved = z.object({what: z.string(), why: z.string()})

export interface RunFacts {
  release: z.infer<typeof release> | undefined
  plan: z.infer<typeof plan> | undefined
  instance: z.infer<typeof instance> | undefined
  environment: z.infer<typeof environment> | undefined
  /** What a rollback left live. */
  live: z.infer<typeof live> | undefined
  unproved: z.infer<typeof unproved>[]
  /** Whether live was the same before and after; `unknown` when the second fingerprint was never taken. */
  fingerprints: 'none' | 'equal' | 'different' | 'unknown'
}

/** The known facts of a run; the newest of each name. */
export function runFacts(entries: readonly Entry[]): RunFacts {
  return {
    release: release.safeParse(fact(entries, 'release')).data,
    plan: plan.safeParse(fact(entries, 'plan')).data,
    instance: instance.safeParse(fact(entries, 'instance')).data,
    environment: environment.safeParse(fact(entries, 'environment')).data,
    live: live.safeParse(fact(entries, 'live.now')).data,
    unproved: entriesOf(entries, 'fact')
      .filter(entry => entry.name === 'unproved')
      .flatMap(entry => unproved.safeParse(entry.value).data ?? []),
    fingerprints: fingerprints(fact(entries, 'fingerprint.before'), fact(entries, 'fingerprint.after')),
  }
}

function runtimeText(runtime: unknown): string | undefined {
  if (runtime === undefined || typeof runtime === 'string') return runtime
  if (runtime === null || typeof runtime !== 'object') return String(runtime)
  const parts = Object.entries(runtime).map(
    ([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
  return parts.join(', ')
}

function fingerprints(before: unknown, after: unknown): RunFacts['fingerprints'] {
  if (before === undefined) return 'none'
  if (after === undefined) return 'unknown'
  return isDeepStrictEqual(before, after) ? 'equal' : 'different'
}
