// What a phase is: it observes the world and returns plain data, then judges that data with a pure function.

import type {LimitConcurrency} from '../lib/async/limitConcurrency.ts'
import type {StartCopy} from '../lib/cutover/startCopy.ts'
import type {Verdict} from '../lib/errors/verdict.ts'
import type {FleetServer} from '../lib/fleet/resolveFleet.ts'
import type {SecretValues} from '../lib/fleet/secrets.ts'
import type {Entry, Finding} from '../lib/journal/entry.ts'
import type {ContractRecords} from '../lib/records/contractRecords.ts'
import type {Instance, InstanceServer} from '../lib/target/instance.ts'
import type {ProgramStatus} from '../lib/target/target.ts'
import type {MachineLoad, MachineWatch} from './machine/watchMachine.ts'

export interface PhaseContext {
  instance: Instance
  servers: InstanceServer[]
  /** What the fleet file says of a server, before variables were filled in. */
  declared: (server: string) => Record<string, unknown>
  secrets: SecretValues
  signal: AbortSignal
  /** Processes or containers of the instance, as its target sees them. */
  inspect: () => Promise<ProgramStatus[]>
  /** Last lines of a program's log, 15 where no number is given; secrets are still in them. */
  logs: (program: string, lines?: number) => Promise<string>
  /** Folder of the fleet file; what a phase keeps from run to run goes into .build/ there. */
  folder: string
  /** What is on record of contracts: of this release, and of the one whose clients must go on working. */
  contracts: ContractRecords
  /** Entries of the run so far: what earlier phases saw. */
  entries: () => Entry[]
  /** Starts one more copy of a server, to burden or break it; on a rehearsal only. `await using` ends it with proof. */
  startCopy: StartCopy
  /** Does work that takes a core of this machine: as many at a time as it has cores, the others wait. */
  inTurn: LimitConcurrency
  /** The load of this machine; absent where nobody watches it. */
  machine?: MachineWatch | undefined
  /** Tells later phases of this run something. */
  remember: (name: string, value: unknown) => void
}

/** One assertion. `name` is the part after the phase in `phase/name`. */
export interface Check {
  name: string
  verdict: Verdict
  detail: string
  value?: number | string
  limit?: number | string
  unit?: string
  remedy?: string
  evidence?: string
  /** For a person to judge, whatever the verdict. */
  findings?: Finding[]
  /** It is not good only because something took too long, which on an overloaded machine says nothing of the server. */
  byTime?: boolean | undefined
  /** The load of the time in which it was measured, where that is less than the whole observation. */
  load?: MachineLoad | undefined
}

/** How many observations there are and how many a judgement needs; fewer is `inconclusive`, never a pass. */
export interface Evidence {
  have: number
  need: number
  what: string
}

/** The part of a phase that looks at one server. */
export interface ServerPart<Seen> {
  /** A reason not to look at this server, where there is one. */
  skip?: (settings: FleetServer) => string | undefined
  observe: (context: PhaseContext, server: InstanceServer) => Promise<Seen>
  evidence: (seen: Seen) => Evidence
  judge: (seen: Seen, settings: FleetServer) => Check[]
}

/** The part that looks at the fleet as a whole, after every server was seen. */
export interface FleetPart<Seen, ServerSeen> {
  observe: (context: PhaseContext, servers: ReadonlyMap<string, ServerSeen>) => Promise<Seen>
  evidence: (seen: Seen) => Evidence
  judge: (seen: Seen) => Check[]
}

export interface Phase<ServerSeen = unknown, FleetSeen = unknown> {
  name: string
  /** One sentence: what is true when it passes. */
  title: string
  /** Breaks or burdens what it looks at, so it is for a rehearsal stack; on live it is skipped with that reason. */
  only?: 'rehearsal'
  /** Left out by --quick, which the report says. */
  slow?: true
  /**
   * What it sees of a server depends on the server, its configuration, this program and the machine alone, and takes long to
   * see: a rehearsal that finds all of them as they were need not look again.
   */
  carries?: true
  /** How many servers are observed at the same time, where an observation starts programs; otherwise all of them. */
  serversAtOnce?: number
  /** Deadline of one observation, where so many servers are observed. */
  deadlineMs: (settings: FleetServer | undefined, servers: number) => number
  server?: ServerPart<ServerSeen>
  fleet?: FleetPart<FleetSeen, ServerSeen>
}
