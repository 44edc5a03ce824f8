// What a target is: given an instance it says which files to write and which commands to run. It never runs anything.

import type {Release} from '../release/release.ts'
import type {Command} from './command.ts'
import type {Instance} from './instance.ts'
import type {Routes} from './routes.ts'

export interface RenderedFile {
  path: string
  text: string
  /** POSIX permission bits. */
  mode: number
}

/** What a target sees of one program of an instance; `name` is a server, or `ingress`. */
export interface ProgramStatus {
  name: string
  running: boolean
  /** Differs whenever another process answers: pid and start time, or a container's id. */
  identity: string
  /** Whether something starts it again when it ends; false where its supervisor was killed. */
  supervised: boolean
  /** It runs without the isolation that it should have, since its start could not bring it about. */
  unisolated?: boolean
  /** What is halted by SIGSTOP: then it neither answers nor is started again. */
  frozen: 'program' | 'supervisor' | undefined
  restarts: number
  /**
   * Exit code of the last end, or a word: `memory` where it was ended for its limit, `unseen` where nobody saw it, `gave-up`
   * where an earlier version stopped trying.
   */
  lastExit: string | undefined
  /** While it is not tried to start it again: when that will be, in ms since 1970. */
  nextTryMs: number | undefined
  memoryMegabytes: number | undefined
  /** The last time that its log was rotated: when, in ms since 1970, and how much it had logged until then in what time. */
  logRotated?: {atMs: number; megabytes: number; seconds: number} | undefined
}

/** One process of a copy: the supervisor, the program that it keeps running, or what that program started. */
export interface CopyProcess {
  pid: number
  role: 'supervisor' | 'program' | 'child'
  /** Halted by SIGSTOP. */
  stopped: boolean
  residentKilobytes: number
}

/** How a copy of a rehearsal is looked into and disturbed, to find out who notices. */
export interface Disturbance {
  processes: {
    command(instance: Instance, server: string): Command
    read(output: string): CopyProcess[]
  }
  signal(processes: readonly CopyProcess[], signal: 'STOP' | 'CONT' | 'KILL', why: string): Command
  /** From now on a file that one of them writes cannot grow, as on a full disk; or it can again. */
  fullDisk(processes: readonly CopyProcess[], full: boolean): Command
  memory: LiveMemory
}

/** How programs that were started so tell their memory. Resident memory holds garbage; live memory does not. */
export interface LiveMemory {
  /** Files that must be there before it starts. */
  files(instance: Instance): RenderedFile[]
  /** Variables with which a program that can be asked becomes so. */
  environment(instance: Instance, server: string): Record<string, string>
  command(instance: Instance, server: string): Command
  read(output: string): {pid: number; liveBytes: number; residentBytes: number}[]
}

export interface Target {
  name: string
  /** Tools that must be on the machine, with what they are for. */
  tools: {name: string; why: string}[]
  /** Prints why servers cannot be isolated on the machine, or nothing. Not every target isolates them. */
  canIsolate?: (root: string) => Command
  files(instance: Instance): RenderedFile[]
  /** The file that tells the ingress where each server answers; it is read again whenever it is replaced. */
  routes(instance: Instance, routes: Routes): RenderedFile
  /** Where the ingress writes down what it has applied. */
  ingressStatus(instance: Instance): string
  /**
   * The Unix socket at which the ingress takes routes and reports its status at once. Not every target has one, and an ingress
   * of an earlier version does not listen at it: then the two files serve.
   */
  ingressControl?(instance: Instance): string
  /** Folders that must be there before anything starts. */
  folders(instance: Instance): string[]
  startIngress(instance: Instance): Command
  startServer(instance: Instance, server: string): Command
  stopIngress(instance: Instance): Command
  stopServer(instance: Instance, server: string): Command
  /** After its programs have ended: ends what they started and left behind, and fails with what cannot be ended. */
  endRemains?(instance: Instance): Command
  /**
   * Leaves a copy running for that long, and then stops it, also when nobody of us is there. `startServer` takes it back
   * before that, `stopServer` stops it at once; given twice, the later one counts. Not every target can.
   */
  standBy?(instance: Instance, server: string, seconds: number): Command
  /**
   * Holds every process of a server still, copies on standby too, and lets them go on again: by `end`, or by themselves when
   * the seconds are over, also when nobody of us is there. `end` may be given twice. Not every target can.
   */
  hold?: {
    begin(instance: Instance, server: string, seconds: number): Command
    end(instance: Instance, server: string): Command
  }
  /** Continues a program of the instance, or `ingress`, that was halted by SIGSTOP, with its supervisor. Not every target can. */
  unfreeze?(instance: Instance, program: string): Command
  inspect: {
    command(instance: Instance): Command
    read(output: string): ProgramStatus[]
  }
  logs(instance: Instance, program: string, lines: number): Command
  /** The script that puts an instance live again without Node, last, and the files it works from. Not every target has one. */
  rollbackScript?(instance: Instance, release: Release): RenderedFile[]
  /** The script at a fixed place of an environment, which chooses a release and runs the script beside that. */
  environmentScript?(root: string): RenderedFile
  /** The text of a rollback script as this version writes it, for one that an earlier version left; undefined for others. */
  renewedRollbackScript?(text: string): string | undefined
  /** Not every target can. */
  disturb?: Disturbance
}
