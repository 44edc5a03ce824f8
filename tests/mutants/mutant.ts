// What a mutant is: one change of a server or of its fleet file, and the checks that claim to see it.
import type {MutationSpec} from './proxy/mutation.ts'

export type SubjectName = 'fixture' | 'legacy' | 'bridged' | 'everything' | 'memory' | 'files' | 'llm-bridge'

export interface Change {
  /** Mutations of its traffic and its process; see proxy/. */
  traffic?: readonly MutationSpec[]
  /** Keys of the server in the fleet file, merged over its own. */
  server?: Record<string, unknown>
  /** Keys of the environment, merged over its own. */
  environment?: Record<string, unknown>
  /** Files that its folder has beside its own, by path; for subjects that are made of a folder. */
  files?: Record<string, string>
  /** The contract on record of the very same release is that of the unchanged server. */
  recorded?: true
  /** Keys that the server does not have in the fleet file. */
  without?: readonly string[]
  /** A server that the earlier release had, and this one has not. */
  gone?: string
}

/** `shown`: the check passes and tells it, with a finding or a number above 0. The default is `fail`. */
export interface Claim {
  check: string
  as?: 'fail' | 'inconclusive' | 'error' | 'shown'
}

export interface Mutant {
  name: string
  /** One sentence: what is wrong, or what has changed and harms nobody. */
  what: string
  /** The row of the requirements that asks for it. */
  row: string
  subject: SubjectName
  change: Change
  /** Left out by default, since they take long: `truth` and `leak` run only where a mutant is about them. */
  slow?: readonly ('truth' | 'leak')[]
  /** Live clients are held while the unchanged server is replaced by this one. */
  underWitness?: boolean
}

export interface Fault extends Mutant {
  kind: 'fault'
  /** Checks that claim to see it, or why none does. */
  seenBy: readonly Claim[] | {nobody: string}
}

export interface Harmless extends Mutant {
  kind: 'harmless'
}

/** `fail` of one check. */
export const by = (...checks: string[]): Claim[] => checks.map(check => ({check}))

/** It passes, and tells a person what it saw. */
export const shownBy = (check: string): Claim[] => [{check, as: 'shown'}]
