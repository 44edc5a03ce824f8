// Finds what an earlier rehearsal saw of a server, where nothing that it depends on has changed since, so that it need not be seen again.
import {createHash} from 'node:crypto'
import {cpus, hostname, release as systemRelease, totalmem} from 'node:os'
import {identityOf} from '../lib/cutover/planTransition.ts'
import {worst} from '../lib/errors/verdict.ts'
import {textIfReadable} from '../lib/files/textIfReadable.ts'
import type {Entry} from '../lib/journal/entry.ts'
import {decisiveVerdict, entriesOf, fact} from '../lib/journal/facts.ts'
import {parseJournal} from '../lib/journal/readJournal.ts'
import {journalPath, listRuns} from '../lib/journal/runFolder.ts'
import {programDigest} from '../lib/release/programDigest.ts'
import type {Release} from '../lib/release/release.ts'
import {type Instance, type InstanceServer, isRehearsal, serverOf} from '../lib/target/instance.ts'
import type {Phase} from './phase.ts'

/** What was seen, and where: the run whose journal has it, and the ISO 8601 time at which it was written there. */
export interface SeenEarlier {
  run: string
  at: string
  seen: unknown
}

export interface CarryOver {
  /** SHA-256 over all that an observation depends on; journaled beside it, for later runs to look for. */
  basis: (phase: Phase, server: InstanceServer) => string
  /** The newest that holds; undefined where it must be seen again. */
  find: (phase: Phase, server: InstanceServer) => SeenEarlier | undefined
}

export interface CarryOverOptions {
  instance: Instance
  release: Release
  /** Folder of the fleet file, whose runs are looked through. */
  folder: string
  run: string
  now: Date
  /** Finds nothing, as `--fresh` asks; what is seen is still there for later runs. */
  fresh: boolean
}

/** A machine changes in more ways than a digest can hold, so what is older is seen again. */
export const carriedAtMostHours = 24

/** The name of the fact that holds the basis of an observation. */
export function basisName(phase: Phase, server: InstanceServer): string {
  return `basis.${phase.name}.${server.name}`
}

/** Undefined on live, which is always looked at itself. */
export function carryOver(options: CarryOverOptions): CarryOver | undefined {
  const {instance, release, folder, run, now, fresh} = options
  if (!isRehearsal(instance)) return undefined
  // Every rehearsal has a folder of its own, which says nothing about its servers; the digits of its name least of all.
  const placeless = JSON.parse(JSON.stringify(instance).replaceAll(instance.folder, '{instance}')) as Instance
  const common = {
    program: programDigest(),
    machine: [hostname(), systemRelease(), process.version, process.arch, cpus().length, cpus()[0]?.model, totalmem()],
    ingress: {code: release.ingress.sha256, hosts: instance.ingress.hosts, origins: instance.ingress.origins},
  }
  const basis: CarryOver['basis'] = (phase, {name}) => {
    const server = serverOf(placeless, name)
    const own = {phase: phase.name, copy: identityOf(server, {instance: placeless, release}), settings: server.settings}
    return createHash('sha256')
      .update(JSON.stringify({...common, ...own}))
      .digest('hex')
  }
  const oldest = new Date(now.getTime() - carriedAtMostHours * 3_600_000).toISOString()
  const earlier = fresh ? [] : listRuns(folder, instance.environment).filter(name => name !== run)
  const journals = new Map<string, EarlierJournal>()
  const journalOf = (name: string) => journals.get(name) ?? earlierJournal(journalPath(folder, name))
  return {
    basis,
    find: (phase, server) => {
      const wanted = basis(phase, server)
      for (const name of earlier) {
        const journal = journalOf(name)
        journals.set(name, journal)
        // Journals are long, and most know nothing of it.
        if (!journal.text.includes(wanted)) continue
        const seen = seenIn(journal.entries(), {phase, server, wanted, oldest})
        if (seen !== undefined) return {run: name, ...seen}
      }
      return undefined
    },
  }
}

interface EarlierJournal {
  text: string
  /** Parsed at the first asking, for every phase and server that asks. */
  entries: () => Entry[]
}

function earlierJournal(path: string): EarlierJournal {
  const text = textIfReadable(path) ?? ''
  let entries: Entry[] | undefined
  return {
    text,
    entries: () => {
      entries ??= entriesIn(text)
      return entries
    },
  }
}

interface Wanted {
  phase: Phase
  server: InstanceServer
  wanted: string
  oldest: string
}

function seenIn(
  entries: readonly Entry[],
  {phase, server, wanted, oldest}: Wanted,
): Omit<SeenEarlier, 'run'> | undefined {
  if (fact(entries, basisName(phase, server)) !== wanted) return undefined
  const checks = entriesOf(entries, 'check').filter(one => one.phase === phase.name && one.server === server.name)
  // What did not pass is looked at again; so is what was carried over itself, at the run that saw it.
  if (worst(checks.map(decisiveVerdict)) !== 'pass') return undefined
  const name = `observed.${phase.name}.${server.name}`
  const observed = entriesOf(entries, 'fact').findLast(entry => entry.name === name)
  if (observed === undefined || observed.at < oldest) return undefined
  return {at: observed.at, seen: observed.value}
}

// A journal that cannot be read proves nothing, and is no fault of this run.
function entriesIn(text: string): Entry[] {
  try {
    return parseJournal(text, 'an earlier journal')
  } catch {
    // What it saw is observed again.
    return []
  }
}
