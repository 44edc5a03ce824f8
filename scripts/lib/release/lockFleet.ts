// Locks every npm package of a fleet: one folder below locks/ for each, with the integrity of all that it needs.
import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import type {Fleet} from '../fleet/resolveFleet.ts'
import {UserError} from '../userError.ts'
import {writeAtomically} from '../writeAtomically.ts'
import {buildDeadlineMs, npmArgv, type RunCommand, runCommand} from './npm.ts'
import {npmError} from './npmError.ts'
import {lockFault, lockManifest, readPackageLock} from './packageLock.ts'
import {type PackageSpec, packageSpecs} from './packageSpec.ts'
import {stopOnFailure} from './stopOnFailure.ts'

export interface LockFleet {
  fleet: Pick<Fleet, 'folder' | 'servers'>
  signal: AbortSignal
  /** Makes good locks anew too, which takes up newer versions of what the packages need. */
  refresh?: boolean
  environment?: Readonly<Record<string, string | undefined>>
  run?: RunCommand
}

export interface LockedFleet {
  /** Keys of the packages that were locked now, that had a good lock, and of locks that the fleet does not use. */
  written: string[]
  kept: string[]
  unused: string[]
}

/** Writes `locks/<key>/` beside the fleet file. Throws a `UserError`; a lock is written whole or left as it was. */
export async function lockFleet(options: LockFleet): Promise<LockedFleet> {
  const {fleet, signal, refresh = false, environment = process.env, run = runCommand} = options
  const locks = join(fleet.folder, 'locks')
  const specs = packageSpecs(fleet)
  const due = specs.filter(spec => refresh || typeof readPackageLock(locks, spec) === 'string')
  await stopOnFailure(due, signal, async (spec, stop) => {
    const text = await lockPackage(spec, environment, run, stop)
    writeAtomically(join(locks, spec.key, 'package.json'), lockManifest(spec))
    writeAtomically(join(locks, spec.key, 'package-lock.json'), text)
  })
  const keys = specs.map(spec => spec.key)
  const written = due.map(spec => spec.key)
  return {
    written,
    kept: keys.filter(key => !written.includes(key)),
    unused: foldersIn(locks).filter(key => !keys.includes(key)),
  }
}

async function lockPackage(
  spec: PackageSpec,
  environment: LockFleet['environment'] & {},
  run: RunCommand,
  signal: AbortSignal,
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'lock-'))
  try {
    writeFileSync(join(folder, 'package.json'), lockManifest(spec))
    const argv = npmArgv('install', '--package-lock-only')
    const why = `lock ${spec.name}@${spec.version}`
    const outcome = await run({why, argv, folder, environment, deadlineMs: buildDeadlineMs}, signal)
    if (outcome.exitCode !== 0) throw npmError({spec, outcome, deadlineMs: buildDeadlineMs})
    const text = readFileSync(join(folder, 'package-lock.json'), 'utf8')
    const fault = lockFault(spec, text)
    if (fault !== undefined) throw new UserError(`${spec.place}: the lock that npm made ${fault}`)
    return text
  } finally {
    rmSync(folder, {recursive: true, force: true})
  }
}

function foldersIn(path: string): string[] {
  try {
    const entries = readdirSync(path, {withFileTypes: true})
    return entries.filter(entry => entry.isDirectory()).map(entry => entry.name)
  } catch {
    return []
  }
}
