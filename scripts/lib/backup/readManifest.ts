// Reads the manifest of an archive that may come from anywhere, and refuses one that is damaged or would escape.
import {posix} from 'node:path'
import {bytesOf} from '../files/byteName.ts'
import {linkEscape} from '../files/linkEscape.ts'
import {describeIssue} from '../saved/describeIssue.ts'
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
    // The shape refuses what is no JSON, and says so.
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
  const files = new Set<string>()
  for (const entry of entries) {
    const {path} = entry
    if (!isPathBelow(path)) return `names ${JSON.stringify(path)}, which is no path below a folder`
    if (seen.has(path)) return `names ${path} twice`
    if (!folders.has(posix.dirname(path))) return `names ${path}, whose folder is not in it`
    if (
      entry.kind === 'same' &&
      (!files.has(entry.target) || homeOf(path) === undefined || homeOf(entry.target) !== homeOf(path))
    )
      return `names ${path} as another name of ${entry.target}, which is no file before it in the same state`
    seen.add(path)
    if (entry.kind === 'file') files.add(path)
    if (entry.kind === 'folder') folders.add(path)
  }
  return leavingLink(entries)
}

// Archives that were made follow a few names for each link; without a limit a forged one could take hours.
const namesFollowedAtMost = 4_000_000

/** Links are followed over other links of the archive, which may come later in it. */
function leavingLink(entries: readonly ManifestEntry[]): string | undefined {
  const links = new Map(entries.flatMap(entry => (entry.kind === 'link' ? [[entry.path, entry.target]] : [])))
  let followed = 0
  for (const [path, target] of links) {
    const home = homeOf(path)
    const inside = path.slice(home?.length)
    if (home === undefined || target.includes('\0')) return `links ${path} to ${target}, outside`
    const targetOf = (below: string) => {
      followed += 1 + below.length / 100
      return followed > namesFollowedAtMost ? undefined : links.get(home + below)
    }
    const outside = linkEscape({path: inside, target, targetOf})
    if (outside !== undefined) return `links ${path} to ${target}, which leads outside: ${outside}`
    if (followed > namesFollowedAtMost) return 'has more links over links than any backup'
  }
  return undefined
}

function isPathBelow(path: string): boolean {
  if (path.includes('\0') || posix.isAbsolute(path)) return false
  return path.split('/').every(name => !['', '.', '..'].includes(name) && bytesOf(name).length <= nameBytesAtMost)
}

const homes = /^environment\/(instances\/live\/state|releases)\/[^/]+\//

// Where a link may lie and lead: the state of one server, or one release.
function homeOf(path: string): string | undefined {
  return homes.exec(path)?.[0]
}
