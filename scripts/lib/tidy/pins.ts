// What is never removed of an environment: everything that its files, its records and its running programs name.
import {join} from 'node:path'
import {readIndex} from '../backup/backupIndex.ts'
import {newestVerified} from '../cutover/earlierRelease.ts'
import {readStandby} from '../cutover/standbyFile.ts'
import {readTransition} from '../cutover/transitionFile.ts'
import {namesIfThere, readIfThere} from '../files/ifThere.ts'
import {textIfReadable} from '../files/textIfReadable.ts'
import {readInstance} from '../instance/savedInstance.ts'
import {processStart} from '../process/processIdentity.ts'
import type {Documents} from '../records/documents.ts'
import type {Records} from '../records/records.ts'
import {shortDigest} from '../release/release.ts'

export interface Pins {
  /** Digests of releases, whole or short. */
  releases: string[]
  /** Texts that name releases and copies by their paths: descriptions, and command lines of programs that run. */
  texts: string[]
  runs: string[]
}

// The last verified one, and the one to which a rollback goes from it.
const verifiedKept = 2

/** Throws when a file cannot be understood: then nothing may be removed. */
export async function pinsOf(
  root: string,
  {records: {live: livePointer, releases}, documents}: {records: Records; documents: Documents},
): Promise<Pins> {
  const [live, records, transition, instance, standby, index] = await Promise.all([
    livePointer(),
    releases(),
    readTransition(documents, root),
    readInstance(documents, root, 'live'),
    readStandby(documents, root),
    readIndex(documents),
  ])
  const good = newestVerified(records).filter(record => record.rolledBack === undefined)
  return {
    releases: [
      ...[live?.release, instance?.release, transition?.from?.release, transition?.to?.release],
      ...good.slice(0, verifiedKept).map(({release}) => release),
      ...index.map(({release}) => release),
    ].filter(release => release !== undefined),
    texts: [JSON.stringify([instance, transition, standby]), ...runningTexts(join(root, 'instances', 'live'))],
    runs: [
      live?.run,
      transition?.run,
      ...records.flatMap(({deployed, verified}) => [deployed?.run, verified?.run]),
    ].filter(run => run !== undefined),
  }
}

/** `path` is the folder of a release, named for the beginning of its digest, or of a copy. */
export function isPinned(path: string, {releases, texts}: Pins): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return releases.some(release => shortDigest(release) === name) || texts.some(text => names(text, name))
}

// As a folder of a path: another copy's name may begin in the same way.
function names(text: string, folder: string): boolean {
  return text.split(`/${folder}`).some((rest, index) => index > 0 && !/^[\w.-]/.test(rest))
}

/** Of a program that runs, its folder and its words; of others nothing. */
function runningTexts(folder: string): string[] {
  const programs = [
    join(folder, 'ingress'),
    ...namesIfThere(join(folder, 'copies')).map(name => join(folder, 'copies', name)),
  ]
  return programs.flatMap(program => {
    const pids = ['child', 'supervisor'].flatMap(file => runningPid(join(program, file)) ?? [])
    return pids.length === 0 ? [] : [program, ...pids.map(wordsOf)]
  })
}

function runningPid(file: string): number | undefined {
  const [pid, start] = (readIfThere(file) ?? '').trim().split(/\s+/, 2)
  const now = pid === undefined || pid === '' ? undefined : processStart(Number(pid))
  return now !== undefined && now.replaceAll(/\s+/g, '_') === start ? Number(pid) : undefined
}

// Where there is no /proc, the description names what runs.
function wordsOf(pid: number): string {
  return textIfReadable(`/proc/${pid}/cmdline`) ?? ''
}
