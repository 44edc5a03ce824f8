// Copies a folder of state for somebody to work on: it gets its name when it is complete, with the modes and times of the first.
import {renameSync} from 'node:fs'
import {removeTree} from '../files/removeTree.ts'
import {finishCopy} from './copyEntries.ts'
import {type CopiedState, type CopyState, copyState} from './copyState.ts'

export type CopyFolder = Pick<CopyState, 'what' | 'from' | 'to' | 'hold' | 'signal'>

/** `to` is empty or does not exist. Half a copy would look like state that is complete, so there is none: it throws. */
export async function copyFolder({to, signal, ...options}: CopyFolder): Promise<CopiedState> {
  const temporary = `${to}.partial`
  try {
    const copied = await copyState({...options, paths: ['.'], to: temporary, signal})
    finishCopy(temporary, copied.entries)
    renameSync(temporary, to)
    return copied
  } catch (thrown) {
    removeTree(temporary)
    throw thrown
  }
}
