// How a program changes files that other runs read: right away, or only while it holds the lease of the environment.
import {rmSync} from 'node:fs'
import {writeAtomically} from './writeAtomically.ts'

export interface Changes {
  /** To be called right before any other change of what runs share. Throws when another run may be at work. */
  assert: () => void
  /** Replaces a file in one move. Throws when another run may be at work, and then has changed nothing. */
  write: (path: string, text: string, mode?: number) => void
  /** Takes a file away in one move, if it is there. Throws when another run may be at work. */
  remove: (path: string) => void
}

/** For what nobody shares. */
export const unguarded: Changes = {
  assert: () => undefined,
  write: writeAtomically,
  remove: path => rmSync(path, {force: true}),
}
