// Every target by name.

import {UserError} from '../lib/errors/userError.ts'
import type {Target} from '../lib/target/target.ts'
import {nearest} from '../lib/text/nearest.ts'
import {local} from './local.ts'

export const targets: readonly Target[] = [local]

export const targetNames = targets.map(target => target.name)

/** The target of that name; an unknown one is a fault that lists the known. */
export function targetOf(name: string): Target {
  const target = targets.find(candidate => candidate.name === name)
  if (target === undefined)
    throw new UserError(`there is no target ${name}`, `${nearest(name, targetNames)}known: ${targetNames.join(', ')}`)
  return target
}
