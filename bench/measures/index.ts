// Every measure, in the order in which they are taken.
import type {Measure} from '../measure.ts'
import {backup} from './backup.ts'
import {freshClone} from './freshClone.ts'
import {manyHealth} from './manyHealth.ts'
import {staging} from './staging.ts'
import {status} from './status.ts'
import {stepStart} from './stepStart.ts'

export const measures: readonly Measure[] = [staging, freshClone, status, stepStart, manyHealth(200), backup]
