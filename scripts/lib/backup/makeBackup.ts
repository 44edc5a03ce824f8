// Makes a backup of what is live, reads it back, and gives it its name only when every digest was right.

import {existsSync, renameSync, rmSync} from 'node:fs'
import {hostname} from 'node:os'
import {join} from 'node:path'
import {UserError} from '../errors/userError.ts'
import {shownName} from '../files/byteName.ts'
import type {SecretValues} from '../fleet/secrets.ts'
import type {Documents} from '../records/documents.ts'
import {releaseIn} from '../release/readRelease.ts'
import {type Release, shortDigest} from '../release/release.ts'
import {digestFile} from '../state/digestFile.ts'
import {version} from '../text/version.ts'
import {encryptFile} from './ageStream.ts'
import {type BackupReason, beforeRestore, readIndex, writeIndex} from './backupIndex.ts'
import type {BackupKey} from './backupKey.ts'
import {type BackupSources, backupSources} from './backupSources.ts'
import {type Manifest, manifestDigest, manifestSchema} from './manifest.ts'
import {readArchive} from './readArchive.ts'
import {type Snapshot, snapshot} from './snapshot.ts'
import {syncFolder} from './syncFolder.ts'
import {withFolders} from './withFolders.ts'
import {inWorkFolder} from './workFolder.ts'
import {writeArchive} from './writeArchive.ts'

export interface MakeBackup extends BackupSources {
  /** Which have the index. */
  documents: Documents
  reason: BackupReason
  run: string
  now: Date
  /** Values of all secrets of the live instance, which must not be in the archive. */
  secrets: SecretValues
  /** With it an encrypted backup is read back as a restore reads it. */
  key?: BackupKey
  signal: AbortSignal
}

export interface MadeBackup {
  path: string
  bytes: number
  sha256: string
  manifest: Manifest
  /** Whether it is encrypted, and was decrypted again; without the key only what was to be encrypted was read back. */
  encrypted: 'no' | 'decrypted again' | 'key not here'
  /** Sentences about state that a person should know of. */
  findings: string[]
}

/** The folder of an environment's backups: `backups/<fleet>/<environment>` beside the fleet file. */
export function backupFolder({folder, name, environment}: {folder: string; name: string; environment: string}): string {
  return join(folder, 'backups', name, environment)
}

/** Throws a `UserError` when the state did not hold still, a secret would get in, or the disk is full. */
export async function makeBackup(options: MakeBackup): Promise<MadeBackup> {
  const {fleet, documents, instance, now, reason, run, signal, withCode} = options
  const folder = backupFolder(fleet)
  const time = now.toISOString().replace(/[-:Z]/g, '').replace(/[T.]/g, '-')
  const mark = reason === 'restore' ? beforeRestore : ''
  const ending = fleet.encryption === undefined ? 'tar.gz' : 'tar.gz.age'
  const path = join(folder, `${time}-${shortDigest(instance.release)}${mark}.${ending}`)
  if (existsSync(path)) throw new UserError(`${path}: there is such a backup already`, 'run it again')
  return inWorkFolder(folder, async work => {
    const {manifest, findings} = await gather(join(work, 'tree'), options)
    const plain = join(work, 'archive.tar.gz')
    const contentOf = (entry: string) => join(work, 'tree', entry)
    const written = await writeArchive({file: plain, manifest, contentOf, signal})
    const read = await readArchive({file: plain, key: options.key, signal})
    if (read.sha256 !== written.sha256) throw readsBackOtherwise(plain)
    const {file, bytes, sha256, encrypted} = await seal({file: plain, ...written}, options)
    // In the index first: an entry without its file is passed over, a file without its entry would never be removed.
    const made = {path, host: hostname(), release: instance.release, run, at: manifest.at, bytes, sha256, withCode}
    const servers = Object.keys(manifest.state)
    const readBack = encrypted === 'key not here' ? 'before encryption' : 'whole'
    await writeIndex(documents, [...(await readIndex(documents)), {...made, reason, servers, readBack}])
    renameSync(file, path)
    syncFolder(folder)
    return {path, bytes, sha256, manifest, encrypted, findings}
  })
}

interface Sealed extends Pick<MadeBackup, 'bytes' | 'sha256' | 'encrypted'> {
  file: string
}

/** Encrypts it where the fleet file names recipients; then the plain one is gone. */
async function seal(plain: Omit<Sealed, 'encrypted'>, {fleet, key, signal}: MakeBackup): Promise<Sealed> {
  if (fleet.encryption === undefined) return {...plain, encrypted: 'no'}
  const file = `${plain.file}.age`
  const {bytes, sha256} = await encryptFile({
    from: plain.file,
    to: file,
    recipients: fleet.encryption.recipients,
    signal,
  })
  rmSync(plain.file)
  const isHere = key?.path !== undefined
  const read = isHere ? (await readArchive({file, key, signal})).sha256 : await digestFile(file, signal)
  if (read !== sha256) throw readsBackOtherwise(file)
  return {file, bytes, sha256, encrypted: isHere ? 'decrypted again' : 'key not here'}
}

function readsBackOtherwise(file: string): UserError {
  return new UserError(`${file}: was written, but reads back as something else`, 'check the disk')
}

async function gather(to: string, options: MakeBackup): Promise<{manifest: Manifest; findings: string[]}> {
  const {fleet, instance, now, run, secrets, signal, withCode} = options
  const sources = backupSources(options)
  refuseLeftOut(sources.leftOut, options.reason)
  const files: Snapshot[] = []
  for (const source of sources.files) files.push(await snapshot({source, to, secrets, signal}))
  refuseSecrets(files)
  const state: [string, readonly string[], Snapshot][] = []
  for (const [server, source] of Object.entries(sources.state))
    state.push([server, source.paths, await snapshot({source, to, secrets, signal})])
  const live = releaseIn(instance.releaseFolder)
  const taken = [...files, ...state.map(([, , one]) => one)]
  const content = {
    schema: manifestSchema,
    fleet: fleet.name,
    environment: fleet.environment,
    release: instance.release,
    run,
    at: now.toISOString(),
    seaworthy: version(),
    root: fleet.root,
    state: Object.fromEntries(state.map(([server, paths, {absent}]) => [server, {paths: [...paths], absent}])),
    needs: live.release === undefined ? unknownNeeds : needsOf(live.release, withCode),
    entries: withFolders(taken.flatMap(({entries}) => entries)),
  } as const
  return {
    manifest: {...content, digest: manifestDigest(content)},
    findings: [
      ...sources.leftOut.map(sentence => `${sentence}, so it is not in the backup`),
      ...(live.fault === undefined ? [] : [`the backup names no code to build, since ${live.fault}`]),
      ...state.flatMap(([server, , one]) => findingsOf(server, one)),
    ],
  }
}

// State must be kept also where the release that is live is damaged or gone; then a restore finds its code elsewhere, or does not.
const unknownNeeds: Manifest['needs'] = {contained: false, node: 'unknown', platform: 'unknown', artifacts: []}

function needsOf({runtime, servers, bridges}: Release, contained: boolean): Manifest['needs'] {
  const trees = {
    ...Object.fromEntries(Object.entries(servers).map(([name, tree]) => [`servers/${name}`, tree])),
    ...Object.fromEntries(Object.entries(bridges).map(([key, tree]) => [`bridges/${key}`, tree])),
  }
  const artifacts = Object.entries(trees).map(([tree, {origin, version, digest}]) => ({tree, origin, version, digest}))
  return {contained, node: runtime.node, platform: runtime.platform, artifacts}
}

// A backup holds everything or fails. But the deploy of a corrected fleet file, and a restore, are the ways out of it.
function refuseLeftOut(leftOut: readonly string[], reason: BackupReason): void {
  if (leftOut.length === 0 || reason !== 'manual') return
  throw new UserError(
    leftOut.join('\n'),
    'correct state.paths in the fleet file, rehearse it, then pnpm deploy:production, which goes on without that path',
  )
}

function refuseSecrets(files: readonly Snapshot[]): void {
  const found = files.flatMap(({secrets}) => secrets)
  if (found.length === 0) return
  const places = found.map(({path, names}) => `${path} holds the value of ${names.join(', ')}`)
  throw new UserError(
    `a backup should hold names of secrets only, but ${places.join('; ')}`,
    'take the value out of the fleet file and deploy again; the server gets it as a variable',
  )
}

function findingsOf(server: string, {secrets, skipped, heldMs}: Snapshot): string[] {
  const held =
    heldMs === undefined ? [] : [`${server} was held still for ${(heldMs / 1000).toFixed(1)} s to copy its state`]
  return [
    ...secrets.map(
      ({path, names}) => `${shownName(path)} is state and holds the value of ${names.join(', ')}: so does the backup`,
    ),
    ...skipped.map(path => `${shownName(path)} is no file, folder or link, so it is not in the backup`),
    ...held,
  ]
}
