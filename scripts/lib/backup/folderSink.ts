// Writes the entries of an archive below an empty folder, and nowhere else.
import {
  chmodSync,
  closeSync,
  fchmodSync,
  fsyncSync,
  ftruncateSync,
  futimesSync,
  linkSync,
  lutimesSync,
  mkdirSync,
  openSync,
  symlinkSync,
  utimesSync,
} from 'node:fs'
import {join} from 'node:path'
import {bytesOf, pathOf} from '../files/byteName.ts'
import {isZero, writeWhole} from '../state/copyFile.ts'
import type {Sink} from './archiveWalk.ts'
import type {ManifestEntry} from './manifest.ts'

export interface FolderSink extends Sink {
  /** Once all is there: gives folders their modes, which may forbid to write into them. */
  finish: () => void
  /** Closes what an early end left open. */
  close: () => void
}

/** Every name is made here, in a folder made here: what is there already, a link above all, is never written through. */
export function folderSink(folder: string): FolderSink {
  const folders: (ManifestEntry & {kind: 'folder'})[] = []
  let file: number | undefined
  let place = 0
  let holes = false
  const close = () => {
    if (file !== undefined) closeSync(file)
    file = undefined
  }
  return {
    begin: entry => {
      const path = pathOf(join(folder, entry.path))
      if (entry.kind === 'link') {
        symlinkSync(bytesOf(entry.target), path)
        if (entry.modifiedMs !== undefined) lutimesSync(path, entry.modifiedMs / 1000, entry.modifiedMs / 1000)
      } else if (entry.kind === 'same') linkSync(pathOf(join(folder, entry.target)), path)
      else if (entry.kind === 'file') {
        file = openSync(path, 'wx', 0o600)
        place = 0
        holes = entry.storedBytes !== undefined
      } else {
        mkdirSync(path, {mode: 0o700})
        folders.push(entry)
      }
    },
    write: chunk => {
      if (file === undefined) return
      for (const part of holes ? partsOf(chunk) : [chunk]) {
        if (!holes || !isZero(part)) writeWhole(file, part, place)
        place += part.length
      }
    },
    end: entry => {
      if (entry.kind !== 'file' || file === undefined) return
      if (holes) ftruncateSync(file, place)
      fchmodSync(file, entry.mode)
      futimesSync(file, entry.modifiedMs / 1000, entry.modifiedMs / 1000)
      fsyncSync(file)
      close()
    },
    finish: () => {
      for (const {path, mode, modifiedMs} of folders.toReversed()) {
        const at = pathOf(join(folder, path))
        chmodSync(at, mode)
        if (modifiedMs !== undefined) utimesSync(at, modifiedMs / 1000, modifiedMs / 1000)
      }
    },
    close,
  }
}

// Small enough that a hole between two parts of data is found, and as large as a block of most file systems.
const partBytes = 4096

function* partsOf(chunk: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < chunk.length; at += partBytes) yield chunk.subarray(at, at + partBytes)
}
