// Plans the tree of an npm package: what its lock pins, installed without running anything of it.
import {hash} from 'node:crypto'
import {mkdirSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {UserError} from '../errors/userError.ts'
import type {ArtifactPlan} from './artifact.ts'
import {installedTreeFaults} from './installedTree.ts'
import {buildDeadlineMs, npmArgv, type Outcome, type RunCommand} from './npm.ts'
import {npmError} from './npmError.ts'
import type {PackageLock} from './packageLock.ts'

export interface NpmArtifact {
  lock: PackageLock
  /** Node version and platform, as `v26.10.0 linux-x64`. */
  machine: string
  environment: Readonly<Record<string, string | undefined>>
  run: RunCommand
}

export function npmArtifact({
  lock: {spec, manifest, lock, scripts},
  machine,
  environment,
  run,
}: NpmArtifact): ArtifactPlan {
  const npm = async (why: string, argv: string[], folder: string, signal: AbortSignal): Promise<Outcome> => {
    const outcome = await run({why, argv, folder, environment, deadlineMs: buildDeadlineMs}, signal)
    if (outcome.exitCode !== 0) throw npmError({spec, outcome, lock, deadlineMs: buildDeadlineMs})
    return outcome
  }
  return {
    key: spec.key,
    origin: `${spec.name}@${spec.version}`,
    version: spec.version,
    scripts,
    inputDigest: hash('sha256', JSON.stringify([manifest, lock, machine]), 'hex'),
    async make(tree, signal) {
      mkdirSync(tree)
      writeFileSync(join(tree, 'package.json'), manifest)
      writeFileSync(join(tree, 'package-lock.json'), lock)
      const install = npmArgv(['ci', '--omit=dev', '--prefer-offline'], scripts.length > 0)
      await npm(`install ${spec.key}`, install, tree, signal)
      const faults = installedTreeFaults(tree, lock)
      if (faults.length > 0) {
        throw new UserError(
          `${spec.place}: what npm installed is not what locks/${spec.key} pins: it ${faults.join('; it ')}`,
          'find out why; only if that is right: pnpm fleet:lock --refresh',
        )
      }
      // npm's note to itself: it names the registry's host, and nothing needs it.
      rmSync(join(tree, 'node_modules', '.package-lock.json'), {force: true})
      const list = npmArgv(['sbom', '--sbom-format=cyclonedx', '--package-lock-only', '--omit=dev'])
      const {stdout} = await npm(`list what ${spec.key} holds`, list, tree, signal)
      return JSON.parse(stdout)
    },
  }
}
