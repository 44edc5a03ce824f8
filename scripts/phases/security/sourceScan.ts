// Scans a server's own code for credentials and fixed addresses, once for each content.
import {createHash} from 'node:crypto'
import type {FleetServer} from '../../lib/fleet/resolveFleet.ts'
import type {PhaseContext} from '../phase.ts'
import {credentialScanner, rulesVersion} from './credentialScanner.ts'
import {type AddressPlace, fixedAddresses} from './fixedAddresses.ts'
import {keep, kept} from './kept.ts'
import {type SourceFile, type SourceFiles, sourceFiles} from './sourceFiles.ts'

export interface SourceScan extends Omit<SourceFiles, 'files'> {
  files: number
  credentials: {path: string; line: number; kind: string}[]
  addresses: AddressPlace[]
}

/** Raised when the same files would be judged otherwise. */
const scanVersion = 2

/** Undefined when the code is not on this machine. */
export async function sourceScan(
  settings: FleetServer,
  {folder, instance}: Pick<PhaseContext, 'folder' | 'instance'>,
): Promise<SourceScan | undefined> {
  const found = sourceFiles(settings, {folder, releaseFolder: instance.releaseFolder})
  if (found === undefined) return undefined
  const {files, ...unread} = found
  const key = `sources-${digestOf(files)}`
  const known = kept<Omit<SourceScan, keyof typeof unread>>(folder, key)
  if (known !== undefined) return {...known, ...unread}
  const scan = {files: files.length, credentials: await credentialsIn(files), addresses: fixedAddresses(files)}
  keep(folder, key, scan)
  return {...scan, ...unread}
}

async function credentialsIn(files: readonly SourceFile[]): Promise<SourceScan['credentials']> {
  const scanner = await credentialScanner()
  const found: SourceScan['credentials'] = []
  for (const {path, text} of files)
    for (const {kind, line} of await scanner.scan(text, path)) found.push({path, line, kind})
  return found
}

function digestOf(files: readonly SourceFile[]): string {
  const hash = createHash('sha256').update(`${scanVersion}\n${rulesVersion()}\n`)
  for (const {path, text, written} of files) hash.update(`${path}\0${written}\0${text.length}\0`).update(text)
  return hash.digest('hex').slice(0, 24)
}
