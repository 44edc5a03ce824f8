// What the phase `security` sees of one server, as plain data without the value of any secret.
import type {LeakPlace} from './leaksIn.ts'
import type {Listening} from './listeningSockets.ts'
import type {Flag} from './redFlags.ts'
import type {SourceScan} from './sourceScan.ts'

/** Either what was seen, or why nothing could be. `skipped`: there is nothing to be seen from here. */
export type Sight<Value> = {seen: Value} | {skipped: string} | {unseen: string}

export interface EnvironmentFault {
  program: string
  variable: string
  /** The secret of another server that it holds; absent for one that is only named like a secret. */
  secret?: string
}

export interface ProcessesLooked {
  processes: number
  unreadable: number
  /** Undefined where another user's sockets could not be read. */
  listening: Listening[] | undefined
  environment: EnvironmentFault[] | undefined
  argv: {program: string; secret: string}[]
}

export interface SecuritySeen {
  declared: {address: string; port: number}
  processes: Sight<ProcessesLooked>
  log: Sight<{lines: number; leaks: LeakPlace[]}>
  answers: Sight<{texts: string[]; leaks: LeakPlace[]}>
  descriptions: Sight<{tools: number; others: number; flags: Flag[]}>
  sources: Sight<SourceScan>
}
