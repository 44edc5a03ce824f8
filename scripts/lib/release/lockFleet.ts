// Locks every npm package of a fleet: one folder below locks/ for each, with the integrity of all that it needs.
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {UserError} from '../errors/userError.ts'
import {entriesIfThere} from '../files/ifThere.ts'
import {checkoutMode, writeAtomically} from '../files/writeAtomically.ts'
import type {Fleet} from '../fleet/resolveFleet.ts'
import {lockFaults} from './lockFaults.ts'
import {scriptedPackages} from './lockShape.ts'
import {buildDeadlineMs, npmArgv, type RunCommand, runCommand} from './npm.ts'
import {npmError} from './npmError.ts'
import {lockManifest, readPackageLock} from './packageLock.ts'
import {type PackageSpec, packageSpecs} from './packageSpec.ts'
import {stopOnFailure} from './stopOnFailure.ts'

export interface LockFleet {
  fleet: Pick<Fleet, 'folder' | 'servers'>
  signal: AbortSignal
  /** Makes good locks again too, which takes up newer versions of what the packages need. */
  refresh?: boolean
  environment?: Readonly<Record<string, string | undefined>>
  run?: RunCommand
}

export interface LockedFleet {
  /** Keys of the packages that were locked now, that had a good lock, and of locks that the fleet does not use. */
  written: string[]
  kept: string[]
  unused: string[]
  /** By key: the packages of the tree that have an install script, and whether the fleet file lets it run. */
  scripts: Record<string, {name: string; version: string; allowed: boolean}[]>
}

/** Writes `locks/<key>/` beside the fleet file. Throws a `UserError`; a lock is written whole or left as it was. */
export async function lockFleet(options: LockFleet): Promise<LockedFleet> {
  const {fleet, signal, refresh = false, environment = process.env, run = runCommand} = options
  const locks = join(fleet.folder, 'locks')
  const specs = packageSpecs(fleet)
  const due = specs.filter(spec => refresh || Array.isArray(readPackageLock(locks, {...spec, scripts: []})))
  await stopOnFailure(due, signal, async (spec, stop) => {
    const text = await lockPackage(spec, environment, run, stop)
    writeAtomically(join(locks, spec.key, 'package.json'), lockManifest(spec), checkoutMode)
    writeAtomically(join(locks, spec.key, 'package-lock.json'), text, checkoutMode)
  })
  const keys = specs.map(spec => spec.key)
  const written = due.map(spec => spec.key)
  return {
    written,
    kept: keys.filter(key => !written.includes(key)),
    unused: entriesIfThere(locks)
      .filter(entry => entry.isDirectory() && !keys.includes(entry.name))
      .map(({name}) => name),
    scripts: Object.fromEntries(specs.map(spec => [spec.key, scriptsOf(locks, spec)])),
  }
}

function scriptsOf(locks: string, spec: PackageSpec) {
  const lock = readFileSync(join(locks, spec.key, 'package-lock.json'), 'utf8')
  return scriptedPackages(lock).map(one => ({...one, allowed: spec.scripts.includes(one.name)}))
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
    const argv = npmArgv(['install', '--package-lock-only'])
    const why = `lock ${spec.name}@${spec.version}`
    const outcome = await run({why, argv, folder, environment, deadlineMs: buildDeadlineMs}, signal)
    if (outcome.exitCode !== 0) throw npmError({spec, outcome, deadlineMs: buildDeadlineMs})
    const text = readFileSync(join(folder, 'package-lock.json'), 'utf8')
    const faults = lockFaults(spec, text)
    if (faults.length > 0)
      throw new UserError(
        `${spec.place}: the lock that npm made ${faults.join('; it ')}`,
        'choose a version of the package that needs only packages of a registry',
      )
    return text
  } finally {
    rmSync(folder, {recursive: true, force: true})
  }
}
