// Runs a step that is killed at its Nth effect, together with its process group.
import assert from 'node:assert/strict'
import {existsSync, readFileSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import type {LiveRig} from './liveRig.ts'

const preload = join(import.meta.dirname, 'killAt.mjs')

export interface KilledAt {
  step: string
  flags?: readonly string[]
  /** The effect at which it is killed; 0 lets it run to its end. */
  at: number
}

/** Gives what it did, effect by effect, such as `entry step started 60-deploy` or `after rename transition.json`. */
export async function killedAt(rig: LiveRig, {step, flags = [], at}: KilledAt): Promise<string[]> {
  const log = join(rig.folder, 'effects')
  rmSync(log, {force: true})
  const env = {
    NODE_OPTIONS: `--import=${preload}`,
    SWEEP_KINDS: 'entry,after',
    SWEEP_AT: String(at),
    SWEEP_LOG: log,
  }
  const ended = await rig.step(step, flags, {env})
  const effects = existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n') : []
  if (at > 0 && effects.length >= at) assert.equal(ended.signal, 'SIGKILL', `${step} at ${at}: ${ended.said}`)
  else assert.equal(ended.code, 0, `${step} at ${at}: ${ended.said}`)
  return effects.map(line => line.replace(/^\d+ /, ''))
}
