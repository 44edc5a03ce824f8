// Reads the manifest of an archive that may come from anywhere, and refuses one that is damaged or would escape.
import {posix} from 'node:path'
import {describeIssue} from '../fleet/describeIssue.ts'
import {type Manifest, type ManifestEntry, manifestDigest, manifestLimits, manifestShape} from './manifest.ts'
import {tooLarge} from './manifestText.ts'

/** The manifest, or a sentence part about what is wrong with it. */
export function readManifest(text: string): Manifest | string {
  const value = json(text)
  // Before the shape of each is looked at.
  const {entries} = (value ?? {}) as {entries?: unknown}
  if (Array.isArray(entries) && entries.length > manifestLimits.entries)
    return tooLarge(`${manifestLimits.entries} entries`)
  const parsed = manifestShape.safeParse(value, {reportInput: true})
  if (!parsed.success) return `should be the manifest of a backup: ${firstFault(parsed.error.issues)}`
  const digest = manifestDigest(parsed.data)
  if (digest !== parsed.data.digest) return `its content should have the digest ${parsed.data.digest}, it has ${digest}`
  return escaping(parsed.data.entries) ?? parsed.data
}

function firstFault(issues: readonly Parameters<typeof describeIssue>[0][]): string {
  const [fault] = issues.flatMap(issue => describeIssue(issue, () => []))
  return fault === undefined ? 'it is none' : `${fault.path.join('.') || 'it'} ${fault.message}`
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

// What file systems take for one name.
const nameBytesAtMost = 255

/**
 * Every entry lies in a folder that an earlier entry makes, so that nothing is ever written through a link, and links
 * stay within the state of one server or within one release.
 */
function escaping(entries: readonly ManifestEntry[]): string | undefined {
  const folders = new Set(['.'])
  const seen = new Set<string>()
  for (const entry of entries) {
    const {path} = entry
    if (!isPathBelow(path)) return `names ${JSON.stringify(path)}, which is no path below a folder`
    if (seen.has(path)) return `names ${path} twice`
    if (!folders.has(posix.dirname(path))) return `names ${path}, whose folder is not in it`
    if (entry.kind === 'link' && !staysHome(path, entry.target)) return `links ${path} to ${entry.target}, outside`
    seen.add(path)
    if (entry.kind === 'folder') folders.add(path)
  }
  return undefined
}

function isPathBelow(path: string): boolean {
  if (path.includes('\0') || posix.isAbsolute(path)) return false
  return path.split('/').every(name => !['', '.', '..'].includes(name) && Buffer.byteLength(name) <= nameBytesAtMost)
}

const homes = /^environment\/(instances\/live\/state|releases)\/[^/]+\//

/** Whether a link at that path points to something in the same server's state, or in the same release. */
export function staysHome(path: string, target: string): boolean {
  const home = homes.exec(path)?.[0]
  if (home === undefined || posix.isAbsolute(target) || target.includes('\0')) return false
  return `${posix.join(posix.dirname(path), target)}/`.startsWith(home)
}
