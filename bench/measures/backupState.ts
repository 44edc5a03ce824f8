// Writes state as a memory server has it: lines of JSON with names, sentences and random ids, in large and small files.
import {randomBytes} from 'node:crypto'
import {closeSync, mkdirSync, openSync, writeFileSync, writeSync} from 'node:fs'
import {join} from 'node:path'

const words =
  'anchor ballast beacon bollard bow buoy cable cargo chart compass deck dock fathom harbour helm keel'.split(' ')
const largeMegabytes = 64
const smallFiles = 500

/** About `megabytes` in files of 64 MB, plus 500 files of 4 kB. */
export function writeState(folder: string, megabytes: number): void {
  mkdirSync(join(folder, 'notes'), {recursive: true})
  // More than a compressor looks back, so that it may be repeated.
  const part = Buffer.from(Array.from({length: 4000}, line).join(''))
  for (let written = 0, file = 0; written < megabytes * 1e6; file++) {
    const handle = openSync(join(folder, `graph-${file}.jsonl`), 'w')
    const end = Math.min(written + largeMegabytes * 1e6, megabytes * 1e6)
    while (written < end) written += writeSync(handle, part)
    closeSync(handle)
  }
  for (let file = 0; file < smallFiles; file++)
    writeFileSync(join(folder, 'notes', `${file}.json`), Array.from({length: 20}, line).join(''))
}

function line(): string {
  const random = randomBytes(20)
  const text = [...random.subarray(0, 12)].map(byte => words[byte % words.length]).join(' ')
  return `${JSON.stringify({type: 'entity', id: random.toString('hex'), observations: [text]})}\n`
}
