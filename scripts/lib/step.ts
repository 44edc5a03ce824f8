// What every numbered program that works on a fleet shares: configuration, lock, shell and store, within a journaled step.
import {readFleet} from './fleet/readFleet.ts'
import type {Fleet} from './fleet/resolveFleet.ts'
import type {Variables} from './fleet/variables.ts'
import type {EntryBody} from './journal/entry.ts'
import {type Redact, redactor} from './journal/redactor.ts'
import {type JournaledContext, type JournaledDefinition, journaledStep} from './journaledStep.ts'
import {lineOf} from './lineOf.ts'
import {releaseLock, takeLock} from './lock.ts'
import {type SecretValues, secretsOf} from './secrets.ts'
import {createShell, type Shell} from './shell.ts'
import {folderStore} from './store/folderStore.ts'
import type {Store} from './store/store.ts'
import {UserError} from './userError.ts'
import type {Verdict} from './verdict.ts'

export interface StepDefinition extends JournaledDefinition {
  /** Names that only the indexes know; the fleet file is checked against them. */
  targets: readonly string[]
  phases: readonly string[]
  /** What the environment's lock is taken for; a step that changes nothing takes none. */
  lockedTo?: string
}

export interface StepContext extends JournaledContext {
  fleet: Fleet
  /** The fleet file before variables were filled in. */
  raw: unknown
  variables: Variables
  store: Store
  /** Values of secrets as an instance of that name has them. */
  secrets: (instance: string) => SecretValues
  shell: (instance: string) => Shell
}

/** Runs the body as a journaled step of a run. Nothing returned is a pass. Sets the exit code; never throws. */
export function step(
  definition: StepDefinition,
  body: (context: StepContext) => Promise<Verdict | undefined>,
): Promise<void> {
  return journaledStep(definition, async context => {
    const prepared = prepare(definition, context)
    try {
      return await body(prepared)
    } finally {
      // Within a pipeline the lock is the run's until its clean-up; a step that is a run of its own gives it back itself.
      if (definition.lockedTo !== undefined && context.flags.run === undefined)
        releaseLock(prepared.fleet.root, context.run)
    }
  })
}

function prepare({targets, phases, lockedTo}: StepDefinition, journaled: JournaledContext): StepContext {
  const {flags, run, signal} = journaled
  const today = new Date().toISOString().slice(0, 10)
  const {fleet, raw, variables} = readFleet(flags.fleetPath, flags.environment, process.env, {targets, phases, today})
  checkServerNames(fleet, flags.servers)
  const redact = withGenerated(journaled.redact, fleet, variables, run)
  const record = (...entries: EntryBody[]) => {
    // What was seen while the step was being cancelled is no judgement about anything.
    if (entries.some(entry => entry.type === 'check')) signal.throwIfAborted()
    const told = redact(entries)
    journaled.record(...told)
    for (const entry of told) {
      if (flags.json) console.log(JSON.stringify({at: new Date().toISOString(), ...entry}))
      else sayLine(lineOf(entry))
    }
  }
  if (lockedTo !== undefined) {
    const {takenOver} = takeLock(
      fleet.root,
      run,
      lockedTo,
      Number(process.env.SEAWORTHY_RUNNER ?? process.pid),
      new Date(),
    )
    if (takenOver) record({type: 'fact', name: 'lock.taken-over', value: takenOver})
  }
  const secrets = (instance: string) => secretsOf(fleet, variables, instance)
  return {
    ...journaled,
    fleet,
    raw,
    variables,
    redact,
    record,
    store: folderStore(fleet.root),
    secrets,
    shell: instance =>
      createShell({record: entry => journaled.record(redact(entry)), signal, secrets: secrets(instance), redact}),
  }
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

function sayLine(line: string | undefined): void {
  if (line !== undefined) console.log(line)
}

function checkServerNames(fleet: Fleet, given: readonly string[]): void {
  const known = fleet.servers.map(server => server.name)
  const unknown = given.filter(name => !known.includes(name))
  if (unknown.length > 0)
    throw new UserError(`--server: the fleet has no server ${unknown.join(', ')}`, `known: ${known.join(', ')}`)
}
