// What the programs that only look share: flags and the fleet, without a run and without a journal.
import {type Flags, type OwnFlags, readFlags} from '../cli/flags.ts'
import {printed} from '../cli/printed.ts'
import {program} from '../cli/program.ts'
import {type ReadFleet, readFleet} from '../fleet/readFleet.ts'
import type {Resolve} from '../fleet/resolveFleet.ts'
import {secretsOf} from '../fleet/secrets.ts'
import {type Redact, redactor} from '../journal/redactor.ts'
import type {Documents} from '../records/documents.ts'
import {folderDocuments} from '../records/folderDocuments.ts'
import {recordsIn} from '../records/folderRecords.ts'
import type {Records} from '../records/records.ts'
import {createShell, type Shell} from '../target/shell.ts'

export interface LookingContext extends ReadFleet {
  flags: Flags
  records: Records
  documents: Documents
  redact: Redact
  /** Runs the read-only commands of a target; nothing is written down. */
  shell: Shell
  signal: AbortSignal
  /** Prints a line for people, with secrets taken out and the commands in it completed. */
  say: (line: string) => void
}

export interface LookingDefinition {
  targets: readonly string[]
  phases: readonly string[]
  flags?: OwnFlags
  /** How it is typed and what it does, for --help. */
  about?: string
  /** How many words that are no flags the program takes. */
  words?: number
  /** Looks for more faults of the fleet file than every program does. */
  moreFaults?: Resolve['more']
}

/** The body gives the exit code; nothing returned is good. */
export function looking(
  {targets, phases, flags: own, words, about, moreFaults}: LookingDefinition,
  body: (context: LookingContext) => Promise<number | undefined>,
): Promise<void> {
  return program(async () => {
    const flags = readFlags(process.argv.slice(2), process.env, own, words, about)
    const today = new Date().toISOString().slice(0, 10)
    const known = {targets, phases, today}
    const read = readFleet(flags.fleetPath, flags.environment, process.env, known, moreFaults)
    const secrets = secretsOf(read.fleet, read.variables, 'live')
    const signal = new AbortController().signal
    const redact = redactor(secrets)
    const shell = createShell({record: () => undefined, signal, secrets, redact})
    const say = (line: string) => console.log(printed(redact(line), flags))
    const documents = folderDocuments(read.fleet.root)
    const records = recordsIn(read.fleet.root, documents)
    return body({...read, flags, records, documents, redact, shell, signal, say})
  })
}
