// Writes the entries of an archive below an empty folder, and nowhere else.
import {chmodSync, closeSync, fchmodSync, fsyncSync, futimesSync, mkdirSync, openSync, symlinkSync} from 'node:fs'
import {join} from 'node:path'
import {writeWhole} from './copyFile.ts'
import type {ManifestEntry} from './manifest.ts'
import type {Sink} from './readArchive.ts'

export interface FolderSink extends Sink {
  /** Once all is there: gives folders their modes, which may forbid to write into them. */
  finish: () => void
  /** Closes what an early end left open. */
  close: () => void
}

/** Every name is made anew, in a folder made here: what is there already, a link above all, is never written through. */
export function folderSink(folder: string): FolderSink {
  const folders: (ManifestEntry & {kind: 'folder'})[] = []
  let file: number | undefined
  const close = () => {
    if (file !== undefined) closeSync(file)
    file = undefined
  }
  return {
    begin: entry => {
      const path = join(folder, entry.path)
      if (entry.kind === 'link') symlinkSync(entry.target, path)
      else if (entry.kind === 'file') file = openSync(path, 'wx', 0o600)
      else {
        mkdirSync(path, {mode: 0o700})
        folders.push(entry)
      }
    },
    write: chunk => {
      if (file !== undefined) writeWhole(file, chunk)
    },
    end: entry => {
      if (entry.kind !== 'file' || file === undefined) return
      fchmodSync(file, entry.mode)
      futimesSync(file, entry.modifiedMs / 1000, entry.modifiedMs / 1000)
      fsyncSync(file)
      close()
    },
    finish: () => {
      for (const {path, mode} of folders.toReversed()) chmodSync(join(folder, path), mode)
    },
    close,
  }
}
