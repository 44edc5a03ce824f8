// Keeps what was found out below .build/, so that the next run need not find it out again.
import {join} from 'node:path'
import {textIfReadable} from '../../lib/files/textIfReadable.ts'
import {writeAtomically} from '../../lib/files/writeAtomically.ts'

/** The value kept under that key, or undefined: what is absent or broken is found out again. */
export function kept<Value>(folder: string, key: string): Value | undefined {
  try {
    return JSON.parse(textIfReadable(pathOf(folder, key)) ?? '') as Value
  } catch {
    // Absent or broken, it is found out again.
    return undefined
  }
}

/** What cannot be kept is found out again; a full disk is told by those who need it. */
export function keep(folder: string, key: string, value: unknown): void {
  try {
    writeAtomically(pathOf(folder, key), JSON.stringify(value))
  } catch {
    // Nothing depends on it.
  }
}

function pathOf(folder: string, key: string): string {
  return join(folder, '.build', 'kept', `${key}.json`)
}
