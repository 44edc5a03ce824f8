// Whether a placed release is whole: every byte is read the first time, and again when a file looks otherwise than then.
import {join} from 'node:path'
import {textIfReadable} from '../files/textIfReadable.ts'
import {writeAtomically} from '../files/writeAtomically.ts'
import {treeStamp} from './treeStamp.ts'
import {seenName, verifyRelease} from './verifyRelease.ts'

// What is written beside the release after it was placed.
const own = [seenName, 'rollback', 'rollback.sh']

/**
 * Sentences such as `servers/memory/main.mjs changed`; none when it is whole. Reading hundreds of megabytes takes most of a
 * second, which an emergency does not have; whoever plans a deploy has it.
 */
export async function wholeRelease(folder: string, signal: AbortSignal): Promise<string[]> {
  const stamp = stampOf(folder)
  if (stamp !== undefined && textIfReadable(join(folder, seenName)) === stamp) return []
  const faults = await verifyRelease(folder, signal)
  if (faults.length === 0 && stamp !== undefined && stampOf(folder) === stamp) remember(folder, stamp)
  return faults
}

function stampOf(folder: string): string | undefined {
  try {
    return treeStamp(folder, own)
  } catch {
    // What cannot be listed is told by the thorough look.
    return undefined
  }
}

function remember(folder: string, stamp: string): void {
  try {
    writeAtomically(join(folder, seenName), stamp)
  } catch {
    // On a full disk the next look is as thorough as this one was.
  }
}
