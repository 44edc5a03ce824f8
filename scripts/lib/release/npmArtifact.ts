// Plans the tree of an npm package: what its lock pins, installed without running anything of it.
import {hash} from 'node:crypto'
import {mkdirSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import type {ArtifactPlan} from './artifact.ts'
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

export function npmArtifact({lock: {spec, manifest, lock}, machine, environment, run}: NpmArtifact): ArtifactPlan {
  const npm = async (why: string, words: string[], folder: string, signal: AbortSignal): Promise<Outcome> => {
    const command = {why, argv: npmArgv(...words), folder, environment, deadlineMs: buildDeadlineMs}
    const outcome = await run(command, signal)
    if (outcome.exitCode !== 0) throw npmError({spec, outcome, lock, deadlineMs: buildDeadlineMs})
    return outcome
  }
  return {
    key: spec.key,
    origin: `${spec.name}@${spec.version}`,
    version: spec.version,
    inputDigest: hash('sha256', JSON.stringify([manifest, lock, machine]), 'hex'),
    async make(tree, signal) {
      mkdirSync(tree)
      writeFileSync(join(tree, 'package.json'), manifest)
      writeFileSync(join(tree, 'package-lock.json'), lock)
      await npm(`install ${spec.key}`, ['ci', '--omit=dev', '--prefer-offline'], tree, signal)
      // npm's note to itself: it names the registry's host, and nothing needs it.
      rmSync(join(tree, 'node_modules', '.package-lock.json'), {force: true})
      const words = ['sbom', '--sbom-format=cyclonedx', '--package-lock-only', '--omit=dev']
      const {stdout} = await npm(`list what ${spec.key} holds`, words, tree, signal)
      return JSON.parse(stdout)
    },
  }
}
