// Makes what all stands share: the preload as one file, and the folder in which releases are built and kept.
import {join} from 'node:path'
import {writeAtomically} from '../../scripts/lib/files/writeAtomically.ts'
import {bundle} from '../../scripts/lib/release/bundle.ts'
import type {Workshop} from './stand.ts'
import {project} from './subjects.ts'

export async function makeWorkshop(signal: AbortSignal): Promise<Workshop> {
  // Whether advisories are known of a package changes from day to day, and is no matter of this score.
  process.env.npm_config_audit = 'false'
  const buildRoot = join(project, 'node_modules', '.cache', 'mutants')
  const preload = join(buildRoot, `preload.${process.pid}.mjs`)
  writeAtomically(preload, await bundle(join(import.meta.dirname, 'proxy', 'preload.ts')))
  return {preload, buildRoot, signal}
}
