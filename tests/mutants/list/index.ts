// Every mutant: faults with the checks that claim to see them, and harmless changes.
import type {Fault, Harmless} from '../mutant.ts'
import {answerFaults} from './answerFaults.ts'
import {consistencyFaults} from './consistencyFaults.ts'
import {contractFaults} from './contractFaults.ts'
import {harmlessChanges} from './harmless.ts'
import {lastingFaults} from './lastingFaults.ts'
import {programFaults} from './programFaults.ts'

export const faults: readonly Fault[] = [
  ...contractFaults,
  ...consistencyFaults,
  ...answerFaults,
  ...programFaults,
  ...lastingFaults,
]

export const mutants: readonly (Fault | Harmless)[] = [...faults, ...harmlessChanges]
