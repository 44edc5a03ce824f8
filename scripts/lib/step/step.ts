// What every numbered program that works on a fleet shares: configuration, lock, shell and records, within a journaled step.

import type {Flags} from '../cli/flags.ts'
import {completeCommands} from '../cli/nextCommand.ts'
import {harmless, jsonText} from '../cli/printed.ts'
import {UserError} from '../errors/userError.ts'
import type {Verdict} from '../errors/verdict.ts'
import {type Changes, unguarded} from '../files/changes.ts'
import {readFleet} from '../fleet/readFleet.ts'
import type {Fleet} from '../fleet/resolveFleet.ts'
import type {Known} from '../fleet/rules.ts'
import {type SecretValues, secretsOf} from '../fleet/secrets.ts'
import type {Variables} from '../fleet/variables.ts'
import type {EntryBody} from '../journal/entry.ts'
import {lineOf} from '../journal/lineOf.ts'
import {type Redact, redactor} from '../journal/redactor.ts'
import {assertHeld, type Lease} from '../lock/lease.ts'
import type {Documents} from '../records/documents.ts'
import {folderDocuments} from '../records/folderDocuments.ts'
import {recordsIn} from '../records/folderRecords.ts'
import type {Records} from '../records/records.ts'
import {createShell, type Shell} from '../target/shell.ts'
import {type JournaledContext, type JournaledDefinition, journaledStep} from './journaledStep.ts'
import {joinedLease, stepLease} from './stepLease.ts'

export interface StepDefinition extends JournaledDefinition {
  /** Names that only the indexes know; the fleet file is checked against them. */
  targets: readonly string[]
  phases: readonly string[]
  /** Set for the step that ends a run: it gives the lock back, and ends what it can also when another run has it. */
  endsRun?: boolean
}

export interface StepContext extends JournaledContext {
  fleet: Fleet
  /** The fleet file before variables were filled in. */
  raw: unknown
  variables: Variables
  records: Records
  /** Everything else that the environment remembers. Changed under the lease of the run, as `records` are. */
  documents: Documents
  /** Values of secrets as an instance of that name has them. */
  secrets: (instance: string) => SecretValues
  shell: (instance: string) => Shell
  /** Under the lease of the run. They throw a `LeaseLost` when another run may be at work. */
  changes: Changes
}

/** Runs the body as a journaled step of a run. Nothing returned is a pass. Sets the exit code; never throws. */
export function step(
  definition: StepDefinition,
  body: (context: StepContext) => Promise<Verdict | undefined>,
): Promise<void> {
  const flags = definition.lockedTo === undefined ? definition.flags : {...definition.flags, ...waiting}
  const warmUp = (flags: Flags) => {
    const more = definition.warmUp?.(flags)
    readFleet(flags.fleetPath, flags.environment, process.env, knownTo(definition))
    return more
  }
  return journaledStep({...definition, flags, warmUp}, async context => {
    const {lease, prepared} = await prepare(definition, context)
    try {
      return await body(prepared)
    } catch (thrown) {
      if (definition.lockedTo !== undefined) assertHeld(lease, thrown)
      throw thrown
    } finally {
      // Within a pipeline the lock is the run's until its clean-up; a step that is a run of its own gives it back itself.
      const isOver = definition.endsRun === true || context.flags.run === undefined
      if (isOver && definition.lockedTo !== undefined) lease?.release()
      else lease?.rest()
    }
  })
}

function knownTo({targets, phases}: Pick<StepDefinition, 'targets' | 'phases'>): Known {
  return {targets, phases, today: new Date().toISOString().slice(0, 10)}
}

const waiting = {wait: {type: 'string'}} as const

async function prepare(
  {targets, phases, lockedTo, endsRun = false}: StepDefinition,
  journaled: JournaledContext,
): Promise<{lease: Lease | undefined; prepared: StepContext}> {
  const {flags, run, signal} = journaled
  const {fleet, raw, variables} = readFleet(flags.fleetPath, flags.environment, process.env, knownTo({targets, phases}))
  checkServerNames(fleet, flags.servers)
  const redact = withGenerated(journaled.redact, fleet, variables, run)
  const record = (...entries: EntryBody[]) => {
    // What was seen while the step was being cancelled is no judgement about anything.
    if (entries.some(entry => entry.type === 'check')) signal.throwIfAborted()
    const told = redact(entries).map(entry => withCommands(entry, flags))
    journaled.record(...told)
    for (const entry of told) {
      if (flags.json) console.log(jsonText({at: new Date().toISOString(), ...entry}))
      else sayLine(lineOf(entry))
    }
  }
  const {root} = fleet
  const {lease, refusal} =
    lockedTo === undefined
      ? {lease: joinedLease(root, run)}
      : await stepLease({...journaled, record, root, purpose: lockedTo}).then(
          taken => ({lease: taken, refusal: undefined}),
          (thrown: unknown) => {
            if (!endsRun || signal.aborted) throw thrown
            return {lease: undefined, refusal: thrown}
          },
        )
  const changes = refusal === undefined ? (lease ?? unguarded) : refusing(refusal)
  const secrets = (instance: string) => secretsOf(fleet, variables, instance)
  const shell = (instance: string) =>
    createShell({
      record: entry => journaled.record(redact(entry)),
      signal,
      secrets: secrets(instance),
      redact,
      // The twin of a run is its own, also when another run has the lock by now.
      beforeChange: endsRun && instance !== 'live' ? undefined : changes.assert,
    })
  const documents = folderDocuments(root, changes)
  const records = recordsIn(root, documents)
  return {
    lease,
    prepared: {...journaled, fleet, raw, variables, redact, record, records, documents, secrets, shell, changes},
  }
}

function refusing(refusal: unknown): Changes {
  const refuse = () => {
    throw refusal
  }
  return {assert: refuse, write: refuse, remove: refuse}
}

// A rehearsal makes secrets of its own, which must be kept out of everything as well.
function withGenerated(first: Redact, fleet: Fleet, variables: Variables, run: string): Redact {
  const made = Object.entries(secretsOf(fleet, variables, `rehearsal-${run}`)).map(([name, value]) => [
    `${name} of the rehearsal`,
    value,
  ])
  const second = redactor(Object.fromEntries(made))
  return value => second(first(value))
}

// A report is read where nobody knows any more how the run was started.
function withCommands(entry: EntryBody, flags: Flags): EntryBody {
  if (entry.type !== 'check' || entry.remedy === undefined) return entry
  return {...entry, remedy: completeCommands(entry.remedy, flags)}
}

function sayLine(line: string | undefined): void {
  if (line !== undefined) console.log(harmless(line))
}

function checkServerNames(fleet: Fleet, given: readonly string[]): void {
  const known = fleet.servers.map(server => server.name)
  const unknown = given.filter(name => !known.includes(name))
  if (unknown.length > 0)
    throw new UserError(`--server: the fleet has no server ${unknown.join(', ')}`, `known: ${known.join(', ')}`)
}
