// What every numbered program shares: flags, configuration, lock, journal entries, cancellation, exit code.
import {dirname, resolve} from 'node:path'
import {Cancelled, cancellation} from './cancellation.ts'
import {exitCode, exitCodeOf} from './exitCode.ts'
import {explain} from './explain.ts'
import type {Flags, OwnFlags} from './flags.ts'
import {readFlags} from './flags.ts'
import {fleetName, readFleet, readFleetText} from './fleet/readFleet.ts'
import {type Fleet, secretNames} from './fleet/resolveFleet.ts'
import {readVariables, type Variables} from './fleet/variables.ts'
import {beginRun} from './journal/beginRun.ts'
import type {Entry, EntryBody} from './journal/entry.ts'
import {type Journal, openJournal} from './journal/journal.ts'
import {readJournal} from './journal/readJournal.ts'
import {type Redact, redactor} from './journal/redactor.ts'
import {lineOf} from './lineOf.ts'
import {takeLock} from './lock.ts'
import {journalPath, newRunName, runFolder} from './runFolder.ts'
import {type SecretValues, secretsOf} from './secrets.ts'
import {createShell, type Shell} from './shell.ts'
import {folderStore} from './store/folderStore.ts'
import type {Store} from './store/store.ts'
import {UserError} from './userError.ts'
import type {Verdict} from './verdict.ts'

export interface StepDefinition {
  name: string
  /** Names that only the indexes know; the fleet file is checked against them. */
  targets: readonly string[]
  phases: readonly string[]
  flags?: OwnFlags
  /** What the environment's lock is taken for; a step that changes nothing takes none. */
  lockedTo?: string
}

export interface StepContext {
  flags: Flags
  fleet: Fleet
  /** The fleet file before variables were filled in. */
  raw: unknown
  variables: Variables
  run: string
  runFolder: string
  record: (entry: EntryBody) => void
  /** All entries of the run so far. */
  entries: () => Entry[]
  signal: AbortSignal
  redact: Redact
  say: (line: string) => void
  store: Store
  secrets: (instance: string) => SecretValues
  shell: (instance: string) => Shell
}

/** Runs the body between a *started* and a *finished* entry. Nothing returned is a pass. Sets the exit code; never throws. */
export async function step(
  definition: StepDefinition,
  body: (context: StepContext) => Promise<Verdict | undefined>,
): Promise<void> {
  const {signal, dispose} = cancellation()
  const beganAt = performance.now()
  let journal: Journal | undefined
  try {
    const flags = readFlags(process.argv.slice(2), process.env, definition.flags)
    const run = flags.run ?? newRunName(flags.environment, new Date())
    const folder = dirname(resolve(flags.fleetPath))
    const redact = redactorFor(flags, folder)
    journal = openStep(definition.name, flags, run, folder, redact)
    const context = prepare({definition, flags, run, folder, redact, journal, signal})
    const verdict = (await body(context)) ?? 'pass'
    finish(journal, definition.name, beganAt, {verdict, exitCode: exitCodeOf(verdict)})
  } catch (thrown) {
    fail(journal, definition.name, beganAt, thrown, signal)
  } finally {
    dispose()
  }
}

// Secrets must be known before the first entry is written, also when the fleet file turns out to be faulty.
function redactorFor(flags: Flags, folder: string): Redact {
  try {
    const names = secretNames(readFleetText(flags.fleetPath).value)
    const variables = readVariables(folder, flags.environment, process.env)
    return redactor(Object.fromEntries([...names].map(name => [name, variables[name]])))
  } catch {
    // No fleet file, no names; `prepare` reads it again and tells what is wrong.
    return redactor({})
  }
}

function openStep(name: string, flags: Flags, run: string, folder: string, redact: Redact): Journal {
  const path = journalPath(folder, run)
  if (flags.run === undefined)
    beginRun(path, redact, {
      run,
      pipeline: name,
      fleet: fleetName(flags.fleetPath),
      environment: flags.environment,
      steps: [name],
    })
  else readJournal(path)
  const journal = openJournal(path, redact, name)
  journal.record({type: 'step', step: name, state: 'started'})
  return journal
}

interface Preparation {
  definition: StepDefinition
  flags: Flags
  run: string
  folder: string
  redact: Redact
  journal: Journal
  signal: AbortSignal
}

function prepare({definition, flags, run, folder, redact: first, journal, signal}: Preparation): StepContext {
  const {targets, phases, lockedTo} = definition
  const today = new Date().toISOString().slice(0, 10)
  const {fleet, raw, variables} = readFleet(flags.fleetPath, flags.environment, process.env, {targets, phases, today})
  checkServerNames(fleet, flags)
  const rehearsal = `rehearsal-${run}`
  const made = Object.entries(secretsOf(fleet, variables, rehearsal)).map(([name, value]) => [
    `${name} of the rehearsal`,
    value,
  ])
  const second = redactor(Object.fromEntries(made))
  const redact: Redact = value => second(first(value))
  const record = (entry: EntryBody) => {
    journal.record(second(entry))
    const line = lineOf(entry)
    if (flags.json) console.log(JSON.stringify(redact({at: new Date().toISOString(), ...entry})))
    else if (line !== undefined) console.log(redact(line))
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
  return {
    flags,
    fleet,
    raw,
    variables,
    run,
    runFolder: runFolder(folder, run),
    record,
    entries: () => readJournal(journal.path),
    signal,
    redact,
    say: line => {
      if (!flags.json) console.log(redact(line))
    },
    store: folderStore(fleet.root),
    secrets: instance => secretsOf(fleet, variables, instance),
    shell: instance =>
      createShell({
        journal: {...journal, record: entry => journal.record(second(entry))},
        signal,
        secrets: secretsOf(fleet, variables, instance),
      }),
  }
}

function checkServerNames(fleet: Fleet, flags: Flags): void {
  const known = fleet.servers.map(server => server.name)
  const unknown = flags.servers.filter(name => !known.includes(name))
  if (unknown.length > 0)
    throw new UserError(`--server: the fleet has no server ${unknown.join(', ')}`, `known: ${known.join(', ')}`)
}

function finish(
  journal: Journal,
  step: string,
  beganAt: number,
  end: {verdict: Verdict; exitCode: number; cancelled?: boolean; detail?: string},
): void {
  journal.record({type: 'step', step, state: 'finished', ms: Math.round(performance.now() - beganAt), ...end})
  process.exitCode = end.exitCode
}

function fail(journal: Journal | undefined, step: string, beganAt: number, thrown: unknown, signal: AbortSignal): void {
  const cancelled = signal.aborted
  const detail = cancelled && signal.reason instanceof Cancelled ? signal.reason.message : explain(thrown)
  const code = cancelled ? exitCode.cancelled : exitCode.unjudged
  process.exitCode = code
  console.error(detail)
  try {
    if (journal) finish(journal, step, beganAt, {verdict: 'error', exitCode: code, cancelled, detail})
  } catch (second) {
    // A full disk stops the journal too; the terminal is what is left.
    console.error(`the journal could not be written: ${explain(second)}`)
  }
}
