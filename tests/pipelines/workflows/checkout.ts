// Makes the folder of a rig a checkout in which the written workflows can be played, with an npm and an npx that install nothing.
import {chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs'
import {delimiter, join} from 'node:path'

import {workflowFiles} from '../../../pipelines/workflows/workflowFiles.ts'
import type {Rig} from '../../rig.ts'
import type {PlayJob} from './playJob.ts'

/** What `playJob` needs beside the name of the job; `name` is that of the workflow file. */
export function checkout(rig: Rig, name: string): Pick<PlayJob, 'text' | 'folder' | 'env'> {
  for (const part of ['scripts', 'pipelines', 'templates', 'ingress', 'node_modules', 'package.json', 'pnpm-lock.yaml'])
    symlinkSync(join(rig.project, part), join(rig.folder, part))
  const bin = join(rig.folder, 'bin')
  mkdirSync(bin)
  for (const [name, body] of [
    ['npx', ''],
    ['npm', ''],
    // Whoever writes to it must not be ended by SIGPIPE.
    ['sha512sum', 'cat >/dev/null'],
  ] as const) {
    writeFileSync(join(bin, name), `#!/bin/sh\necho "$@" > "${bin}/${name}.said"\n${body}\n`)
    chmodSync(join(bin, name), 0o755)
  }
  const text = workflowText(rig, name)
  const {NODE_COMPILE_CACHE = '', HOME = '', XDG_STATE_HOME = '', ...more} = rig.environment()
  // No Node but the one that the job puts there.
  const PATH = [bin, '/usr/bin', '/bin'].join(delimiter)
  return {text, folder: rig.folder, env: {...more, NODE_COMPILE_CACHE, HOME, XDG_STATE_HOME, PATH, RUNNER_TEMP: bin}}
}

/** The workflow as it is written for the fleet of that rig. */
export function workflowText(rig: Rig, name: string): string {
  const raw = JSON.parse(readFileSync(rig.fleetPath, 'utf8'))
  const text = workflowFiles({fleetPath: 'fleet.yaml', raw}).find(file => file.name === name)?.text
  if (text === undefined) throw new Error(`there is no workflow ${name}`)
  return text
}
