// Every measure, in the order in which they are taken.
import type {Measure} from '../measure.ts'
import {backup} from './backup.ts'
import {change} from './change.ts'
import {contractDiff} from './contractDiff.ts'
import {freshClone} from './freshClone.ts'
import {ingress} from './ingress.ts'
import {ingressMemory} from './ingressMemory.ts'
import {isolatedStart} from './isolatedStart.ts'
import {manyHealth} from './manyHealth.ts'
import {rollback} from './rollback.ts'
import {staging} from './staging.ts'
import {status} from './status.ts'
import {stepStart} from './stepStart.ts'

export const measures: readonly Measure[] = [
  staging,
  freshClone,
  status,
  stepStart,
  isolatedStart,
  manyHealth(200),
  backup,
  change,
  rollback,
  ingress,
  ingressMemory,
  contractDiff,
]
