// What the phase `health` sees of one server, as plain data.
import type {Climb} from '../lib/mcp/ladder.ts'
import type {SecondOpinion} from '../lib/mcp/secondOpinion.ts'
import type {ProgramStatus} from '../lib/target/target.ts'
import type {HealthAnswer} from './healthAnswer.ts'
import type {MachineLoad} from './machine/watchMachine.ts'

export interface HealthSeen {
  inside: Climb
  through: Climb
  opinion: SecondOpinion
  /** The load of this machine while it was climbed; absent where nobody watched. */
  load?: MachineLoad | undefined
  steady: Steady
  /** What the ingress says of this server at `/<server>/health`. */
  answer: HealthAnswer
}

export interface Steady {
  forMs: number
  climbs: number
  /** Why a climb failed, in order. */
  failures: string[]
  /** How many of them passed a deadline, and nothing else was wrong. */
  late?: number
  before: ProgramStatus | undefined
  after: ProgramStatus | undefined
  /** A rehearsal began just now, so each restart since its start counts; live may have had one weeks ago. */
  sinceStart: boolean
  /** When `after` was observed, in ms since 1970. */
  lookedAtMs: number
}
