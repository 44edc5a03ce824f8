// Runs a program as a step of a run: flags, *started* and *finished* entries, cancellation, exit code.
import {dirname, resolve} from 'node:path'
import {Cancelled, cancellation, type PressedAgain} from '../cli/cancellation.ts'
import {endInTime} from '../cli/endInTime.ts'
import {type Flags, HelpAsked, type OwnFlags, readFlags} from '../cli/flags.ts'
import {completeCommands, givenAt, nextCommand} from '../cli/nextCommand.ts'
import {outliveReaders} from '../cli/outliveReaders.ts'
import {printed} from '../cli/printed.ts'
import {exitCode, exitCodeOf} from '../errors/exitCode.ts'
import {explain} from '../errors/explain.ts'
import {StepFailure} from '../errors/stepFailure.ts'
import type {Verdict} from '../errors/verdict.ts'
import {restrictNewFiles} from '../files/ownerOnly.ts'
import {tokenVariable} from '../fleet/place.ts'
import {fleetName, readFleetText} from '../fleet/readFleetText.ts'
import {secretNames} from '../fleet/secretNames.ts'
import {readVariables} from '../fleet/variables.ts'
import {beginRun} from '../journal/beginRun.ts'
import type {Entry, EntryBody} from '../journal/entry.ts'
import {followJournal} from '../journal/followJournal.ts'
import {type Journal, openJournal} from '../journal/journal.ts'
import {type Redact, redactor} from '../journal/redactor.ts'
import {journalPath, newRunName, runFolder} from '../journal/runFolder.ts'
import {endOrphans, runVariable} from './endOrphans.ts'
import {lenientJournal} from './lenientJournal.ts'
import {tellAlone} from './tellAlone.ts'
import {toBegin} from './toBegin.ts'

export interface JournaledDefinition {
  name: string
  /** Flags of this one program, beside the common ones. */
  flags?: OwnFlags
  /** How it is typed and what it does, for --help. */
  about?: string
  /** How many arguments that are no flags it takes; none by default. */
  words?: number
  /** What it does first and what changes nothing, done once while it waits for its turn. */
  warmUp?: (flags: Flags) => unknown
  /** Set for a step that only ends things: it goes on when the journal cannot be written, and then ends with 2. */
  evenUnrecorded?: boolean
  /** What the environment's lock is taken for; a step that changes nothing takes none. Such a step has the flag --wait. */
  lockedTo?: string
  /** Set for a step that changes live: as a run of its own it tells others how it ended, which a pipeline does for its steps. */
  tellsAlone?: boolean
}

export interface JournaledContext {
  flags: Flags
  run: string
  /** Folder of the fleet file. */
  folder: string
  /** Where the run keeps its journal and reports. */
  runFolder: string
  record: (...entries: EntryBody[]) => void
  /** All entries of the run so far. */
  entries: () => Entry[]
  /** Aborted at the first SIGINT or SIGTERM. */
  signal: AbortSignal
  redact: Redact
  /** Prints a line for people; silent under --json. */
  say: (line: string) => void
}

/** Nothing returned by the body is a pass. Sets the exit code; never throws. */
export async function journaledStep(
  definition: JournaledDefinition,
  body: (context: JournaledContext) => Promise<Verdict | undefined>,
): Promise<void> {
  restrictNewFiles()
  if (!(await toBegin(() => definition.warmUp?.(flagsOf(definition))))) return
  const {name} = definition
  // What is printed is for who watches; what is done goes on without.
  outliveReaders({evenUnprinted: true})
  const beganAt = performance.now()
  let journal: Journal | undefined
  let leave = () => process.exit(exitCode.cancelled)
  const {signal, endRest, dispose} = cancellation(runsAlone() ? pressedAlone(definition, () => leave()) : {})
  let redact: Redact = value => value
  let tellEnd = async () => {}
  try {
    const flags = flagsOf(definition)
    const folder = dirname(resolve(flags.fleetPath))
    const run = flags.run ?? newRunName(flags.environment, new Date())
    redact = redactorFor(flags, folder)
    const path = journalPath(folder, run)
    const entries = followJournal(path)
    if (flags.run === undefined)
      beginRun(path, redact, {
        run,
        pipeline: name,
        fleet: fleetName(flags.fleetPath),
        environment: flags.environment,
        steps: [name],
      })
    else entries()
    const lenient = lenientJournal(openJournal(path, redact, name))
    journal = definition.evenUnrecorded ? lenient : openJournal(path, redact, name)
    journal.record({type: 'step', step: name, state: 'started'})
    if (runsAlone()) leave = leaving({journal, run, step: name, beganAt})
    if (definition.tellsAlone && flags.run === undefined) tellEnd = () => tellAlone(flags, run)
    const verdict = (await body(contextOf(journal, {flags, folder, run, redact, signal, entries}))) ?? 'pass'
    // What was asked to stop has not judged anything, whatever it returned.
    signal.throwIfAborted()
    finish(journal, name, beganAt, {verdict, exitCode: exitCodeOf(verdict)})
    if (lenient.lost()) process.exitCode = exitCode.unjudged
  } catch (thrown) {
    fail({journal, step: name, beganAt, thrown, signal, redact})
    endRest()
  } finally {
    dispose()
  }
  await tellEnd()
  endInTime()
}

// Under a runner it is the runner that a terminal reaches, and that decides.
function runsAlone(): boolean {
  return process.env.SEAWORTHY_RUNNER === undefined
}

function pressedAlone({name, lockedTo}: JournaledDefinition, leave: () => void): PressedAgain {
  const given = givenAt(process.argv.slice(2), process.env)
  const then = nextCommand(lockedTo === undefined ? 'status' : 'resume', given)
  return {
    second: () => console.error(`${name} is being ended; press Ctrl-C again to leave it as it is, then: ${then}`),
    third: () => {
      console.error(`left as it is; the next command: ${then}`)
      leave()
    },
  }
}

interface Leaving {
  journal: Journal
  run: string
  step: string
  beganAt: number
}

function leaving({journal, run, step, beganAt}: Leaving): () => never {
  // So that what it starts, servers left out, can be found and ended with it.
  process.env[runVariable] = run
  return () => {
    endOrphans(run)
    const detail = 'ended at once by a third Ctrl-C'
    try {
      finish(journal, step, beganAt, {verdict: 'error', exitCode: exitCode.cancelled, cancelled: true, detail})
    } finally {
      process.exit(exitCode.cancelled)
    }
  }
}

function flagsOf({flags, words, about}: JournaledDefinition): Flags {
  return readFlags(process.argv.slice(2), process.env, flags, words, about)
}

function contextOf(journal: Journal, given: Omit<JournaledContext, 'runFolder' | 'record' | 'say'>): JournaledContext {
  const {flags, folder, run, redact} = given
  return {
    ...given,
    runFolder: runFolder(folder, run),
    record: journal.record,
    say: line => {
      if (!flags.json) console.log(printed(redact(line), flags))
    },
  }
}

// Secrets must be known before the first entry is written, also when the fleet file turns out to be faulty.
function redactorFor(flags: Flags, folder: string): Redact {
  try {
    const names = [tokenVariable, ...secretNames(readFleetText(flags.fleetPath).value)]
    const variables = readVariables(folder, flags.environment, process.env)
    return redactor(Object.fromEntries(names.map(name => [name, variables[name]])))
  } catch {
    // No fleet file, no names; whoever needs the file reads it again and tells what is wrong.
    return redactor({[tokenVariable]: process.env[tokenVariable]})
  }
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

interface Failed {
  journal: Journal | undefined
  step: string
  beganAt: number
  thrown: unknown
  signal: AbortSignal
  redact: Redact
}

function fail({journal, step, beganAt, thrown, signal, redact}: Failed): void {
  if (thrown instanceof HelpAsked) {
    console.log(thrown.message)
    return
  }
  const cancelled = signal.aborted
  const given = givenAt(process.argv.slice(2), process.env)
  const why = cancelled && signal.reason instanceof Cancelled ? signal.reason.message : explain(thrown)
  const detail = completeCommands(why, given)
  const own = thrown instanceof StepFailure ? thrown.exitCode : exitCode.unjudged
  const code = cancelled ? exitCode.cancelled : own
  process.exitCode = code
  console.error(printed(redact(detail), given))
  try {
    if (journal) finish(journal, step, beganAt, {verdict: 'error', exitCode: code, cancelled, detail})
  } catch (second) {
    // A full disk stops the journal too; the terminal is what is left.
    console.error(printed(`the journal could not be written: ${explain(second)}`, given))
  }
}
