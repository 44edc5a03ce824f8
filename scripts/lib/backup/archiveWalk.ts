// Follows the entries of a tar stream, which should be those of its manifest, in its order, with its digests.
import {createHash, type Hash} from 'node:crypto'
import {Parser, type ReadEntry} from 'tar'
import {bytesOf} from '../files/byteName.ts'
import {ArchiveFault} from './archiveFault.ts'
import {type Manifest, type ManifestEntry, manifestLimits, manifestName} from './manifest.ts'
import {manifestText, tooLarge} from './manifestText.ts'
import {readManifest} from './readManifest.ts'

/** Takes what is read, once its place in the manifest is known to be right. */
export interface Sink {
  begin: (entry: ManifestEntry) => void
  /** Part of the file that began last. */
  write: (chunk: Uint8Array) => void
  /** All of the file was written, and its digest is right. */
  end: (entry: ManifestEntry) => void
}

export interface ArchiveWalk {
  /** Throws an `ArchiveFault` for the first wrong entry, or what the tar library says of bytes that are no tar. */
  next: (chunk: Buffer) => void
  end: () => Manifest
  /** The entry that is read, or the next one that should be. */
  at: () => string
}

export function archiveWalk(
  file: string,
  sink: Sink | undefined,
  onWhole: ((manifest: Manifest) => void) | undefined,
): ArchiveWalk {
  let manifest: Manifest | undefined
  let index = 0
  const at = () => (manifest === undefined ? manifestName : (manifest.entries[index]?.path ?? 'the end of the archive'))
  const fault = (what: string, path = at()) => new ArchiveFault(file, path, what)
  const parser = new Parser({strict: true, maxDecompressionRatio: Number.POSITIVE_INFINITY})

  const onManifest = (entry: ReadEntry) => {
    if (entry.path !== manifestName || entry.type !== 'File') throw fault(`should come first, got ${entry.path}`)
    if (entry.size > manifestLimits.bytes) throw fault(tooLarge(`${manifestLimits.bytes} bytes`))
    const text = manifestText()
    entry.on('data', chunk => {
      const wrong = text.add(chunk)
      if (wrong !== undefined) throw fault(wrong)
    })
    entry.on('end', () => {
      const read = readManifest(text.end())
      if (typeof read === 'string') throw fault(read)
      manifest = read
      onWhole?.(read)
    })
  }

  const onEntry = (entry: ReadEntry) => {
    const expected = manifest?.entries[index]
    const path = entry.path.replace(/\/$/, '')
    if (expected === undefined) throw fault('is not in the manifest', path)
    const what = difference(expected, path, entry)
    if (what !== undefined) throw fault(what)
    const hash = createHash('sha256')
    sink?.begin(expected)
    entry.on('data', chunk => {
      hash.update(chunk)
      sink?.write(chunk)
    })
    entry.on('end', () => {
      if (hasOther(expected, hash)) throw fault('has other contents than the manifest says')
      sink?.end(expected)
      index++
    })
  }

  parser.on('entry', (entry: ReadEntry) => (manifest === undefined ? onManifest(entry) : onEntry(entry)))
  // Kinds of entries that the library does not know; it would pass over them.
  parser.on('ignoredEntry', (entry: ReadEntry) => {
    throw fault(`is of the kind ${entry.type}, which no backup has`, entry.path)
  })
  // Without a listener an error would be thrown as well, but wrapped.
  parser.on('error', thrown => {
    throw thrown
  })
  return {
    at,
    next: chunk => {
      parser.write(chunk)
    },
    end: () => {
      if (manifest === undefined || index < manifest.entries.length)
        throw fault('is missing: the archive ends before it')
      parser.end()
      return manifest
    },
  }
}

const kinds: Record<ManifestEntry['kind'], string> = {
  folder: 'Directory',
  link: 'SymbolicLink',
  same: 'Link',
  file: 'File',
}

// The tar library decodes every name as UTF-8. Where one is not, the manifest alone says which it is.
function asRead(name: string): string {
  return name.isWellFormed() ? name : bytesOf(name).toString('utf8')
}

function difference(expected: ManifestEntry, path: string, entry: ReadEntry): string | undefined {
  if (asRead(expected.path) !== path) return `should come here, got ${path}`
  if (entry.type !== kinds[expected.kind]) return `should be of the kind ${kinds[expected.kind]}, got ${entry.type}`
  if (expected.kind === 'link' || expected.kind === 'same')
    return entry.linkpath === asRead(expected.target)
      ? undefined
      : `should link to ${expected.target}, got ${entry.linkpath}`
  if (entry.mode !== expected.mode)
    return `should have the mode ${expected.mode.toString(8)}, got ${entry.mode?.toString(8)}`
  if (expected.kind === 'folder') return undefined
  return entry.size === expected.bytes ? undefined : `should have ${expected.bytes} bytes, got ${entry.size}`
}

function hasOther(expected: ManifestEntry, hash: Hash): boolean {
  return expected.kind === 'file' && hash.digest('hex') !== expected.sha256
}
