// Reads a journal again and again while it grows, and each time only what is new in it.
import {closeSync, fstatSync, openSync, readSync} from 'node:fs'
import type {Entry} from './entry.ts'
import {parseJournal, unreadable} from './readJournal.ts'

/**
 * Gives a function that returns all entries so far, in order; an array that it gave stays as it is. A journal that became shorter
 * is another one, and is read again. Throws what `readJournal` throws.
 */
export function followJournal(path: string): () => Entry[] {
  let entries: Entry[] = []
  let bytes = 0
  let lines = 0
  return () => {
    const {more, from} = readFrom(path, bytes)
    if (from < bytes) {
      entries = []
      lines = 0
    }
    // What is not ended yet may still be written.
    const ended = more.lastIndexOf('\n') + 1
    const whole = more.toString('utf8', 0, ended)
    entries = [...entries, ...parseJournal(whole, path, lines + 1)]
    bytes = from + ended
    lines += whole.split('\n').length - 1
    return [...entries, ...parseJournal(more.toString('utf8', ended), path, lines + 1)]
  }
}

function readFrom(path: string, bytes: number): {more: Buffer; from: number} {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch (cause) {
    throw unreadable(path, cause)
  }
  try {
    const {size} = fstatSync(file)
    const from = size < bytes ? 0 : bytes
    const buffer = Buffer.alloc(size - from)
    const read = readSync(file, buffer, 0, buffer.length, from)
    return {more: buffer.subarray(0, read), from}
  } finally {
    closeSync(file)
  }
}
